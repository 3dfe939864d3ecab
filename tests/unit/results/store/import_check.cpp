// What no measurement can have given is refused by file, line and field, and the store stays as it was; what
// a run can hold comes in.
#include "results/store/import_check.h"

#include <cmath>
#include <functional>
#include <limits>

#include "base/json.h"
#include "results/json.h"
#include "results/store/store.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using test::failure_of;
using test::good_record;
namespace fs = std::filesystem;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::string line_of(const Record& record) {
  return strict_json(record_json(record));
}

/// `text` with the first `part` replaced.
std::string with(std::string text, const std::string& part, const std::string& by) {
  const std::size_t at = text.find(part);
  if (at == std::string::npos) throw std::runtime_error("no " + part);
  return text.replace(at, part.size(), by);
}

/// A folder whose records' second line is `line`.
RunFolder run_with(const test::ScratchFolder& folder, const std::string& line) {
  RunInfo info;
  info.id = "20261121T221530Z-3fa1";
  info.started_utc = "2026-11-21T22:15:30Z";
  info.ended_utc = info.started_utc;
  const RunFolder run(folder / "run");
  fs::create_directories(run.path());
  run.write_info(info);
  test::write(run.records_path(), line_of(good_record("null:1")) + "\n" + line + "\n");
  return run;
}

void check_refused(const std::string& line, const std::string& field) {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  const RunFolder run = run_with(folder, line);
  INFO(line.substr(0, 3000));
  CHECK_THAT(failure_of([&] { static_cast<void>(store.add_run(run)); }),
             ContainsSubstring("records.jsonl:2: '" + field));
  CHECK_FALSE(fs::exists(store.path()));
}

void check_refused(const std::function<void(Record&)>& change, const std::string& field) {
  Record record = good_record();
  change(record);
  check_refused(line_of(record), field);
}

void check_accepted(const Record& record) {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  const RunFolder run = run_with(folder, line_of(record));
  CHECK(failure_of([&] { static_cast<void>(store.add_run(run)); }).empty());
  CHECK(store.run_ids().size() == 1);
}

/// A random record as far as it says nothing impossible.
Record possible(test::RandomRecords& random) {
  constexpr double smallest = std::numeric_limits<double>::denorm_min();
  const Record good = good_record();
  Record made = random.record();
  made.identity.problem = good.identity.problem;
  made.operator_name = good.operator_name;
  made.types = good.types;
  made.work = good.work;
  if (made.measurement) {
    for (double& seconds : made.measurement->samples_seconds)
      seconds = std::fmax(std::fabs(seconds), smallest);
    made.measurement->batch |= 1;
    for (double* value : {&made.measurement->clock_resolution_seconds, &made.measurement->warm_up_seconds})
      *value = std::fabs(*value);
  }
  if (made.circumstances) {
    Circumstances& circumstances = *made.circumstances;
    for (std::optional<double>* share : {&circumstances.waited, &circumstances.throttled}) {
      if (*share) *share = std::fabs(**share);
    }
  }
  if (made.verdict) made.verdict->max_error = std::fabs(made.verdict->max_error);
  if (made.effort) made.effort = good.effort;
  if (made.stated_interval_seconds) made.stated_interval_seconds = Interval{1e-3, 2e-3};
  const bool measured = made.measurement && !made.measurement->samples_seconds.empty();
  if (made.status == Status::ok && !measured) made.measurement = good.measurement;
  return made;
}

}  // namespace

TEST_CASE("whatever says nothing impossible is accepted") {
  test::RandomRecords random(11);
  for (int i = 0; i < 2000; ++i) {
    const std::string line = line_of(possible(random));
    INFO(line);
    REQUIRE_NOTHROW(check_imported_line(line, "line"));
    REQUIRE_NOTHROW(check_imported_record(parse_record(line, "line"), "line"));
  }
}

TEST_CASE("a name twice in an object is refused at any depth") {
  const std::string line = line_of(good_record());
  check_refused(with(line, "\"status\":", "\"status\":\"wrong\",\"status\":"), "status' appears twice");
  check_refused(with(line, "\"batch\":", "\"batch\":4,\"batch\":"), "measurement.batch' appears twice");
  check_refused(with(line, "\"TILE_M\":", "\"TILE_M\":1,\"TILE_M\":"), "parameters.TILE_M' appears twice");
  check_refused(with(line, "\"status\":", R"("later":[{"a":1,"a":2}],"status":)"), "later.a' appears twice");
  check_refused(with(line, "\"status\":", R"("status":"wrong","st\u0061tus":)"), "status' appears twice");
}

TEST_CASE("samples are times above 0") {
  for (const double bad : {-1.0, 0.0, not_a_number, infinity}) {
    const auto spoil = [&](Record& record) { record.measurement->samples_seconds[2] = bad; };
    check_refused(spoil, "measurement.samples_seconds[2]'");
    check_refused(
        [&](Record& record) {
          spoil(record);
          record.status = Status::wrong;
        },
        "measurement.samples_seconds[2]'");
  }
}

TEST_CASE("one slope of host time may be negative, their median and what is not finite may not") {
  Record record = good_record();
  record.measurement->clock = "host slope";
  record.measurement->samples_seconds[2] = -1e-5;
  check_accepted(record);
  check_refused(
      [](Record& bad) {
        bad.measurement->clock = "host slope";
        for (double& seconds : bad.measurement->samples_seconds) seconds = -seconds;
      },
      "measurement.samples_seconds' has no median above 0");
  check_refused(
      [](Record& bad) {
        bad.measurement->clock = "host slope";
        bad.measurement->samples_seconds[0] = not_a_number;
      },
      "measurement.samples_seconds[0]'");
}

