// Records as performances: which count, for which platform and application.
#include "reports/portability/metrics_table.h"

#include <algorithm>

#include "tests/catch.h"
#include "tests/unit/results/measured_record.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using moat::test::failure_of;

namespace {

constexpr const char* small = "gemm:m=64,n=64,k=64,type=f32";  // 524288 operations

Record record_of(const std::string& device, const std::string& implementation, double seconds,
                 const std::string& key = small) {
  return test::measured_record(device, key, seconds, implementation);
}

MeasuredRun run_of(std::vector<Record> records, const std::string& host = "lab",
                   const std::string& id = "run-1") {
  std::vector<RunDevice> devices(3);
  devices[0].id = "host:0";
  devices[1].id = "opencl:0";
  devices[2].id = "opencl:1";
  devices[0].identities = devices[1].identities = {"cpu"};
  return {id, host, std::move(records), PhysicalDevices(devices)};
}

MetricsTable table_of(const std::vector<MeasuredRun>& runs, const MetricsSelection& selection = {}) {
  return metrics_table(runs, selection);
}

double fom(const MetricsTable& made, const std::string& platform, const std::string& application) {
  const Performance* entry = made.table.find(parse_problem(small)->key(), platform, application);
  REQUIRE(entry != nullptr);
  return entry->fom.value_or(0);
}

}  // namespace

TEST_CASE("the best of a family on a physical device is what the family reaches there") {
  const std::vector<MeasuredRun> runs{
      run_of({record_of("host:0", "library/onednn", 2e-6), record_of("host:0", "library/openblas", 1e-6),
              record_of("opencl:0", "library/clblast", 4e-6), record_of("opencl:0", "portable/opencl", 3e-6),
              record_of("opencl:1", "portable/opencl", 8e-6)})};
  const MetricsTable made = table_of(runs);
  CHECK(made.table.platforms() == std::vector<std::string>{"host:0", "opencl:1"});
  CHECK(made.table.applications() == std::vector<std::string>{"library", "portable"});
  CHECK(fom(made, "host:0", "library") == Approx(524288 / 1e-6));
  CHECK(fom(made, "host:0", "portable") == Approx(524288 / 3e-6));
  CHECK(fom(made, "opencl:1", "portable") == Approx(524288 / 8e-6));
  CHECK(made.left_out.empty());

  const MetricsTable each = table_of(runs, {Provenance::measured, true, false});
  CHECK(each.table.platforms() == std::vector<std::string>{"host:0", "opencl:0", "opencl:1"});
  CHECK(fom(each, "opencl:0", "library") == Approx(524288 / 4e-6));
}

TEST_CASE("what is not ok did not run, and still counts as tried") {
  Record wrong = record_of("opencl:1", "portable/opencl", 1e-6);
  wrong.status = Status::wrong;
  wrong.reason = "out of tolerance";
  const MetricsTable made = table_of({run_of({record_of("host:0", "naive", 1e-6), wrong})});
  CHECK(made.table.platforms().size() == 2);
  CHECK(fom(made, "opencl:1", "portable") == 0);
}

TEST_CASE("other conditions, provenances and roofs are left out, and said so") {
  Record zeros = record_of("host:0", "naive", 1e-6);
  zeros.identity.conditions.data = Data::zeros;
  Record cold = record_of("host:0", "naive", 1e-6);
  cold.identity.conditions.cache = Cache::cold;
  Record emulated = record_of("host:0", "portable/opencl", 1e-6);
  emulated.provenance = Provenance::emulated;
  const std::vector<MeasuredRun> runs{
      run_of({record_of("host:0", "naive", 5e-6), zeros, cold, emulated,
              record_of("host:0", "naive", 1e-3, "stream:op=copy,n=1000000,type=f64")})};
  const MetricsTable made = table_of(runs);
  CHECK(made.table.entries().size() == 1);
  CHECK(fom(made, "host:0", "naive") == Approx(524288 / 5e-6));
  CHECK(made.left_out == std::vector<LeftOut>{left_out::OtherConditions{2},
                                              left_out::OtherProvenance{Provenance::emulated, 1},
                                              left_out::RoofOperators{{"stream"}}});
  CHECK(fom(table_of(runs, {Provenance::emulated, false, false}), "host:0", "portable") > 0);

  // A copy has no operations: its figure is bytes per second.
  const MetricsTable roofs = table_of(runs, {Provenance::measured, false, true});
  REQUIRE(roofs.table.entries().size() == 2);
  CHECK(roofs.table.entries()[1].fom.value() == Approx(16e9));
}

TEST_CASE("platforms of several hosts are told apart, and one measured twice is refused") {
  const MeasuredRun here = run_of({record_of("host:0", "naive", 1e-6)}, "here", "run-1");
  const MeasuredRun there = run_of({record_of("host:0", "naive", 2e-6)}, "there", "run-2");
  const MeasuredRun again = run_of({record_of("host:0", "naive", 3e-6)}, "here", "run-3");
  CHECK(table_of({here, there}).table.platforms() == std::vector<std::string>{"here host:0", "there host:0"});
  const std::string refusal = failure_of([&] { (void)table_of({here, again}); });
  CHECK_THAT(refusal, ContainsSubstring("runs run-1 and run-3 both hold naive on host:0"));
}

TEST_CASE("hostile names become names of a table") {
  const std::string device = "\x1b[2J\n";
  const MetricsTable made = table_of({run_of({record_of(device, "naive", 1e-6)}, "here")});
  REQUIRE(made.table.platforms().size() == 1);
  const std::string& platform = made.table.platforms().front();
  CHECK(std::none_of(platform.begin(), platform.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
}

TEST_CASE("no runs make no table") {
  CHECK(table_of({}).table.entries().empty());
}
