// From planned cases to records:
// budgets, the life of workers, and what a record says whatever became of its case.
#include "bench/coordinator.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/error.h"
#include "base/json.h"
#include "bench/tune/tuned.h"
#include "results/figures.h"
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
  std::vector<Turn> turns = budget.rounds > 1 ? measuring_order(cases, budget.rounds) : plan_order(cases);
  return {std::move(cases), std::move(turns), machine.devices,      "suite-of-tests",
          brief_worker(),   budget,           std::move(listeners), std::move(parameters)};
}

Record measured(Coordinator& coordinator, std::size_t turn) {
  return coordinator.measure(coordinator.turns().at(turn)).value();
}

/// What becomes of every turn.
std::vector<std::optional<Record>> all_measured(Coordinator& coordinator) {
  std::vector<std::optional<Record>> records;
  for (const Turn& turn : coordinator.turns()) records.push_back(coordinator.measure(turn));
  return records;
}

Record earlier(const PlannedCase& planned) {
  Record record;
  record.identity = planned.identity;
  record.types = planned.problem->types();
  record.work = planned.problem->work();
  return record;
}

/// The states of this process's children as /proc has them, sorted: S sleeps, T is stopped.
std::string child_states() {
  std::string states;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream stat(entry.path() / "stat");
    std::string pid;
    std::string program;
    std::string state;
    pid_t parent = 0;
    if (stat >> pid >> program >> state >> parent && parent == getpid()) states += state == "R" ? "S" : state;
  }
  std::sort(states.begin(), states.end());
  return states;
}

}  // namespace

TEST_CASE("a case is charged to its device's budget and to no other's") {
  const NullMachine machine("devices=2");
  Coordinator coordinator =
      coordinator_of({planned_case("gemm:m=2,n=2,k=2,type=f32"), planned_case("gemm:m=3,n=2,k=2,type=f32"),
                      planned_case("gemm:m=4,n=2,k=2,type=f32", "null:1"),
                      planned_case("gemm:m=5,n=2,k=2,type=f32", "null:1")},
                     machine, one_case);
  CHECK(measured(coordinator, 0).status == Status::ok);
  const Record second = measured(coordinator, 1);
  CHECK(second.status == Status::skipped);
  CHECK_THAT(second.reason, ContainsSubstring("budget"));
  CHECK(measured(coordinator, 2).status == Status::ok);
  CHECK(measured(coordinator, 3).status == Status::skipped);
}

