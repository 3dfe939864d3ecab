// Choosing problems for a budget.
#include "bench/plan/subset.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "base/error.h"
#include "kernels/implementation_name.h"

namespace moat {
namespace {

/// Low but likely rates: what takes longer than they say is met by the device's budget.
struct Rates {
  double naive_operations;
  double operations;
  double bytes;
};
constexpr Rates cpu_rates{1e9, 50e9, 5e9};
constexpr Rates gpu_rates{100e9, 2e12, 200e9};

struct Contender {
  std::string_view workload;
  double work = 0;
  double seconds = 0;
  std::size_t place = 0;  // in the plan
  std::size_t rank = 0;   // in its workload, by share
};

double nominal_work(const Work& work) {
  return std::max(work.operations / 16, work.bytes());
}

/// One candidate for each problem, whatever the number of its cases.
std::vector<Contender> candidates_of(std::span<const PlannedCase> cases, std::span<const double> seconds,
                                     std::vector<std::size_t>& candidate_of_case) {
  std::vector<Contender> candidates;
  std::map<std::string_view, std::size_t> known;  // by key
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto [at, is_new] = known.try_emplace(cases[i].identity.problem, candidates.size());
    if (is_new) {
      candidates.push_back({workload_family(cases[i].workload), nominal_work(cases[i].problem->work()), 0,
                            candidates.size(), 0});
    }
    candidates[at->second].seconds += seconds[i];
    candidate_of_case.push_back(at->second);
  }
  return candidates;
}

void rank_by_share(std::vector<Contender>& candidates) {
  std::map<std::string_view, std::vector<Contender*>> workloads;
  for (Contender& candidate : candidates) workloads[candidate.workload].push_back(&candidate);
  for (auto& workload : workloads) {
    std::vector<Contender*>& problems = workload.second;
    std::stable_sort(problems.begin(), problems.end(),
                     [](const Contender* a, const Contender* b) { return a->work > b->work; });
    for (std::size_t rank = 0; rank < problems.size(); ++rank) problems[rank]->rank = rank;
  }
}

}  // namespace

std::string duration_text(double seconds) {
  if (seconds < 120) return fmt::format("{:.3g} s", seconds);
  return seconds < 7200 ? fmt::format("{:.3g} min", seconds / 60) : fmt::format("{:.3g} h", seconds / 3600);
}

double expected_seconds(const PlannedCase& planned, DeviceKind kind, double case_seconds,
                        std::uint64_t rounds) {
  constexpr double fixed_seconds = 0.4;      // messages, compiling, writing the record
  constexpr double seconds_per_byte = 8e-9;  // inputs, copies, reference
  constexpr double sampling_in_caps = 1.5;   // warm-up takes at most half of one
  constexpr double executions = 6;
  constexpr double longest_in_caps = 10;  // what takes longer is skipped
  if (planned.unsupported) return 0;
  const Rates& rates = kind == DeviceKind::cpu ? cpu_rates : gpu_rates;
  const Work work = planned.problem->work();
  const double rate = is_naive(planned.identity.implementation) ? rates.naive_operations : rates.operations;
  const double execution = std::max(work.operations / rate, work.bytes() / rates.bytes);
  const auto further = static_cast<double>(rounds - 1);
  return (1 + 0.25 * further) * (fixed_seconds + seconds_per_byte * work.bytes()) +
         sampling_in_caps * case_seconds +
         (1 + 0.5 * further) * std::min(executions * execution, longest_in_caps * case_seconds);
}

std::string_view workload_family(std::string_view workload) {
  return workload.substr(0, workload.find(':'));
}

Subset choose_within(std::vector<PlannedCase> cases, std::span<const double> seconds, double budget_seconds) {
  std::vector<std::size_t> candidate_of_case;
  candidate_of_case.reserve(cases.size());
  std::vector<Contender> candidates = candidates_of(cases, seconds, candidate_of_case);
  rank_by_share(candidates);
  std::vector<std::size_t> order(candidates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto preference = [](const Contender& c) { return std::tuple(c.rank, c.seconds, c.place); };
    return preference(candidates[a]) < preference(candidates[b]);
  });

  Subset subset;
  std::vector<bool> is_chosen(candidates.size());
  std::size_t taken = 0;
  for (; taken < order.size(); ++taken) {
    const double more = candidates[order[taken]].seconds;
    if (subset.seconds + more > budget_seconds) break;
    subset.seconds += more;
    is_chosen[order[taken]] = true;
  }
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Contender& candidate = candidates[candidate_of_case[i]];
    if (is_chosen[candidate_of_case[i]]) {
      subset.cases.push_back(std::move(cases[i]));
      continue;
    }
    cases[i].left_out = fmt::format(
        "all cases of the problem need about {}; it is number {} of its workload, and {} of the budget of {} "
        "are used by problems that come first",
        duration_text(candidate.seconds), candidate.rank + 1, duration_text(subset.seconds),
        duration_text(budget_seconds));
    subset.left_out.push_back(std::move(cases[i]));
  }
  return subset;
}

std::string subset_text(const Subset& subset, double budget_seconds) {
  struct Counts {
    std::set<std::string_view> chosen;
    std::set<std::string_view> left_out;
  };
  std::vector<std::string_view> order;
  std::map<std::string_view, Counts> workloads;
  const auto counts = [&](const PlannedCase& planned) -> Counts& {
    const std::string_view family = workload_family(planned.workload);
    if (!workloads.contains(family)) order.push_back(family);
    return workloads[family];
  };
  std::set<std::string_view> problems;
  for (const PlannedCase& planned : subset.cases) {
    counts(planned).chosen.insert(planned.identity.problem);
    problems.insert(planned.identity.problem);
  }
  const std::size_t chosen = problems.size();
  for (const PlannedCase& planned : subset.left_out) {
    counts(planned).left_out.insert(planned.identity.problem);
    problems.insert(planned.identity.problem);
  }
  std::string text = fmt::format(
      "--budget {}: {} of {} problems in {} cases, at most about {}. The problem with the largest share of "
      "its workload's work comes first, and the first problem of every workload before any second one.\n",
      duration_text(budget_seconds), chosen, problems.size(), subset.cases.size(),
      duration_text(subset.seconds));
  for (const std::string_view family : order) {
    const Counts& of = workloads[family];
    if (of.left_out.empty()) continue;
    text += fmt::format("  {}: {} of {} problems\n", family, of.chosen.size(),
                        of.chosen.size() + of.left_out.size());
  }
  return text;
}

}  // namespace moat
