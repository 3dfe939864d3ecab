// Measured roofs: what counts for them, and which record gives them.
#include "results/roofs.h"

#include "tests/catch.h"
#include "tests/unit/results/measured_record.h"

using namespace moat;
using test::measured_record;

TEST_CASE("a device's roofs are its best rate per type and the bandwidth of the longest triad") {
  const std::vector<Record> records{
      measured_record("d:0", "peak:chains=64,steps=1000,type=f32", 1e-6),   // 128 GFLOP/s
      measured_record("d:0", "peak:chains=64,steps=2000,type=f32", 1e-6),   // 256 GFLOP/s
      measured_record("d:0", "peak:chains=64,steps=1000,type=f64", 2e-6),   // 64 GFLOP/s
      measured_record("d:0", "stream:op=triad,n=1000,type=f64", 1e-9),      // a cache's 24 TB/s
      measured_record("d:0", "stream:op=triad,n=1000000,type=f64", 1e-3),   // 24 GB/s
      measured_record("d:0", "stream:op=triad,n=1000000,type=f64", 2e-3),   // 12 GB/s
      measured_record("d:0", "stream:op=copy,n=100000000,type=f64", 1e-3),  // longer, but no triad
      measured_record("e:0", "stream:op=copy,n=1000,type=f32", 1e-6),       // 8 GB/s
      measured_record("f:0", "gemm:m=64,n=64,k=64", 1e-6),
  };
  const std::vector<Roofs> all = measured_roofs(records);
  REQUIRE(all.size() == 2);
  CHECK(all[0].device == "d:0");
  CHECK(all[0].arithmetic(Type::f32)->record == &records[1]);
  CHECK(all[0].arithmetic(Type::f32)->rate.value == Approx(256e9));
  CHECK(all[0].arithmetic(Type::f64)->record == &records[2]);
  CHECK(all[0].memory()->record == &records[4]);
  CHECK(all[0].memory()->rate.value == Approx(24e9));
  CHECK(all[0].launch() == nullptr);
  CHECK(all[1].memory()->record == &records[7]);
}

TEST_CASE(
    "a launch takes what the device's quickest case does, where a stream problem moves next to nothing") {
  std::vector<Record> records{
      measured_record("d:0", "stream:op=copy,n=1,type=f32", 5e-6),
      measured_record("d:0", "stream:op=triad,n=1000000,type=f32", 1e-3),  // 12 GB/s
      measured_record("e:0", "gemm:m=16,n=16,k=16", 1e-7),  // the quickest, but of another device
  };
  SECTION("that problem's own time") {
    CHECK(measured_roofs(records).at(0).launch()->record == &records[0]);
  }
  SECTION("or a quicker one's: no rate exceeds the roof that launches make") {
    records.push_back(measured_record("d:0", "gemm:m=16,n=16,k=16", 2e-6));
    const std::vector<Roofs> roofs = measured_roofs(records);
    CHECK(roofs.at(0).launch()->record == &records[3]);
    CHECK(roofs.at(0).launch()->rate.value == Approx(5e5));
  }
  SECTION("it gives no bandwidth") {
    records.erase(records.begin() + 1);
    const std::vector<Roofs> roofs = measured_roofs(records);
    REQUIRE(roofs.size() == 1);
    CHECK(roofs[0].memory() == nullptr);
  }
  SECTION("without it a launch is not known, however quick other cases are") {
    records.erase(records.begin());
    for (const Roofs& roofs : measured_roofs(records)) CHECK(roofs.launch() == nullptr);
  }
}

TEST_CASE("what is not ok, not measured, cold or on other data makes no roof") {
  Record record = measured_record("d:0", "peak:chains=64,steps=1000,type=f32", 1e-6);
  SECTION("wrong") {
    record.status = Status::wrong;
  }
  SECTION("emulated") {
    record.provenance = Provenance::emulated;
  }
  SECTION("zeros") {
    record.identity.conditions.data = Data::zeros;
  }
  SECTION("cold") {
    record.identity.conditions.cache = Cache::cold;
  }
  CHECK(measured_roofs(std::vector<Record>{record}).empty());
}

TEST_CASE("a stream record of an unknown version is passed over") {
  Record record = measured_record("d:0", "stream:op=triad,n=1000", 1e-6);
  record.identity.problem = "stream:op=scatter,n=5";
  CHECK(measured_roofs(std::vector<Record>{record}).empty());
}

TEST_CASE("the ridge is where the measured roofs of a type meet") {
  const std::vector<Record> records{
      measured_record("d:0", "peak:chains=64,steps=1000,type=f32", 1e-6),  // 128 GFLOP/s
      measured_record("d:0", "stream:op=triad,n=1000", 1e-6)};             // 12 GB/s
  const std::vector<Roofs> roofs = measured_roofs(records);
  CHECK(ridge_intensity(roofs.at(0), Type::f32) == Approx(128.0 / 12));
  CHECK_FALSE(ridge_intensity(roofs.at(0), Type::f16));
}
