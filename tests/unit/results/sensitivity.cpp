// The ratio of zeros to normal data: which records make a pair, and how sure it is.
#include "results/sensitivity.h"

#include <cmath>

#include "tests/catch.h"
#include "tests/unit/results/measured_record.h"

using namespace moat;
using test::measured_record;

namespace {

Record with(Data data, double seconds, double intensity = 100) {
  Record record = test::good_record();
  record.identity.conditions.data = data;
  record.work = {.operations = intensity * 1000, .bytes_read = 1000};
  record.measurement->samples_seconds = {seconds * 0.99, seconds * 0.99, seconds,       seconds,
                                         seconds,        seconds * 1.01, seconds * 1.01};
  return record;
}

}  // namespace

TEST_CASE("faster on zeros is a ratio above one, with an interval that holds it") {
  const std::vector<Record> records{with(Data::zeros, 1.0), with(Data::normal, 1.1)};
  const std::vector<Sensitivity> found = zeros_to_normal(records);
  REQUIRE(found.size() == 1);
  CHECK(found[0].normal == &records[1]);
  CHECK(std::fabs(found[0].ratio - 1.1) < 1e-12);
  REQUIRE(found[0].interval);
  CHECK(found[0].interval->low < 1.1);
  CHECK(found[0].interval->low > 1.07);
  CHECK(found[0].interval->high > 1.1);
  CHECK(found[0].interval->high < 1.13);
  CHECK_FALSE(found[0].measured_ridge);
}

TEST_CASE("cases that differ in more than their data, or that memory binds, make no pair") {
  Record zeros = with(Data::zeros, 1.0);
  Record normal = with(Data::normal, 1.1);
  SECTION("another device") {
    zeros.identity.device = "opencl:7";
  }
  SECTION("another implementation") {
    zeros.identity.implementation = "library/x";
  }
  SECTION("another problem") {
    zeros.identity.problem = "gemm:m=1,n=1,k=1,type=f32";
  }
  SECTION("another cache") {
    zeros.identity.conditions.cache = Cache::cold;
  }
  SECTION("another seed") {
    zeros.identity.conditions.seed = 9;
  }
  SECTION("other data") {
    zeros.identity.conditions.data = Data::ones;
  }
  SECTION("a wrong result") {
    zeros.status = Status::wrong;
  }
  SECTION("an emulated device") {
    normal.provenance = Provenance::emulated;
  }
  SECTION("bound by memory") {
    normal.work.operations = 1000;
  }
  CHECK(zeros_to_normal(std::vector<Record>{zeros, normal}).empty());
}

TEST_CASE("the device's measured roofs decide whether arithmetic binds, where they are known") {
  std::vector<Record> records{with(Data::zeros, 1.0, 20), with(Data::normal, 1.1, 20)};
  CHECK(zeros_to_normal(records).empty());
  records.push_back(measured_record("null:0", "peak:chains=64,steps=1000,type=f32", 1e-6));  // 128 GFLOP/s
  records.push_back(measured_record("null:0", "stream:op=triad,n=1000", 1e-6));              // 12 GB/s
  const std::vector<Sensitivity> found = zeros_to_normal(records);
  REQUIRE(found.size() == 1);
  CHECK(found[0].measured_ridge == Approx(128.0 / 12));
  CHECK(zeros_to_normal(std::span(records).first(2), std::span(records).last(2)).size() == 1);
}

TEST_CASE("too few samples give a ratio without an interval") {
  std::vector<Record> records{with(Data::zeros, 1.0), with(Data::normal, 1.1)};
  records[0].measurement->samples_seconds.resize(3);
  const std::vector<Sensitivity> found = zeros_to_normal(records);
  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].interval);
}
