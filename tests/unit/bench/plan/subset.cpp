// A budget's choice: never more than it holds, never less for more time, every workload before any twice.
#include "bench/plan/subset.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "base/error.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

PlannedCase planned(const std::string& key, const std::string& workload,
                    const std::string& implementation = "naive") {
  std::shared_ptr<const Problem> problem = parse_problem(key);
  const std::string canonical = problem->key();
  return {{"host:0", implementation, canonical, {}}, std::move(problem), workload, 0, {}, ""};
}

struct RandomPlan {
  std::vector<PlannedCase> cases;
  std::vector<double> seconds;
};

// Up to 40 distinct problems of up to 8 workloads, each by one to three implementations.
RandomPlan random_plan(std::mt19937& engine) {
  const auto draw = [&](int most) { return std::uniform_int_distribution<int>(1, most)(engine); };
  RandomPlan plan;
  const int problems = draw(40);
  for (int i = 1; i <= problems; ++i) {
    const std::string key = "gemm:m=" + std::to_string(i) + ",n=" + std::to_string(draw(500)) + ",k=64";
    const std::string workload = "network " + std::to_string(draw(8)) + ": layer " + std::to_string(i);
    const int implementations = draw(3);
    for (int j = 0; j < implementations; ++j) {
      plan.cases.push_back(planned(key, workload, "library/" + std::to_string(j)));
      plan.seconds.push_back(0.1 * draw(50));
    }
  }
  return plan;
}

std::set<std::string> ids(const std::vector<PlannedCase>& cases) {
  std::set<std::string> all;
  for (const PlannedCase& one : cases) all.insert(one.identity.id());
  return all;
}

std::map<std::string, std::set<std::string>> problems_by_workload(const std::vector<PlannedCase>& cases) {
  std::map<std::string, std::set<std::string>> by_workload;
  for (const PlannedCase& one : cases) {
    by_workload[std::string(workload_family(one.workload))].insert(one.identity.problem);
  }
  return by_workload;
}

}  // namespace

TEST_CASE("a larger budget keeps all that a smaller one had, and none is exceeded") {
  std::mt19937 engine(7);
  for (int round = 0; round < 100; ++round) {
    const RandomPlan plan = random_plan(engine);
    std::set<std::string> smaller;
    for (const double budget : {0.05, 1.0, 3.0, 10.0, 30.0, 100.0, 1000.0}) {
      const Subset subset = choose_within(plan.cases, plan.seconds, budget);
      const std::set<std::string> chosen = ids(subset.cases);
      double spent = 0;
      for (std::size_t i = 0; i < plan.cases.size(); ++i) {
        if (chosen.contains(plan.cases[i].identity.id())) spent += plan.seconds[i];
      }
      CHECK(spent <= budget + 1e-9);
      CHECK(std::includes(chosen.begin(), chosen.end(), smaller.begin(), smaller.end()));
      CHECK(subset.cases.size() + subset.left_out.size() == plan.cases.size());
      for (const PlannedCase& one : subset.left_out) {
        CHECK_FALSE(one.left_out.empty());
        CHECK_FALSE(chosen.contains(one.identity.id()));
      }
      smaller = chosen;
    }
    CHECK(smaller.size() == plan.cases.size());
  }
}

TEST_CASE("the choice is the same every time, and a problem keeps all its cases") {
  std::mt19937 engine(8);
  for (int round = 0; round < 50; ++round) {
    const RandomPlan plan = random_plan(engine);
    const Subset subset = choose_within(plan.cases, plan.seconds, 20);
    CHECK(ids(choose_within(plan.cases, plan.seconds, 20).cases) == ids(subset.cases));
    std::set<std::string> chosen;
    for (const PlannedCase& one : subset.cases) chosen.insert(one.identity.problem);
    for (const PlannedCase& one : subset.left_out) CHECK_FALSE(chosen.contains(one.identity.problem));
  }
}

TEST_CASE("no workload has a second problem before every one has its first") {
  std::mt19937 engine(9);
  for (int round = 0; round < 100; ++round) {
    const RandomPlan plan = random_plan(engine);
    const Subset subset = choose_within(plan.cases, plan.seconds, 15);
    const auto chosen = problems_by_workload(subset.cases);
    std::size_t most = 0;
    for (const auto& [workload, problems] : chosen) most = std::max(most, problems.size());
    if (most >= 2) CHECK(chosen.size() == problems_by_workload(plan.cases).size());
  }
}