TEST_CASE("an untrusted case keeps the samples that made it so") {
  Record record = good_record();
  record.status = Status::untrusted;
  record.reason = "a sample of inf s per execution";
  record.measurement->samples_seconds[0] = infinity;
  check_accepted(record);
}

TEST_CASE("an ok case has samples") {
  check_refused([](Record& record) { record.measurement.reset(); }, "measurement' has no samples");
  check_refused([](Record& record) { record.measurement->samples_seconds.clear(); },
                "measurement' has no samples");
}

TEST_CASE("batch, clock and warm-up are possible") {
  check_refused([](Record& record) { record.measurement->batch = 0; }, "measurement.batch'");
  for (const double bad : {-1e-9, not_a_number}) {
    check_refused([&](Record& record) { record.measurement->clock_resolution_seconds = bad; },
                  "measurement.clock_resolution_seconds'");
    check_refused([&](Record& record) { record.measurement->warm_up_seconds = bad; },
                  "measurement.warm_up_seconds'");
  }
}

TEST_CASE("a stated interval is two times, the lower first") {
  for (const Interval bad : {Interval{5, 1e-300}, Interval{0, 1}, Interval{-1, 1}, Interval{not_a_number, 1},
                             Interval{1, infinity}}) {
    check_refused([&](Record& record) { record.stated_interval_seconds = bad; }, "stated_interval_seconds'");
  }
}

TEST_CASE("an error is not negative, and may be infinite") {
  check_refused([](Record& record) { record.verdict->max_error = -1e-9; }, "verdict.max_error'");
  Record record = good_record();
  record.verdict->max_error = not_a_number;
  CHECK_THAT(failure_of([&] { check_imported_record(record, "line"); }), ContainsSubstring("max_error"));
  record.verdict->max_error = infinity;
  record.status = Status::wrong;
  check_accepted(record);
}

TEST_CASE("effort is finite and not negative") {
  for (const double bad : {-1.0, infinity}) {
    check_refused([&](Record& record) { record.effort->compile_seconds = bad; }, "effort.compile_seconds'");
    check_refused([&](Record& record) { record.effort->first_call_seconds = bad; },
                  "effort.first_call_seconds'");
    check_refused([&](Record& record) { record.effort->verify_seconds = bad; }, "effort.verify_seconds'");
    check_refused([&](Record& record) { record.effort->kernel_seconds = bad; }, "effort.kernel_seconds'");
    check_refused([&](Record& record) { record.effort->total_seconds = bad; }, "effort.total_seconds'");
  }
}

TEST_CASE("operator, types and work are the problem's") {
  check_refused([](Record& record) { record.operator_name = "stream"; }, "operator'");
  check_refused([](Record& record) { record.types.output = Type::f16; }, "types'");
  check_refused([](Record& record) { record.identity.problem = "gemm:m=0x"; }, "problem'");
  check_refused([](Record& record) { record.identity.problem = "conv9:n=1"; }, "problem'");
  for (const double bad : {1e300, -1.0, 2.001e6, not_a_number})
    check_refused([&](Record& record) { record.work.operations = bad; }, "work.operations'");
  check_refused([](Record& record) { record.work.operations = 1.01e24; }, "work.operations' is above 1e+24");
  check_refused([](Record& record) { record.work.bytes_read *= 2; }, "work.bytes_read'");
  check_refused([](Record& record) { record.work.bytes_written = 0; }, "work.bytes_written'");
  check_refused([](Record& record) { record.work.operations *= 1 + 5e-9; }, "work.operations'");
  Record rounded = good_record();
  rounded.work.operations *= 1 + 1e-10;
  check_accepted(rounded);
}

TEST_CASE("a case that ended before it knew its problem comes in, unless it is ok") {
  Record record = good_record();
  record.operator_name.clear();
  record.work = {};
  check_refused(line_of(record), "operator'");
  record.status = Status::out_of_memory;
  record.measurement.reset();
  check_accepted(record);
}

TEST_CASE("text and arrays have a limit") {
  const std::string most(ImportLimits::text_bytes, 'x');
  check_refused([&](Record& record) { record.note = most + "x"; }, "note'");
  check_refused([&](Record& record) { record.features = {most + "x"}; }, "features'");
  check_refused([&](Record& record) { record.log = std::string(ImportLimits::log_bytes + 1, 'x'); }, "log'");
  check_refused([&](Record& record) { record.parameters.values[most + "x"] = 1; }, "parameters.x");
  Record record = good_record();
  record.note = most;
  record.log = most + most;
  check_accepted(record);

  std::string samples = R"({"measurement":{"samples_seconds":[1)";
  for (std::size_t i = 1; i < ImportLimits::elements; ++i) samples += ",1";
  CHECK_NOTHROW(check_imported_line(samples + "]}}", "line"));
  CHECK_THAT(failure_of([&] { check_imported_line(samples + ",1]}}", "line"); }),
             ContainsSubstring("line: 'measurement.samples_seconds' has more than 10000000"));
}

TEST_CASE("a store of one's own is read as it is") {
  const test::ScratchFolder folder;
  Record record = good_record();
  record.measurement->samples_seconds[0] = -1;
  CHECK(run_with(folder, line_of(record)).read_records().records.size() == 2);
}
