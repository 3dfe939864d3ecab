// From planned cases to records:
// budgets, the life of workers, and what a record says whatever became of its case.
#include "bench/coordinator.h"

#include "base/error.h"
#include "base/json.h"
#include "bench/tune/tuned.h"
#include "tests/catch.h"
#include "tests/unit/bench/machine.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr BudgetLimits ample{.case_seconds = 60, .device_seconds = 1e6};
// Whatever time a case takes, it is more than this.
constexpr BudgetLimits one_case{.case_seconds = 60, .device_seconds = 1e-9};

Coordinator coordinator_of(std::vector<PlannedCase> cases, const NullMachine& machine,
                           const BudgetLimits& budget, Listeners listeners = {},
                           ParameterSource parameters = {}) {
  return {std::move(cases), machine.devices,      "suite-of-tests",     brief_worker(),
          budget,           std::move(listeners), std::move(parameters)};
}

Record earlier(const PlannedCase& planned) {
  Record record;
  record.identity = planned.identity;
  record.types = planned.problem->types();
  record.work = planned.problem->work();
  return record;
}

}  // namespace

TEST_CASE("a case is charged to its device's budget and to no other's") {
  const NullMachine machine("devices=2");
  Coordinator coordinator =
      coordinator_of({planned_case("gemm:m=2,n=2,k=2,type=f32"), planned_case("gemm:m=3,n=2,k=2,type=f32"),
                      planned_case("gemm:m=4,n=2,k=2,type=f32", "null:1"),
                      planned_case("gemm:m=5,n=2,k=2,type=f32", "null:1")},
                     machine, one_case);
  CHECK(coordinator.measure(0).status == Status::ok);
  const Record second = coordinator.measure(1);
  CHECK(second.status == Status::skipped);
  CHECK_THAT(second.reason, ContainsSubstring("budget"));
  CHECK(coordinator.measure(2).status == Status::ok);
  CHECK(coordinator.measure(3).status == Status::skipped);
}

TEST_CASE("the time of an earlier part of the run counts as if it had just been spent") {
  const NullMachine machine("devices=1");
  const PlannedCase planned = planned_case("gemm:m=2,n=2,k=2,type=f32");
  Coordinator coordinator = coordinator_of({planned}, machine, {.case_seconds = 1, .device_seconds = 50});
  Record before = earlier(planned);

  SECTION("what it spent") {
    before.effort.emplace().total_seconds = 50;
    coordinator.remember(before);
    CHECK(coordinator.measure(0).status == Status::skipped);
  }
  SECTION("a case that never ran spent nothing") {
    coordinator.remember(before);
    CHECK(coordinator.measure(0).status == Status::ok);
  }
  SECTION("a device that is not of this run has no budget here") {
    before.effort.emplace().total_seconds = 50;
    before.identity.device = "null:5";
    coordinator.remember(before);
    CHECK(coordinator.measure(0).status == Status::ok);
  }
}

TEST_CASE("what an earlier part of the run predicted is predicted again") {
  const NullMachine machine("devices=1");
  const PlannedCase large = planned_case("gemm:m=4096,n=4096,k=4096,type=f32");
  Coordinator coordinator = coordinator_of({large}, machine, {.case_seconds = 0.01, .device_seconds = 1e6});
  // Measured: 1/100000 of the work, too small to tell of the large one. Skipped by its prediction: 1/500.
  Record small = earlier(large);
  small.work = {large.problem->work().operations / 1e5, 0, 0};
  small.status = Status::ok;
  small.measurement.emplace().samples_seconds = {1e-3, 1e-3, 1e-3};
  Record middle = earlier(large);
  middle.work = {large.problem->work().operations / 500, 0, 0};
  middle.status = Status::skipped;
  coordinator.remember(small);
  coordinator.remember(middle);
  const Record record = coordinator.measure(0);
  CHECK(record.status == Status::skipped);
  CHECK_THAT(record.reason, ContainsSubstring("predicted from smaller problems"));
}

TEST_CASE("a record says what is known of its case, even if the worker died of it") {
  const NullMachine machine("devices=1;crash@*k=7,*");
  const PlannedCase planned = planned_case("gemm:m=2,n=3,k=7,type=f32");
  Coordinator coordinator =
      coordinator_of({planned, planned_case("gemm:m=2,n=3,k=8,type=f32")}, machine, ample);
  const Record record = coordinator.measure(0);
  CHECK(record.status == Status::crashed);
  CHECK_THAT(record.reason, ContainsSubstring("SIGSEGV"));
  CHECK(record.identity == planned.identity);
  CHECK(record.adapter == "null");
  CHECK(record.device_name == "Null device 0");
  CHECK(record.driver == "virtual clock");
  CHECK(record.operator_name == "gemm");
  CHECK(record.types == planned.problem->types());
  CHECK(record.work == planned.problem->work());
  CHECK(record.provenance == Provenance::emulated);
  CHECK(record.suite == "suite-of-tests");
  CHECK(record.workload == "a test");
  CHECK_THAT(record.command, ContainsSubstring("--problem " + planned.identity.problem));
  CHECK_FALSE(record.started_utc.empty());

  const Record next = coordinator.measure(1);
  CHECK(next.status == Status::ok);
  CHECK(next.suite == "suite-of-tests");
}

