// What is left to tune, the outcome of a search in a worker,
// the file that keeps it, and what a run then gets of it.
#include "bench/tune/tuner.h"

#include "base/error.h"
#include "base/json.h"
#include "results/parameters.h"
#include "tests/catch.h"
#include "tests/unit/bench/machine.h"
#include "tests/unit/kernels/plan.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using Outcome = TuningReport::Outcome;

namespace {

ListedDevice processor(const std::string& id = "opencl:0") {
  ListedDevice device;
  device.id = id;
  device.adapter = "opencl";
  device.info.name = "Processor";
  device.info.vendor = "Vendor";
  device.info.driver = "Driver 1";
  device.info.architecture = "arch 9";
  device.info.traits = test::cpu();
  return device;
}

TuningTask task_of(const std::string& problem, const std::string& implementation = "portable/opencl",
                   const ListedDevice& device = processor()) {
  std::vector<PlannedCase> cases;
  cases.push_back(planned_case(problem, device.id, implementation));
  return tuning_tasks(std::move(cases), std::vector{device}).at(0);
}

/// A tuner whose workers are fake.
struct Tuning {
  explicit Tuning(const test::ScratchFolder& folder)
      : tuner(folder.path() / "tuning", settings(), limits()) {}
  static WorkerSettings settings() {
    WorkerSettings settings;
    settings.executable = MOAT_FAKE_WORKER_PROGRAM;
    return settings;
  }
  static SearchLimits limits() {
    SearchLimits limits;
    limits.seconds = 600;
    return limits;
  }
  TuningReport tune(const TuningTask& task, bool again = false) {
    return tuner.tune(task, again, [&](const SearchStep&) { ++steps; });
  }
  Tuner tuner;
  int steps = 0;
};

CaseParameters chosen(const test::ScratchFolder& folder, const ListedDevice& device, const TuningTask& task,
                      const std::optional<std::string>& kernel_dir = std::nullopt) {
  const TunedParameters tuned(folder.path() / "tuning", std::vector{device}, kernel_dir);
  return tuned.choose(device, task.planned.identity, *task.planned.problem);
}

constexpr const char* problem = "gemm:m=512,n=512,k=512,type=f32";

}  // namespace

TEST_CASE("the project's own kernels have candidates, the default first") {
  const TuningTask task = task_of(problem);
  CHECK(task.obstacle.empty());
  REQUIRE(task.candidates.size() > 1);
  CHECK(task.candidates[0] == task.implementation->defaults(*task.planned.problem, processor().info.traits));
}

TEST_CASE("there is nothing to search where parameters are not ours, have no choice, or do not run") {
  CHECK_THAT(task_of(problem, "library/clblast").obstacle,
             ContainsSubstring("has no parameters that moat can tune"));
  CHECK_THAT(task_of(problem, "naive").obstacle, ContainsSubstring("has no candidates"));
  CHECK_THAT(task_of("gemm:m=0,n=4,k=4,type=f32").obstacle, ContainsSubstring("has no candidates"));
  ListedDevice mute = processor();
  mute.info.traits.language = Language::none;
  CHECK_THAT(task_of(problem, "naive", mute).obstacle,
             ContainsSubstring("has no parameters that moat can tune"));
  std::vector<PlannedCase> cases;
  cases.push_back(planned_case(problem, "opencl:0", "portable/opencl"));
  cases[0].unsupported = Unsupported{"no f32"};
  CHECK(tuning_tasks(std::move(cases), std::vector{processor()})[0].obstacle == "unsupported: no f32");
}

TEST_CASE("tasks are in the order of their cases, each with its own device") {
  std::vector<PlannedCase> cases;
  cases.push_back(planned_case(problem, "opencl:1", "portable/opencl"));
  cases.push_back(planned_case(problem, "opencl:0", "portable/opencl"));
  const auto tasks =
      tuning_tasks(std::move(cases), std::vector{processor("opencl:0"), processor("opencl:1")});
  REQUIRE(tasks.size() == 2);
  CHECK(tasks[0].device.id == "opencl:1");
  CHECK(tasks[1].device.id == "opencl:0");
}

TEST_CASE("an obstacle is reported, and no worker is started for it") {
  const test::ScratchFolder folder;
  Tuning tuning(folder);
  const TuningReport report = tuning.tune(task_of(problem, "naive"));
  CHECK(report.outcome == Outcome::nothing);
  CHECK_THAT(report.reason, ContainsSubstring("has no candidates"));
  CHECK(tuning.steps == 0);
}

