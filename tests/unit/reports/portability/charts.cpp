// The figures of the portability charts: efficiencies against the best of a device, over common problems.
#include "reports/portability/charts.h"

#include "tests/catch.h"
#include "tests/unit/reports/gap/subjects.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string one = "gemm:m=64,n=64,k=64,type=f32";
const std::string two = "gemm:m=65,n=64,k=64,type=f32";

Findings found(std::vector<Subject> subjects) {
  Findings findings;
  findings.subjects = std::move(subjects);
  return findings;
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
  const PortabilityCharts charts = portability_charts(found(std::move(subjects)));
  REQUIRE(charts.cascade.size() == 2);
  for (const PortabilityCharts::Cascade& series : charts.cascade) {
    REQUIRE(series.efficiency.size() == 2);
    if (series.name == "library") {
      CHECK(series.efficiency == std::vector<double>{1, 1});
      CHECK(series.portability == std::vector<double>{1, 1});
    } else {
      CHECK(series.name == "portable");
      CHECK(series.platforms == std::vector<std::string>{"x:0", "y:0"});
      CHECK(series.efficiency[0] == Approx(0.5));
      CHECK(series.efficiency[1] == Approx(0.25));
      CHECK(series.portability[1] == Approx(2 / (2.0 + 4.0)));
    }
  }
}

TEST_CASE("only problems that every device computed count, and the remark says how many these are") {
  std::vector<Subject> subjects;
  subjects.push_back(device("x:0", {record("x:0", "naive", one, 1e9), record("x:0", "naive", two, 1e9)}));
  subjects.push_back(
      device("y:0", {record("y:0", "naive", one, 1e9), hole("y:0", "naive", two, Status::wrong, "off")}));
  const PortabilityCharts charts = portability_charts(found(std::move(subjects)));
  CHECK_THAT(charts.remarks.at(0),
             ContainsSubstring("Over 1 of 2 problems") && ContainsSubstring("each of x:0, y:0"));
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
    const PortabilityCharts charts = portability_charts(found(std::move(subjects)));
    CHECK(charts.cascade.empty());
    CHECK(charts.remarks ==
          std::vector<std::string>{"Cascades need measured results of two devices or more."});
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
  const PortabilityCharts charts = portability_charts(found(std::move(subjects)));
  REQUIRE(charts.cascade.size() == 1);
  CHECK(charts.cascade[0].platforms == std::vector<std::string>{"y:0", "x:0"});
  CHECK(charts.cascade[0].efficiency[1] == Approx(0.25));
  CHECK_THAT(charts.remarks.at(0), ContainsSubstring("hardware, which all of them are ways to"));
}