TEST_CASE("a case that is known to be unsupported needs no worker") {
  const NullMachine machine("devices=1");
  PlannedCase planned = planned_case("gemm:m=2,n=2,k=2,type=f32");
  planned.unsupported = Unsupported{"the device has no such type"};
  std::vector<std::string> left;
  Listeners listeners;
  listeners.on_leave = [&](const std::string& device, const Json& process) {
    left.push_back(device + ": " + process.dump());
  };
  Coordinator coordinator = coordinator_of({planned}, machine, ample, listeners);
  const Record record = coordinator.measure(0);
  CHECK(record.status == Status::unsupported);
  CHECK(record.reason == "the device has no such type");
  coordinator.finish();
  REQUIRE(left.size() == 1);
  CHECK_THAT(left[0], ContainsSubstring("null:0: \"unavailable"));
}

TEST_CASE("one device's worker lives at a time, and is asked what it had loaded before it ends") {
  const NullMachine machine("devices=2");
  std::vector<std::string> events;
  Listeners listeners;
  listeners.on_begin = [&](const Case& identity) { events.push_back("begin " + identity.device); };
  listeners.on_end = [&](const Record& record, double seconds) {
    CHECK(seconds > 0);
    events.push_back("end " + record.identity.device);
  };
  listeners.on_leave = [&](const std::string& device, const Json& process) {
    CHECK(process.is_object());
    events.push_back("leave " + device);
  };
  Coordinator coordinator =
      coordinator_of({planned_case("gemm:m=2,n=2,k=2,type=f32"), planned_case("gemm:m=3,n=2,k=2,type=f32"),
                      planned_case("gemm:m=2,n=2,k=2,type=f32", "null:1")},
                     machine, ample, listeners);
  CHECK(coordinator.case_ids().size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(coordinator.measure(i).status == Status::ok);
  coordinator.finish();
  coordinator.finish();  // nothing is left to end
  CHECK(events == std::vector<std::string>{"begin null:0", "end null:0", "begin null:0", "end null:0",
                                           "leave null:0", "begin null:1", "end null:1", "leave null:1"});
}

TEST_CASE("a worker's phases are passed on") {
  const NullMachine machine("devices=1");
  std::vector<std::string> phases;
  Listeners listeners;
  listeners.on_phase = [&](std::string_view phase) { phases.emplace_back(phase); };
  Coordinator coordinator =
      coordinator_of({planned_case("gemm:m=2,n=2,k=2,type=f32")}, machine, ample, listeners);
  CHECK(coordinator.measure(0).status == Status::ok);
  CHECK(phases == std::vector<std::string>{"inputs", "prepare", "verify", "clock", "sample", "verify again"});
}

TEST_CASE("a case of a device that the machine lacks is an error that names it") {
  const NullMachine machine("devices=1");
  Coordinator coordinator =
      coordinator_of({planned_case("gemm:m=2,n=2,k=2,type=f32", "null:9")}, machine, ample);
  CHECK_THROWS_AS(coordinator.measure(0), UsageError);
}

TEST_CASE("the command that repeats a case names the parameters' source if there was one") {
  const NullMachine machine("devices=1;crash@*k=7,*");
  ParameterSource parameters;
  SECTION("tuning was switched off") {
    parameters.folder = no_tuning;
    Coordinator coordinator =
        coordinator_of({planned_case("gemm:m=2,n=2,k=7,type=f32")}, machine, ample, {}, parameters);
    CHECK_THAT(coordinator.measure(0).command, ContainsSubstring(" --tuning none"));
  }
  SECTION("a tuning file had them; a case that does not come back says so, too") {
    parameters.folder = "store/tuning";
    parameters.choose = [](const ListedDevice& device, const PlannedCase& planned) {
      CHECK(device.id == planned.identity.device);
      return CaseParameters{Parameters{"", {{"TILE_M", 4}}}, "tuned on this device"};
    };
    Coordinator coordinator =
        coordinator_of({planned_case("gemm:m=2,n=2,k=7,type=f32")}, machine, ample, {}, parameters);
    const Record record = coordinator.measure(0);
    CHECK(record.status == Status::crashed);
    CHECK_THAT(record.command, ContainsSubstring(" --tuning 'store/tuning'"));
    CHECK(record.parameters == Parameters{"", {{"TILE_M", 4}}});
    CHECK(record.parameters_source == "tuned on this device");
  }
  SECTION("the folder had none for the case") {
    parameters.folder = "store/tuning";
    parameters.choose = [](const ListedDevice&, const PlannedCase&) { return CaseParameters{}; };
    Coordinator coordinator =
        coordinator_of({planned_case("gemm:m=2,n=2,k=7,type=f32")}, machine, ample, {}, parameters);
    CHECK(coordinator.measure(0).command.find("--tuning") == std::string::npos);
  }
}

TEST_CASE("a command names the conditions that are not the usual ones") {
  Case identity{"opencl:0", "portable/opencl", "gemm:m=2,n=2,k=2,type=f32", {}};
  CHECK(command_of(identity, std::nullopt) ==
        "moat run --device opencl:0 --implementation portable/opencl --problem gemm:m=2,n=2,k=2,type=f32");
  identity.conditions = {Data::integers, Cache::cold, 7};
  CHECK_THAT(command_of(identity, "my kernels"),
             ContainsSubstring(" --data integers --cache cold --seed 7") &&
                 ContainsSubstring(" --kernel-dir 'my kernels'"));
}
