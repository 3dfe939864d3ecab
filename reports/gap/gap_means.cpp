// Geometric means of a gap's factors over parts of its problems.
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "reports/gap/gap_parts.h"

namespace moat {
namespace {

using Problems = std::vector<const ProblemGap*>;
using FactorOf = std::optional<Factor> ProblemGap::*;
using RoundsOf = std::vector<double> ProblemGap::*;

/// A factor, and where what it was in each round stands.
struct Paired {
  FactorOf factor;
  RoundsOf rounds;
};
constexpr Paired library_total{&ProblemGap::library_total, &ProblemGap::library_rounds};
constexpr Paired portable_total{&ProblemGap::portable_total, &ProblemGap::portable_rounds};
constexpr Paired portability{&ProblemGap::portability, &ProblemGap::portability_rounds};

/// The mean, if every problem has the factor.
std::optional<Factor> mean_of(const Problems& problems, FactorOf factor) {
  std::vector<Factor> factors;
  for (const ProblemGap* problem : problems) {
    if (!(problem->*factor)) return std::nullopt;
    factors.push_back(*(problem->*factor));
  }
  return geometric_mean(factors);
}

/// The geometric mean over the problems in each round; empty unless all have the same number of rounds.
std::vector<double> means_of_rounds(const Problems& problems, RoundsOf rounds) {
  if (problems.empty()) return {};
  std::vector<std::vector<Factor>> of_rounds((problems.front()->*rounds).size());
  for (const ProblemGap* problem : problems) {
    const std::vector<double>& ratios = problem->*rounds;
    if (ratios.size() != of_rounds.size()) return {};
    for (std::size_t i = 0; i < ratios.size(); ++i) of_rounds[i].push_back(exactly(ratios[i]));
  }
  std::vector<double> means;
  means.reserve(of_rounds.size());
  for (const std::vector<Factor>& ratios : of_rounds) means.push_back(geometric_mean(ratios)->value);
  return means;
}

/// With the ends that its variation between rounds gives: not all problems err to the same side at once.
std::optional<Factor> mean_of(const Problems& problems, const Paired& paired) {
  const std::optional<Factor> mean = mean_of(problems, paired.factor);
  return mean ? narrowed(*mean, means_of_rounds(problems, paired.rounds)) : mean;
}

Means means_of(const Problems& problems, const Paired& total) {
  Means means;
  means.problems = problems.size();
  means.total = mean_of(problems, total);
  means.hardware = mean_of(problems, &ProblemGap::hardware);
  means.portability = mean_of(problems, portability);
  means.to_library = mean_of(problems, library_total);
  if (mean_of(problems, &ProblemGap::stack)) means.stack = *means.to_library / *means.hardware;
  if (means.total && means.hardware) means.software = *means.total / *means.hardware;
  return means;
}

/// Only problems with the hardware factor count where some have it, so that all factors are over the same
/// ones; where none has it (no roofs), totals alone are told.
Problems with(const Problems& problems, std::initializer_list<FactorOf> factors) {
  Problems found, with_hardware;
  for (const ProblemGap* problem : problems) {
    bool has_all = true;
    for (const FactorOf factor : factors) has_all = has_all && (problem->*factor).has_value();
    if (!has_all) continue;
    found.push_back(problem);
    if (problem->hardware) with_hardware.push_back(problem);
  }
  return with_hardware.empty() ? found : with_hardware;
}

GapSummary summary_of(GapPart part, const Problems& problems) {
  GapSummary summary{std::move(part), {}, {}, {}};
  summary.library = means_of(with(problems, {&ProblemGap::library_total}), library_total);
  summary.library.portability.reset();  // no factor of this total
  summary.portable = means_of(with(problems, {&ProblemGap::portable_total}), portable_total);
  summary.both = means_of(
      with(problems, {&ProblemGap::library_total, &ProblemGap::portable_total, &ProblemGap::portability}),
      portable_total);
  return summary;
}

}  // namespace

Factor narrowed(const Factor& factor, const std::vector<double>& rounds) {
  const std::optional<Interval> ends = interval_between_rounds(rounds);
  if (!ends) return factor;
  return {factor.value, std::min(factor.value, ends->low), std::max(factor.value, ends->high)};
}

std::string_view name(GapScope scope) {
  constexpr std::array<std::string_view, 6> names{"all",      "operator", "type", "operator and type",
                                                  "workload", "bound"};
  return names.at(static_cast<std::size_t>(scope));
}

std::vector<GapSummary> summarise(const std::vector<ProblemGap>& problems) {
  Problems all;
  std::map<std::string, Problems> by_operator, by_workload;
  std::map<std::string_view, std::pair<Type, Problems>> by_type;  // by the name, as a reader orders them
  std::map<std::pair<std::string, std::string_view>, std::pair<Type, Problems>> by_both;
  std::map<std::string_view, std::pair<RoofKind, Problems>> by_bound;
  for (const ProblemGap& problem : problems) {
    const Record& record = *problem.any;
    const Type type = record.types.input;
    const auto add = [&](auto& parts, const auto& key, auto value) {
      auto& [shared, members] = parts[key];
      shared = value;
      members.push_back(&problem);
    };
    all.push_back(&problem);
    by_operator[record.operator_name].push_back(&problem);
    add(by_type, name(type), type);
    add(by_both, std::pair(record.operator_name, name(type)), type);
    if (!record.workload.empty()) by_workload[record.workload].push_back(&problem);
    if (problem.target_roof) add(by_bound, name(problem.target_roof->kind), problem.target_roof->kind);
  }
  std::vector<GapSummary> summaries{summary_of({}, all)};
  const auto add = [&](GapPart part, const Problems& members) {
    GapSummary summary = summary_of(std::move(part), members);
    if (summary.library.problems + summary.portable.problems > 0) summaries.push_back(std::move(summary));
  };
  for (const auto& [name, members] : by_operator) add({GapScope::by_operator, name, {}, "", {}}, members);
  for (const auto& [name, typed] : by_type) add({GapScope::by_type, "", typed.first, "", {}}, typed.second);
  for (const auto& [key, typed] : by_both)
    add({GapScope::by_operator_and_type, key.first, typed.first, "", {}}, typed.second);
  for (const auto& [text, members] : by_workload) add({GapScope::by_workload, "", {}, text, {}}, members);
  for (const auto& [name, bound] : by_bound) add({GapScope::by_bound, "", {}, "", bound.first}, bound.second);
  return summaries;
}

}  // namespace moat
