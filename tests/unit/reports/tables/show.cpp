// What `moat show` and `moat runs` print.
#include "reports/tables/show.h"

#include <limits>
#include <string_view>

#include "base/text.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using test::good_record;

namespace {

Record timed(const std::string& device, const std::string& implementation, double seconds) {
  Record record = good_record(device, implementation);
  for (double& sample : record.measurement->samples_seconds) sample *= seconds / 1e-3;
  return record;
}

}  // namespace

TEST_CASE("a block states types, conditions and work, best rate first, and the convention below") {
  Record failed = good_record("null:1", "library/other");
  failed.status = Status::unsupported;
  failed.reason = "no f32";
  failed.measurement.reset();
  failed.verdict.reset();
  const std::vector<Record> records{timed("null:0", "naive", 4e-3), failed,
                                    timed("null:0", "library/fast", 1e-3)};
  CHECK(show_text(records, {}) ==
        R"(gemm:m=100,n=100,k=100,type=f32
inputs f32, accumulated in f32, output f32; normal data, hot cache; 2.000 MFLOP, 120.0 kB
device  implementation  status       GFLOP/s       ±   MB/s    median  error/tol  of best  clock
null:0  library/fast    ok             2.000  2.00 %  120.0  1.000 ms     0.1000     1.00  steady_clock
null:0  naive           ok            0.5000  2.00 %  30.00  4.000 ms     0.1000     0.25  steady_clock
null:1  library/other   unsupported        –       –      –         –          –        –
  null:1 library/other: no f32

Rates, at the median, count compulsory bytes (each input read once, each output written once) and
  gemm         2·M·N·K·batch operations
1 TFLOP/s = 1e12/s, 1 GB/s = 1e9 bytes/s. ±: half the 95 % confidence interval of the median.
error/tol: the worst error against its bound. of best: rate against the best measured one above.
Parameters of the project's kernels, by cases: default for cpu (3).
3 cases: 2 ok, 1 unsupported
)");
}

TEST_CASE("rows of one physical device stand together, where its best does, and a line names it") {
  const auto seen = [](const std::string& id, const std::string& identity) {
    RunDevice device;
    device.id = id;
    device.name = "name of " + id;
    device.identities = {identity};
    return device;
  };
  const PhysicalDevices physical(
      std::vector{seen("host:0", "cpu"), seen("opencl:0", "pci:0000:65:00.0"), seen("opencl:1", "cpu")});
  const std::vector<Record> records{timed("host:0", "naive", 8e-3), timed("opencl:0", "naive", 4e-3),
                                    timed("opencl:1", "naive", 5e-3), timed("host:0", "library/a", 3e-3),
                                    timed("opencl:0", "library/b", 1e-3)};
  const auto order = [](const std::string& text) {
    std::vector<std::string> devices;  // of the rows of the only block
    for (const std::string_view line : split(text, '\n')) {
      if (line.find("  ok  ") != std::string_view::npos) devices.emplace_back(line.substr(0, line.find(' ')));
    }
    return devices;
  };
  using Order = std::vector<std::string>;
  const std::string text = show_text(records, {}, physical);
  CHECK(order(text) == Order{"opencl:0", "opencl:0", "host:0", "opencl:1", "host:0"});
  CHECK_THAT(text, ContainsSubstring("\nhost:0, opencl:1 are one device: name of host:0\n\n"));
  // A run that does not say: each device by itself.
  const std::string unknown = show_text(records, {});
  CHECK(order(unknown) == Order{"opencl:0", "opencl:0", "host:0", "host:0", "opencl:1"});
  CHECK(unknown.find("one device") == std::string::npos);
  // Only what the records hold is named.
  CHECK(show_text(std::vector<Record>{records[0]}, {}, physical).find("one device") == std::string::npos);
}

TEST_CASE("problems, data, cache and seed make blocks of their own") {
  std::vector<Record> records(5, good_record());
  records[1].identity.problem = "gemm:m=1,n=1,k=1,type=f32";
  records[2].identity.conditions.data = Data::zeros;
  records[3].identity.conditions.cache = Cache::cold;
  records[4].identity.conditions.seed = 3;
  const std::string text = show_text(records, {});
  std::size_t blocks = 0;
  for (std::size_t at = text.find("inputs"); at != std::string::npos; at = text.find("inputs", at + 1))
    ++blocks;
  CHECK(blocks == 5);
  CHECK_THAT(text, ContainsSubstring("zeros data, hot cache"));
  CHECK_THAT(text, ContainsSubstring("normal data, cold cache"));
  CHECK_THAT(text, ContainsSubstring("seed 3"));
}

