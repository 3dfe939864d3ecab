// What becomes of a case that was disturbed, over the rounds of a run.
#include <cstdlib>

#include "bench/coordinator.h"
#include "tests/catch.h"
#include "tests/unit/bench/machine.h"

using namespace moat;

TEST_CASE("a case that was disturbed is tried again in every round, and keeps what was not") {
  const NullMachine machine("devices=1");
  const EnvironmentVariable disturbed("MOAT_TEST_DISTURBED", GENERATE("1", "3"));
  WorkerSettings settings = brief_worker();
  settings.executable = MOAT_FAKE_WORKER_PROGRAM;
  std::vector<PlannedCase> cases{planned_case("gemm:m=2,n=2,k=2,type=f32")};
  std::vector<Turn> turns = measuring_order(cases, 3);
  BudgetLimits budget{.case_seconds = 60, .device_seconds = 1e6};
  budget.rounds = 3;
  Coordinator coordinator(std::move(cases), std::move(turns), machine.devices, "suite-of-tests", settings,
                          budget, {});
  std::vector<std::optional<Record>> records;
  for (const Turn& turn : coordinator.turns()) records.push_back(coordinator.measure(turn));
  REQUIRE(records.size() == 3);
  CHECK(records[0].value().status == Status::disturbed);
  if (std::getenv("MOAT_TEST_DISTURBED") == std::string("1")) {
    CHECK(records[2].value().status == Status::ok);
    CHECK(records[2].value().measurement->round_samples == std::vector<std::uint64_t>{3, 3});
  } else {
    CHECK(records[2].value().status == Status::disturbed);
  }
}