TEST_CASE("the time of an earlier part of the run counts as if it had just been spent") {
  const NullMachine machine("devices=1");
  const PlannedCase planned = planned_case("gemm:m=2,n=2,k=2,type=f32");
  Coordinator coordinator = coordinator_of({planned}, machine, {.case_seconds = 1, .device_seconds = 50});
  Record before = earlier(planned);

  SECTION("what it spent") {
    before.effort.emplace().total_seconds = 50;
    coordinator.remember(before);
    CHECK(measured(coordinator, 0).status == Status::skipped);
  }
  SECTION("a case that never ran spent nothing") {
    coordinator.remember(before);
    CHECK(measured(coordinator, 0).status == Status::ok);
  }
  SECTION("a device that is not of this run has no budget here") {
    before.effort.emplace().total_seconds = 50;
    before.identity.device = "null:5";
    coordinator.remember(before);
    CHECK(measured(coordinator, 0).status == Status::ok);
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
  const Record record = measured(coordinator, 0);
  CHECK(record.status == Status::skipped);
  CHECK_THAT(record.reason, ContainsSubstring("predicted from smaller problems"));
}

TEST_CASE("a record says what is known of its case, even if the worker died of it") {
  const NullMachine machine("devices=1;crash@*k=7,*");
  const PlannedCase planned = planned_case("gemm:m=2,n=3,k=7,type=f32");
  Coordinator coordinator =
      coordinator_of({planned, planned_case("gemm:m=2,n=3,k=8,type=f32")}, machine, ample);
  const Record record = measured(coordinator, 0);
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

  const Record next = measured(coordinator, 1);
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
  const Record record = measured(coordinator, 0);
  CHECK(record.status == Status::unsupported);
  CHECK(record.reason == "the device has no such type");
  coordinator.finish();
  REQUIRE(left.size() == 1);
  CHECK_THAT(left[0], ContainsSubstring("null:0: \"unavailable"));
}

TEST_CASE("workers live until the end, and are asked what they have loaded before they end") {
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
  CHECK(coordinator.turn_names().size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(measured(coordinator, i).status == Status::ok);
  coordinator.finish();
  coordinator.finish();  // nothing is left to end
  CHECK(events == std::vector<std::string>{"begin null:0", "end null:0", "begin null:0", "end null:0",
                                           "begin null:1", "end null:1", "leave null:0", "leave null:1"});
}

TEST_CASE("a worker's phases are passed on") {
  const NullMachine machine("devices=1");
  std::vector<std::string> phases;
  Listeners listeners;
  listeners.on_phase = [&](std::string_view phase) { phases.emplace_back(phase); };
  Coordinator coordinator =
      coordinator_of({planned_case("gemm:m=2,n=2,k=2,type=f32")}, machine, ample, listeners);
  CHECK(measured(coordinator, 0).status == Status::ok);
  CHECK(phases == std::vector<std::string>{"inputs", "prepare", "first call", "verify", "clock", "sample",
                                           "verify again"});
}

TEST_CASE("a case of a device that the machine lacks is an error that names it") {
  const NullMachine machine("devices=1");
  Coordinator coordinator =
      coordinator_of({planned_case("gemm:m=2,n=2,k=2,type=f32", "null:9")}, machine, ample);
  CHECK_THROWS_AS(measured(coordinator, 0), UsageError);
}

TEST_CASE("the command that repeats a case names the parameters' source if there was one") {
  const NullMachine machine("devices=1;crash@*k=7,*");
  ParameterSource parameters;
  SECTION("tuning was switched off") {
    parameters.folder = no_tuning;
    Coordinator coordinator =
        coordinator_of({planned_case("gemm:m=2,n=2,k=7,type=f32")}, machine, ample, {}, parameters);
    CHECK_THAT(measured(coordinator, 0).command, ContainsSubstring(" --tuning none"));
  }
  SECTION("a tuning file had them; a case that does not come back says so, too") {
    parameters.folder = "store/tuning";
    parameters.choose = [](const ListedDevice& device, const PlannedCase& planned) {
      CHECK(device.id == planned.identity.device);
      return CaseParameters{Parameters{"", {{"TILE_M", 4}}}, "tuned on this device"};
    };
    Coordinator coordinator =
        coordinator_of({planned_case("gemm:m=2,n=2,k=7,type=f32")}, machine, ample, {}, parameters);
    const Record record = measured(coordinator, 0);
    CHECK(record.status == Status::crashed);
    CHECK_THAT(record.command, ContainsSubstring(" --tuning /") && ContainsSubstring("/store/tuning"));
    CHECK(record.parameters == Parameters{"", {{"TILE_M", 4}}});
    CHECK(record.parameters_source == "tuned on this device");
  }
  SECTION("the folder had none for the case") {
    parameters.folder = "store/tuning";
    parameters.choose = [](const ListedDevice&, const PlannedCase&) { return CaseParameters{}; };
    Coordinator coordinator =
        coordinator_of({planned_case("gemm:m=2,n=2,k=7,type=f32")}, machine, ample, {}, parameters);
    CHECK(measured(coordinator, 0).command.find("--tuning") == std::string::npos);
  }
}

TEST_CASE("a command names the conditions that are not the usual ones") {
  Case identity{"opencl:0", "portable/opencl", "gemm:m=2,n=2,k=2,type=f32", {}};
  CHECK(command_of(identity, std::nullopt) ==
        "moat run --device opencl:0 --implementation portable/opencl --problem gemm:m=2,n=2,k=2,type=f32");
  identity.conditions = {Data::integers, Cache::cold, 7};
  CHECK_THAT(command_of(identity, "/my kernels"),
             ContainsSubstring(" --data integers --cache cold --seed 7 --kernel-dir '/my kernels'"));
}

TEST_CASE("every case is measured in every round, and its record keeps the round of each sample") {
  const NullMachine machine("devices=2;noise@*");
  BudgetLimits limits = ample;
  limits.rounds = 3;
  std::map<std::string, std::vector<std::size_t>> rounds;
  Listeners listeners;
  listeners.on_end = [&](const Record& record, double) {
    rounds[record.identity.id()].push_back(rounds_of(*record.measurement).size());
  };
  Coordinator coordinator =
      coordinator_of({planned_case("gemm:m=2,n=2,k=2,type=f32"), planned_case("gemm:m=3,n=2,k=2,type=f32"),
                      planned_case("gemm:m=2,n=2,k=2,type=f32", "null:1")},
                     machine, limits, listeners);
  CHECK(coordinator.turns().size() == 9);
  for (const auto& record : all_measured(coordinator)) CHECK(record.value().status == Status::ok);
  coordinator.finish();
  CHECK(rounds.size() == 3);
  for (const auto& [id, seen] : rounds) CHECK(seen == std::vector<std::size_t>{1, 2, 3});
}

TEST_CASE("a case that fails is not measured again") {
  const NullMachine machine("devices=1;crash@*m=3,*;second@*m=4,*");
  BudgetLimits limits = ample;
  limits.rounds = 3;
  Coordinator coordinator =
      coordinator_of({planned_case("gemm:m=3,n=2,k=2,type=f32"), planned_case("gemm:m=4,n=2,k=2,type=f32")},
                     machine, limits);
  std::vector<std::string> outcomes;
  for (const auto& record : all_measured(coordinator)) {
    if (record)
      outcomes.push_back(fmt::format("{} {}", record->identity.problem.substr(5, 3), name(record->status)));
  }
  CHECK(outcomes == std::vector<std::string>{"m=3 crashed", "m=4 ok", "m=4 error"});
}

TEST_CASE("a round that fails is named, and the samples before it stay") {
  const NullMachine machine("devices=1;second@*");
  BudgetLimits limits = ample;
  limits.rounds = 2;
  Coordinator coordinator = coordinator_of({planned_case("gemm:m=3,n=2,k=2,type=f32")}, machine, limits);
  const Record first = measured(coordinator, 0);
  const Record second = measured(coordinator, 1);
  CHECK(second.status == Status::error);
  CHECK_THAT(second.reason, ContainsSubstring("in round 2 of 2: null: error configured"));
  CHECK(second.measurement == first.measurement);
}

TEST_CASE("a resumed run goes on with the round that is missing") {
  const NullMachine machine("devices=1");
  const PlannedCase planned = planned_case("gemm:m=2,n=2,k=2,type=f32");
  BudgetLimits limits = ample;
  limits.rounds = 3;
  Record before;
  {
    Coordinator coordinator = coordinator_of({planned}, machine, limits);
    measured(coordinator, 0);
    before = measured(coordinator, 1);
  }
  Coordinator coordinator = coordinator_of({planned}, machine, limits);
  coordinator.remember(before);
  CHECK_FALSE(coordinator.measure(coordinator.turns()[0]));
  CHECK_FALSE(coordinator.measure(coordinator.turns()[1]));
  const Record after = measured(coordinator, 2);
  CHECK(rounds_of(*after.measurement).size() == 3);
  CHECK(after.measurement->round_samples[1] == before.measurement->round_samples[1]);
}

TEST_CASE("first uses are charged to their implementation, not to the device's budget") {
  const NullMachine machine("devices=1;slowstart@*");
  const std::vector<PlannedCase> cases{planned_case("gemm:m=2,n=2,k=2,type=f32"),
                                       planned_case("gemm:m=3,n=2,k=2,type=f32"),
                                       planned_case("gemm:m=4,n=2,k=2,type=f32")};
  SECTION("more of them than the budget holds cost no case its place") {
    // Eight of 0.3 s each; all else of a case takes milliseconds.
    std::vector<PlannedCase> many;
    for (int m = 1; m <= 8; ++m) many.push_back(planned_case(fmt::format("gemm:m={},n=2,k=2,type=f32", m)));
    Coordinator coordinator = coordinator_of(many, machine, {.case_seconds = 1e-3, .device_seconds = 2});
    for (const auto& record : all_measured(coordinator)) CHECK(record.value().status == Status::ok);
  }
  SECTION("they have a limit of their own") {
    BudgetLimits limits = ample;
    limits.first_use_seconds = 0.5;
    Coordinator coordinator = coordinator_of(cases, machine, limits);
    CHECK(measured(coordinator, 0).status == Status::ok);
    CHECK(measured(coordinator, 1).status == Status::ok);
    const Record third = measured(coordinator, 2);
    CHECK(third.status == Status::skipped);
    CHECK_THAT(third.reason, ContainsSubstring("first uses of naive"));
  }
}

TEST_CASE("when time is short whole problems go, and never a roof") {
  // The null device has no stream: unsupported says that it was asked, where the budget would have skipped
  // it.
  const NullMachine machine("devices=1");
  Coordinator coordinator =
      coordinator_of({planned_case("gemm:m=2,n=2,k=2,type=f32"), planned_case("gemm:m=3,n=2,k=2,type=f32"),
                      planned_case("stream:op=copy,n=1,type=f32")},
                     machine, one_case);
  CHECK(measured(coordinator, 0).status == Status::ok);
  CHECK(measured(coordinator, 1).status == Status::skipped);
  CHECK(measured(coordinator, 2).status == Status::unsupported);
}

TEST_CASE("an idle device's worker is stopped, and goes on where it was") {
  const NullMachine machine("devices=2");
  Coordinator coordinator = coordinator_of(
      {planned_case("gemm:m=2,n=2,k=2,type=f32"), planned_case("gemm:m=2,n=2,k=2,type=f32", "null:1"),
       planned_case("gemm:m=3,n=2,k=2,type=f32")},
      machine, ample);
  measured(coordinator, 0);
  CHECK(child_states() == "S");
  measured(coordinator, 1);
  CHECK(child_states() == "ST");
  measured(coordinator, 2);
  CHECK(child_states() == "ST");
  coordinator.finish();
  CHECK(child_states().empty());
}