TEST_CASE("only ok has a rate; whatever else was timed shows its median and its reason") {
  Record liar = good_record("null:0", "library/liar");
  liar.status = Status::wrong;
  liar.reason = "NaN in row 3";
  liar.verdict->max_error = std::numeric_limits<double>::infinity();
  const std::string text = show_text(std::vector<Record>{liar}, {});
  CHECK_THAT(text, ContainsSubstring(
                       "null:0  library/liar    wrong        –  –    –  1.000 ms          –        –"));
  CHECK_THAT(text, ContainsSubstring("  null:0 library/liar: NaN in row 3\n"));
}

TEST_CASE("an emulated rate is marked and measured against nothing") {
  Record emulated = timed("null:1", "library/fast", 1e-6);
  emulated.provenance = Provenance::emulated;
  const std::string text = show_text(std::vector<Record>{emulated, good_record()}, {});
  CHECK_THAT(text, ContainsSubstring(
                       "ok, emulated     2.000  2.00 %   120.0  1.000 µs     0.1000        –  steady"));
  CHECK_THAT(text, ContainsSubstring("1.00  steady"));
}

TEST_CASE("a rate by the host's slope is marked, and the mark explained") {
  Record record = good_record();
  record.measurement->clock = "host slope";
  const std::string text = show_text(std::vector<Record>{record}, {});
  CHECK_THAT(text, ContainsSubstring("2.000*"));
  CHECK_THAT(text, ContainsSubstring("*: timed by the slope of the host's clock"));
  CHECK(show_text(std::vector<Record>{good_record()}, {}).find('*') == std::string::npos);
}

TEST_CASE("integers are OP/s, and lower accumulation than stated is said") {
  Record record = good_record();
  record.types = {Type::i8, Type::i32, Type::i32};
  CHECK_THAT(show_text(std::vector<Record>{record}, {}), ContainsSubstring("  GOP/s"));
  record = good_record();
  record.verdict->accumulation = "tf32-like";
  record.measurement->stop_reason = "time cap";
  record.measurement->samples_seconds.resize(4);
  const std::string text = show_text(std::vector<Record>{record}, {});
  CHECK_THAT(text,
             ContainsSubstring("naive: errors are tf32-like, not f32; 4 samples, stopped by the time cap"));
  CHECK_THAT(text, ContainsSubstring("  1.990  –  119.4"));  // four samples have no interval
}

TEST_CASE("in eighty columns the rate stays and the clock goes") {
  const std::string text = show_text(
      std::vector<Record>{good_record("opencl:0", "portable/opencl"), good_record("host:0")}, {80, false});
  CHECK_THAT(text, ContainsSubstring("(no room for: clock)") ||
                       ContainsSubstring("(no room for: clock, error/tol)"));
  CHECK_THAT(text, ContainsSubstring("opencl:0  portable/opencl  ok        2.000  2.00 %"));
}

TEST_CASE("the features of the device that kernels used are counted below the results") {
  std::vector<Record> records(3, good_record());
  CHECK(show_text(records, {}).find("Device features") == std::string::npos);
  records[0].features = {"subgroup broadcast", "64-bit integers"};
  records[1].features = {"subgroup broadcast"};
  CHECK_THAT(show_text(records, {}),
             ContainsSubstring("Device features that the kernels use, by cases: 64-bit integers (1); "
                               "subgroup broadcast (2)."));
}

TEST_CASE("what cases ran with is one line each, with how many they are") {
  std::vector<Record> records(2, good_record("host:0", "library/openblas"));
  records[1].identity.problem = "gemm:m=1,n=2,k=3,type=f32";
  for (Record& record : records) record.circumstances.emplace().remarks = {"it uses its Prescott kernels"};
  CHECK_THAT(show_text(records, {}),
             ContainsSubstring("Note: library/openblas: it uses its Prescott kernels (2 cases).\n"));
}