TEST_CASE("the fastest parameters are found, kept, and given to the runs that follow") {
  const test::ScratchFolder folder;
  const TuningTask task = task_of(problem);
  const Parameters fastest = task.candidates.back();
  const EnvironmentVariable variable("MOAT_TEST_FASTEST", parameters_json(fastest).dump());
  {
    Tuning tuning(folder);
    const TuningReport report = tuning.tune(task);
    CHECK(report.outcome == Outcome::tuned);
    CHECK(tuning.steps > 0);
    REQUIRE(report.tuned);
    CHECK(report.tuned->parameters == fastest);
    CHECK(report.tuned->seconds == 1e-3);
    CHECK(report.tuned->default_seconds == 2e-3);
    CHECK(report.tuned->driver == "Driver 1");
    CHECK(report.tuned->candidates == task.candidates.size());
    CHECK(read_tuning(folder.path() / "tuning", tuning_device(processor().info)).problems ==
          std::vector{*report.tuned});

    const TuningReport known = tuning.tune(task);
    CHECK(known.outcome == Outcome::known);
    CHECK(known.tuned == report.tuned);
    CHECK_THAT(known.reason, ContainsSubstring("--again"));
    CHECK(tuning.tune(task, true).outcome == Outcome::tuned);
  }
  SECTION("another tuner knows it from the file") {
    CHECK(Tuning(folder).tune(task).outcome == Outcome::known);
  }
  SECTION("on the same device and driver") {
    const CaseParameters given = chosen(folder, processor(), task);
    CHECK(given.values == std::optional(fastest));
    CHECK_THAT(given.source, ContainsSubstring("tuned on this device"));
  }
  SECTION("not under another driver, for which it is searched anew") {
    ListedDevice updated = processor();
    updated.info.driver = "Driver 2";
    const CaseParameters given = chosen(folder, updated, task);
    CHECK_FALSE(given.values);
    CHECK_FALSE(given.source.empty());
    CHECK(Tuning(folder).tune(task_of(problem, "portable/opencl", updated)).outcome == Outcome::tuned);
  }
  SECTION("not with other kernels") {
    const auto plan =
        std::get<Plan>(task.implementation->plan(*task.planned.problem, processor().info.traits, fastest));
    const std::string file = plan.steps.at(0).source;
    std::filesystem::create_directories((folder / file).parent_path());
    test::write(folder / file, "// another kernel\n");
    CHECK_FALSE(chosen(folder, processor(), task, folder.path().string()).values);
  }
  SECTION("not to a library, nor to a device that compiles nothing") {
    CHECK_FALSE(chosen(folder, processor(), task_of(problem, "library/clblast")).values);
    ListedDevice mute = processor();
    mute.info.traits.language = Language::none;
    CHECK_FALSE(chosen(folder, mute, task).values);
  }
}

TEST_CASE("where nothing is faster the defaults are kept, and that is known afterwards") {
  const test::ScratchFolder folder;
  Tuning tuning(folder);
  const TuningTask task = task_of(problem);
  const TuningReport report = tuning.tune(task);
  CHECK(report.outcome == Outcome::kept);
  REQUIRE(report.tuned);
  CHECK(report.tuned->keeps_default);
  CHECK(report.tuned->parameters == task.candidates[0]);
  CHECK(tuning.tune(task).outcome == Outcome::known);
}

TEST_CASE("a search without a right result fails with the first fault and keeps nothing") {
  const test::ScratchFolder folder;
  const EnvironmentVariable variable("MOAT_TEST_WRONG", "1");
  Tuning tuning(folder);
  const TuningReport report = tuning.tune(task_of(problem));
  CHECK(report.outcome == Outcome::failed);
  CHECK(report.reason == "no candidate is correct: wrong: made so");
  CHECK_FALSE(report.tuned);
  CHECK(read_tuning(folder.path() / "tuning", tuning_device(processor().info)).problems.empty());
}

TEST_CASE("devices are tuned one after another, each into its own file") {
  const test::ScratchFolder folder;
  Tuning tuning(folder);
  ListedDevice other = processor("opencl:1");
  other.info.name = "Other processor";
  CHECK(tuning.tune(task_of(problem)).outcome == Outcome::kept);
  CHECK(tuning.tune(task_of(problem, "portable/opencl", other)).outcome == Outcome::kept);
  CHECK(tuning.tune(task_of(problem)).outcome == Outcome::known);
  CHECK(read_tuning(folder.path() / "tuning", tuning_device(other.info)).problems.size() == 1);
}

TEST_CASE("two tuners do not share a folder, and a file that cannot be read is not overwritten") {
  const test::ScratchFolder folder;
  Tuning tuning(folder);
  CHECK_THROWS_AS(Tuning(folder), UsageError);
  const std::filesystem::path file = tuning_path(folder.path() / "tuning", tuning_device(processor().info));
  std::filesystem::create_directories(file.parent_path());
  test::write(file, "not JSON");
  CHECK_THROWS_AS(tuning.tune(task_of(problem)), UsageError);
  CHECK(test::content(file) == "not JSON");
}

TEST_CASE("outcomes have names of their own") {
  CHECK(name(Outcome::tuned) == "tuned");
  CHECK(name(Outcome::kept) == "kept default");
  CHECK(name(Outcome::known) == "known");
  CHECK(name(Outcome::nothing) == "nothing to search");
  CHECK(name(Outcome::failed) == "failed");
}

TEST_CASE("notices about files of one vendor are given once") {
  const test::ScratchFolder folder;
  std::filesystem::create_directories(folder / "vendor/arch-9");
  test::write(folder / "vendor/arch-9/broken.json", "not JSON");
  const TunedParameters tuned(folder.path(), std::vector{processor("opencl:0"), processor("opencl:1")},
                              std::nullopt);
  CHECK(tuned.notices().size() == 1);
}