TEST_CASE("the largest share of a workload's work comes first, by operations or by bytes") {
  const std::vector<PlannedCase> cases{
      planned("gemm:m=64,n=64,k=64", "a: small"), planned("gemm:m=512,n=512,k=512", "a: large"),
      planned("stream:op=copy,n=100", "b: short"), planned("stream:op=copy,n=1000000", "b: long")};
  const Subset subset = choose_within(cases, std::vector<double>{1, 1, 1, 1}, 2.5);
  REQUIRE(subset.cases.size() == 2);
  CHECK(subset.cases[0].workload == "a: large");
  CHECK(subset.cases[1].workload == "b: long");
  CHECK(subset.seconds == 2);
  CHECK_THAT(
      subset.left_out[0].left_out,
      ContainsSubstring(
          "number 2 of its workload, and 2 s of the budget of 2.5 s are used by problems that come first"));
  const std::string text = subset_text(subset, 2.5);
  CHECK_THAT(text, ContainsSubstring("--budget 2.5 s: 2 of 4 problems in 2 cases, at most about 2 s."));
  CHECK_THAT(text, ContainsSubstring("  a: 1 of 2 problems\n  b: 1 of 2 problems\n"));
}

TEST_CASE("cheap workloads are represented before dear ones") {
  const std::vector<PlannedCase> cases{planned("gemm:m=64,n=64,k=64", "dear"),
                                       planned("gemm:m=65,n=64,k=64", "cheap")};
  const Subset subset = choose_within(cases, std::vector<double>{9, 1}, 5);
  REQUIRE(subset.cases.size() == 1);
  CHECK(subset.cases[0].workload == "cheap");
}

TEST_CASE("what a case costs grows with its work and its cap; an unsupported one is free") {
  PlannedCase small = planned("gemm:m=64,n=64,k=64", "w");
  const PlannedCase large = planned("gemm:m=2048,n=2048,k=2048", "w");
  const PlannedCase library = planned("gemm:m=2048,n=2048,k=2048", "w", "library/x");
  const double cost = expected_seconds(small, DeviceKind::cpu, 1);
  CHECK(cost > 1);
  CHECK(expected_seconds(small, DeviceKind::cpu, 2) > cost);
  CHECK(expected_seconds(large, DeviceKind::cpu, 1) > expected_seconds(library, DeviceKind::cpu, 1));
  CHECK(expected_seconds(large, DeviceKind::cpu, 1) > expected_seconds(large, DeviceKind::gpu, 1));
  CHECK(expected_seconds(large, DeviceKind::cpu, 1) < 13);  // ten caps, sampling, preparation
  small.unsupported = Unsupported{"no"};
  CHECK(expected_seconds(small, DeviceKind::cpu, 1) == 0);
}

TEST_CASE("durations have a unit") {
  CHECK(duration_text(90) == "90 s");
  CHECK(duration_text(300) == "5 min");
  CHECK(duration_text(9000) == "2.5 h");
  CHECK(duration_text(119) == "119 s");
  CHECK(duration_text(120) == "2 min");
  CHECK(duration_text(7199) == "120 min");
  CHECK(duration_text(7200) == "2 h");
  CHECK(duration_text(35990) == "10 h");
}

TEST_CASE("executions are expected at the rates of a naive kernel, of any other and of the memory") {
  constexpr double no_cap = 1e6;
  const auto six = [&](const std::string& key, const std::string& implementation, DeviceKind kind) {
    return expected_seconds(planned(key, "a: w", implementation), kind, no_cap);
  };
  const std::string product = "gemm:m=4096,n=4096,k=4096";
  const double operations = 2 * 4096.0 * 4096 * 4096;
  for (const auto& [kind, naive, usual] :
       {std::tuple(DeviceKind::cpu, 1e9, 50e9), std::tuple(DeviceKind::gpu, 100e9, 2e12)}) {
    CHECK(six(product, "naive", kind) - six(product, "library/a", kind) ==
          Approx(6 * (operations / naive - operations / usual)));
  }
  const std::string copy = "stream:op=copy,n=1000000000";
  CHECK(six(copy, "library/a", DeviceKind::cpu) - six(copy, "library/a", DeviceKind::gpu) ==
        Approx(6 * (8e9 / 5e9 - 8e9 / 200e9)));
}
