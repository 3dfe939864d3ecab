// Performance portability of what was measured: efficiencies against the best of a device, over common
// problems.
#include "reports/portability/measured.h"

#include "tests/catch.h"
#include "tests/unit/reports/gap/subjects.h"

using namespace moat;
using namespace moat::test;

namespace {

const std::string one = "gemm:m=64,n=64,k=64,type=f32";
const std::string two = "gemm:m=65,n=64,k=64,type=f32";

/// Of each step, in the cascade's order.
template <class Value>
std::vector<Value> each(const Cascade& cascade, Value CascadeStep::*member) {
  std::vector<Value> values;
  for (const CascadeStep& step : cascade.steps) values.push_back(step.*member);
  return values;
}

Subject device(const std::string& id, std::vector<Record> records) {
  return subject(id, std::move(records), run("run of " + id, "machine of " + id));
}

}  // namespace

TEST_CASE("an efficiency is the rate over the best on the same problem and device, at any magnitude") {
  const double unit = GENERATE(1e-3, 1.0, 1e12);
  std::vector<Subject> subjects;
  subjects.push_back(device(
      "x:0", {record("x:0", "library/a", one, 4 * unit), record("x:0", "portable/opencl", one, 2 * unit),
              record("x:0", "portable/opencl", one, 1 * unit)}));
  subjects.push_back(device(
      "y:0", {record("y:0", "library/b", one, 100 * unit), record("y:0", "portable/cuda", one, 25 * unit)}));
  const MeasuredPortability found = measured_portability(subjects);
  REQUIRE(found.cascades.size() == 2);
  for (const Cascade& series : found.cascades) {
    REQUIRE(series.steps.size() == 2);
    if (series.application == "library") {
      CHECK(each(series, &CascadeStep::efficiency) == std::vector<double>{1, 1});
      CHECK(each(series, &CascadeStep::pp) == std::vector<double>{1, 1});
    } else {
      CHECK(series.application == "portable");
      CHECK(each(series, &CascadeStep::platform) == std::vector<std::string>{"x:0", "y:0"});
      CHECK(series.steps[0].efficiency == Approx(0.5));
      CHECK(series.steps[1].efficiency == Approx(0.25));
      CHECK(series.steps[1].pp == Approx(2 / (2.0 + 4.0)));
    }
  }
}

TEST_CASE("only problems that every device computed count, and it is told how many these are") {
  std::vector<Subject> subjects;
  subjects.push_back(device("x:0", {record("x:0", "naive", one, 1e9), record("x:0", "naive", two, 1e9)}));
  subjects.push_back(
      device("y:0", {record("y:0", "naive", one, 1e9), hole("y:0", "naive", two, Status::wrong, "off")}));
  const MeasuredPortability found = measured_portability(subjects);
  CHECK(found.problems == 1);
  CHECK(found.measured_problems == 2);
  CHECK(found.platforms == std::vector<std::string>{"x:0", "y:0"});
  CHECK_FALSE(found.one_hardware);
}

TEST_CASE("what ran under other conditions, measures the device or was not measured here does not count") {
  Record cold = record("x:0", "naive", one, 9e9);
  cold.identity.conditions.cache = Cache::cold;
  Record zeros = record("x:0", "naive", one, 9e9);
  zeros.identity.conditions.data = Data::zeros;
  Record published = record("x:0", "naive", one, 9e9);
  published.provenance = Provenance::published;
  const Record roof = record("x:0", "naive", "peak:chains=64,steps=8,type=f32", 9e9);
  const Record other = record("y:0", "naive", one, 1e9);
  for (const Record& ignored : {cold, zeros, published, roof}) {
    std::vector<Subject> subjects;
    subjects.push_back(device("x:0", {ignored}));
    subjects.push_back(device("y:0", {other}));
    const MeasuredPortability found = measured_portability(subjects);
    CHECK(found.cascades.empty());
    CHECK(found.platforms == std::vector<std::string>{"y:0"});
  }
}

TEST_CASE("ways to one piece of hardware are measured by the best of all of them") {
  const auto way = [](const std::string& id, double rate) {
    Subject made = subject(id, {record(id, "naive", one, rate)});
    for (const std::string listed : {"x:0", "y:0"}) {
      RunDevice& same = made.run.devices.emplace_back();
      same.id = listed;
      same.identities = {"pci 1"};
    }
    made.device.identities = {"pci 1"};
    return made;
  };
  const double unit = GENERATE(1e-3, 1e9);
  std::vector<Subject> subjects;
  subjects.push_back(way("x:0", unit));
  subjects.push_back(way("y:0", 4 * unit));
  const MeasuredPortability found = measured_portability(subjects);
  REQUIRE(found.cascades.size() == 1);
  CHECK(each(found.cascades[0], &CascadeStep::platform) == std::vector<std::string>{"y:0", "x:0"});
  CHECK(found.cascades[0].steps[1].efficiency == Approx(0.25));
  CHECK(found.one_hardware);
}