TEST_CASE("records from elsewhere cannot steer the terminal or stop the table") {
  test::RandomRecords random(11);
  std::vector<Record> records;
  for (int i = 0; i < 300; ++i) records.push_back(random.record());
  for (const std::size_t width : {0U, 40U, 100U}) {
    const std::string text = show_text(records, {width, false});
    for (const char c : text) REQUIRE((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
  }
  CHECK(show_text({}, {}) == "No records.\n");
}

TEST_CASE("runs are listed with state and cases, unreadable ones with their fault") {
  RunSummary good;
  good.id = "20260101T000000Z-0000";
  good.started_utc = "2026-01-01T00:00:00Z";
  good.suite = "quick";
  good.host = "bench-1";
  good.system_id = "abc";
  good.state = RunState::complete;
  good.cases = {{Status::ok, 12}, {Status::unsupported, 3}};
  RunSummary bad;
  bad.id = "20260102T000000Z-0000";
  bad.fault = "run.json: not JSON at byte 1";
  CHECK(terminal_table(run_list(std::vector<RunSummary>{good, bad}), {}) ==
        R"(run                    started               state       suite  host     system  cases
20260101T000000Z-0000  2026-01-01T00:00:00Z  complete    quick  bench-1  abc     12 ok, 3 unsupported
20260102T000000Z-0000                        unreadable
  run.json: not JSON at byte 1
)");
  CHECK(terminal_table(run_list({}), {}) == "No runs.\n");
}

TEST_CASE("where parameters come from is counted, whatever problem they were tuned at") {
  std::vector<Record> records(4, good_record());
  records[0].parameters_source = "tuned on this device";
  records[1].parameters_source = "tuned on this device; at gemm:m=1,n=2,k=3";
  records[2].parameters_source = "tuned on this device; at gemm:m=4,n=2,k=3; kernels from \x1b[31mx";
  records[3].parameters_source.clear();
  CHECK_THAT(show_text(records, {}), ContainsSubstring("by cases: tuned on this device (2); tuned on this "
                                                       "device; kernels from \xEF\xBF\xBD[31mx (1).\n"));
  records.assign(1, records[3]);
  CHECK(show_text(records, {}).find("Parameters") == std::string::npos);
}

TEST_CASE("published figures stand apart from measured ones and from those of other conditions") {
  Record published = timed("card:published", "library/a", 1e-4);
  published.provenance = Provenance::published;
  published.verdict.reset();
  published.measurement = Measurement{{1e-4}, 1, "published", 0, 0, "published", 0, 0};
  published.unstated = {"data", "clock"};
  published.note = "mean of \x1b[31m8 cards";
  Record stated = published;
  stated.identity.implementation = "library/b";
  stated.unstated.clear();
  stated.stated_interval_seconds = Interval{0.9e-4, 1.1e-4};
  const std::string text =
      show_text(std::vector<Record>{timed("null:0", "naive", 4e-3), published, stated}, {});
  std::size_t blocks = 0;
  for (std::size_t at = text.find("\ngemm:"); at != std::string::npos; at = text.find("\ngemm:", at + 1))
    ++blocks;
  CHECK(blocks == 2);  // and the one at the beginning
  CHECK_THAT(text, ContainsSubstring("unstated data, hot cache") &&
                       ContainsSubstring("; not stated: data, clock\n"));
  CHECK_THAT(text, ContainsSubstring("ok, published") && ContainsSubstring("10.0 %"));
  CHECK_THAT(text, ContainsSubstring("card:published library/a: mean of \xEF\xBF\xBD[31m8 cards\n"));
  CHECK_THAT(text, ContainsSubstring("measured and verified by nobody here"));
}

TEST_CASE("what a run of published figures states is shown with its source and doubts") {
  RunInfo info;
  CHECK(stated_text(info, {}).empty());
  info.citation = Citation{"A title\x1b[2J", "A. Author", 2025, "arXiv 0000.00000", "recalled"};
  RunDevice device;
  device.id = "card:published";
  device.roofs = {
      {RoofKind::arithmetic, Type::f16, Type::f32, between({3e14, 4e14}), "a talk", false, nullptr},
      {RoofKind::launch, Type::f32, Type::f32, between({2e5, 5e5}), "a trace", true, nullptr}};
  device.efficiencies = {{"attention", "library/a", Type::i8, Type::i32, RoofKind::arithmetic, 0.774, 0.827,
                          6e14, "table 10", "grouped", true}};
  RunDevice bare;
  bare.id = "other:published";
  info.devices = {device, bare};
  const std::string text = stated_text(info, {});
  CHECK_THAT(text, ContainsSubstring("A. Author (2025): A title\xEF\xBF\xBD[2J. arXiv 0000.00000"));
  CHECK_THAT(text, ContainsSubstring("300.0 to 400.0 TFLOP/s  unverified  a talk"));
  CHECK_THAT(text,
             ContainsSubstring("launch") && ContainsSubstring("2.000 µs to 5.000 µs  read        a trace"));
  CHECK_THAT(text, ContainsSubstring("77.4 to 82.7 % of 600.0 TOP/s  read      table 10"));
  CHECK_THAT(text, ContainsSubstring("none stated"));
}

TEST_CASE("operations of an operator that this version does not know are told as recorded") {
  Record unknown = timed("null:0", "naive", 1e-3);
  unknown.operator_name = "sorting";
  const std::vector<Record> records{unknown, timed("null:0", "library/fast", 1e-3)};
  const std::string text = show_text(records, {});
  CHECK_THAT(text, ContainsSubstring("\n  sorting      operations as recorded\n"));
  CHECK_THAT(text, ContainsSubstring("\n  gemm         2·M·N·K·batch operations\n"));
}

TEST_CASE("one case is counted in the singular") {
  const std::vector<Record> records{timed("null:0", "naive", 1e-3)};
  CHECK_THAT(show_text(records, {}), ContainsSubstring("\n1 case: 1 ok\n"));
}
