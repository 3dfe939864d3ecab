// The order of a run: what comes first, what stays together, and what its rounds change.
#include "bench/plan/order.h"

#include <algorithm>
#include <map>
#include <set>

#include "tests/catch.h"
#include "tests/unit/bench/machine.h"

using namespace moat;

namespace {

/// Problems × devices × implementations, in the order of a plan.
std::vector<PlannedCase> plan() {
  std::vector<PlannedCase> cases;
  for (const char* device : {"null:0", "null:1"}) {
    for (const char* problem :
         {"gemm:m=1,n=8,k=8,type=f32", "gemm:m=2,n=8,k=8,type=f32", "gemm:m=3,n=8,k=8,type=f32",
          "gemm:m=4,n=8,k=8,type=f16", "attention:hq=1,sq=8,skv=8,d=8,type=f32",
          "attention:hq=2,sq=8,skv=8,d=8,type=f32"}) {
      for (const char* implementation : {"library/fast", "portable/opencl", "naive"})
        cases.push_back(planned_case(problem, device, implementation));
    }
    cases.push_back(planned_case("stream:op=copy,n=1,type=f32", device));
    cases.push_back(planned_case("peak:chains=4096,steps=16,type=f32", device));
  }
  return cases;
}

std::vector<std::string> problems_of(const std::vector<PlannedCase>& cases, const std::vector<Turn>& turns,
                                     std::uint64_t round, bool naive) {
  std::vector<std::string> problems;
  for (const Turn& turn : turns) {
    const Case& identity = cases[turn.index].identity;
    if (turn.round != round || turn.is_roof || (identity.implementation == "naive") != naive) continue;
    if (problems.empty() || problems.back() != identity.problem) problems.push_back(identity.problem);
  }
  return problems;
}

}  // namespace

TEST_CASE("every case is measured once in each round, and its rounds are in order") {
  const std::vector<PlannedCase> cases = plan();
  const std::vector<Turn> turns = measuring_order(cases, 3);
  CHECK(turns.size() == 3 * cases.size());
  std::map<std::size_t, std::uint64_t> rounds;
  for (const Turn& turn : turns) {
    REQUIRE(turn.round == rounds[turn.index] + 1);
    rounds[turn.index] = turn.round;
  }
  CHECK(rounds.size() == cases.size());
  for (const auto& [index, last] : rounds) CHECK(last == 3);
}

TEST_CASE("roofs come first and naive implementations last") {
  const std::vector<PlannedCase> cases = plan();
  const std::vector<Turn> turns = measuring_order(cases, 2);
  const auto rank = [&](const Turn& turn) {
    return turn.is_roof ? 0 : cases[turn.index].identity.implementation == "naive" ? 2 : 1;
  };
  CHECK(std::is_sorted(turns.begin(), turns.end(),
                       [&](const Turn& a, const Turn& b) { return rank(a) < rank(b); }));
  CHECK(std::count_if(turns.begin(), turns.end(), [&](const Turn& turn) { return rank(turn) == 0; }) == 8);
}

TEST_CASE("operators and types take turns, each in the plan's order") {
  const std::vector<PlannedCase> cases = plan();
  const std::vector<std::string> problems = problems_of(cases, measuring_order(cases, 1), 1, false);
  std::vector<std::string> keys;
  for (const char* text :
       {"gemm:m=1,n=8,k=8,type=f32", "gemm:m=4,n=8,k=8,type=f16", "attention:hq=1,sq=8,skv=8,d=8,type=f32",
        "gemm:m=2,n=8,k=8,type=f32", "attention:hq=2,sq=8,skv=8,d=8,type=f32", "gemm:m=3,n=8,k=8,type=f32"})
    keys.push_back(parse_problem(text)->key());
  CHECK(problems == keys);
}

TEST_CASE("what will be compared is measured together: a problem is not left before all its cases are done") {
  const std::vector<PlannedCase> cases = plan();
  const std::vector<Turn> turns = measuring_order(cases, 3);
  for (const std::uint64_t round : {1, 2, 3}) {
    for (const bool naive : {false, true}) {
      const std::vector<std::string> problems = problems_of(cases, turns, round, naive);
      CHECK(std::set<std::string>(problems.begin(), problems.end()).size() == problems.size());
      CHECK(problems.size() == 6);
    }
  }
}

TEST_CASE("rounds differ in their order, and are the same in every run") {
  const std::vector<PlannedCase> cases = plan();
  const std::vector<Turn> turns = measuring_order(cases, 3);
  CHECK(problems_of(cases, turns, 1, false) != problems_of(cases, turns, 2, false));
  CHECK(problems_of(cases, turns, 2, false) != problems_of(cases, turns, 3, false));
  const std::vector<Turn> again = measuring_order(cases, 3);
  CHECK(std::equal(turns.begin(), turns.end(), again.begin(), [](const Turn& a, const Turn& b) {
    return a.index == b.index && a.round == b.round && a.group == b.group;
  }));
}

TEST_CASE("a group is a problem's cases on one device, the same in every round") {
  const std::vector<PlannedCase> cases = plan();
  std::map<std::size_t, std::set<std::size_t>> members;
  for (const Turn& turn : measuring_order(cases, 2)) members[turn.group].insert(turn.index);
  for (const auto& [group, indices] : members) {
    const Case& first = cases[*indices.begin()].identity;
    for (const std::size_t index : indices) {
      CHECK(cases[index].identity.device == first.device);
      CHECK(cases[index].identity.problem == first.problem);
    }
    CHECK(indices.size() == (first.implementation == "library/fast" ? 2 : 1));
  }
}

TEST_CASE("the plan's order is every case once") {
  const std::vector<PlannedCase> cases = plan();
  const std::vector<Turn> turns = plan_order(cases);
  REQUIRE(turns.size() == cases.size());
  for (std::size_t i = 0; i < turns.size(); ++i) CHECK(turns[i].index == i);
  CHECK(turn_name(cases[0], 1) == cases[0].identity.id());
  CHECK(turn_name(cases[0], 2) == cases[0].identity.id() + "#2");
}
