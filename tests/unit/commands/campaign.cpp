// What a selection comes to beside its cases: limits, workers' settings, and where parameters come from.
#include "commands/campaign.h"

#include "base/error.h"
#include "bench/tune/tuned.h"
#include "commands/commands.h"
#include "tests/catch.h"
#include "tests/unit/results/scratch.h"

using namespace moat;

TEST_CASE("limits are the suite's unless the selection says otherwise") {
  Suite suite;
  suite.case_seconds = 3;
  suite.device_seconds = 500;
  Selection selection;
  CHECK(budget_limits(selection, suite).case_seconds == 3);
  CHECK(budget_limits(selection, suite).device_seconds == 500);
  selection.budget_seconds = 100;  // of the whole run bounds each device
  CHECK(budget_limits(selection, suite).device_seconds == 100);
  selection.budget_seconds = 1000;
  CHECK(budget_limits(selection, suite).device_seconds == 500);
  selection.device_seconds = 50;
  selection.case_seconds = 0.25;
  CHECK(budget_limits(selection, suite).device_seconds == 50);
  suite.rounds = 3;
  CHECK(rounds_of(selection, suite) == 3);
  selection.rounds = 5;
  CHECK(rounds_of(selection, suite) == 5);
  CHECK(budget_limits(selection, suite).case_seconds == 0.25);
}

TEST_CASE("workers get the cap of a case, and warm up for at most half of it") {
  Suite suite;
  suite.case_seconds = 10;
  Selection selection;
  selection.timeout_seconds = 33;
  selection.kernel_dir = "kernels";
  WorkerSettings settings = worker_settings(selection, suite);
  CHECK(settings.executable == this_executable());
  CHECK(settings.timeout_seconds == 33);
  CHECK(settings.runner.kernel_dir == "kernels");
  CHECK(settings.runner.limits.cap_seconds == 10);
  CHECK(settings.runner.limits.warm_up_seconds == SamplingLimits{}.warm_up_seconds);
  selection.case_seconds = 0.5;
  settings = worker_settings(selection, suite);
  CHECK(settings.runner.limits.cap_seconds == 0.5);
  CHECK(settings.runner.limits.warm_up_seconds == 0.25);
}

TEST_CASE("parameters come from the store's tuning, a folder that is named, or nowhere") {
  const test::ScratchFolder store;
  Selection selection;
  const ParameterSource usual = tuned_parameters(selection, store.path().string(), {}).source;
  CHECK(usual.choose);
  CHECK(usual.folder == default_tuning_folder(store.path().string()));
  selection.tuning = "none";
  const ParameterSource none = tuned_parameters(selection, store.path().string(), {}).source;
  CHECK_FALSE(none.choose);
  CHECK(none.folder == no_tuning);
  selection.tuning = (store / "absent").string();
  CHECK_THROWS_AS(tuned_parameters(selection, store.path().string(), {}), UsageError);
  selection.tuning = store.path().string();
  CHECK(tuned_parameters(selection, "elsewhere", {}).source.folder == store.path().string());
}
