// Geometric means of a gap's factors over parts of its problems.
#include <array>
#include <map>
#include <utility>

#include "reports/gap/gap_parts.h"

namespace moat {
namespace {

using Problems = std::vector<const ProblemGap*>;
using FactorOf = std::optional<Factor> ProblemGap::*;

/// The mean, if every problem has the factor.
std::optional<Factor> mean_of(const Problems& problems, FactorOf factor) {
  std::vector<Factor> factors;
  for (const ProblemGap* problem : problems) {
    if (!(problem->*factor)) return std::nullopt;
    factors.push_back(*(problem->*factor));
  }
  return geometric_mean(factors);
}

Means means_of(const Problems& problems, FactorOf total) {
  Means means;
  means.problems = problems.size();
  means.total = mean_of(problems, total);
  means.hardware = mean_of(problems, &ProblemGap::hardware);
  means.stack = mean_of(problems, &ProblemGap::stack);
  means.portability = mean_of(problems, &ProblemGap::portability);
  means.to_library = mean_of(problems, &ProblemGap::library_total);
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
  summary.library = means_of(with(problems, {&ProblemGap::library_total}), &ProblemGap::library_total);
  summary.library.portability.reset();  // no factor of this total
  summary.portable = means_of(with(problems, {&ProblemGap::portable_total}), &ProblemGap::portable_total);
  summary.both = means_of(
      with(problems, {&ProblemGap::library_total, &ProblemGap::portable_total, &ProblemGap::portability}),
      &ProblemGap::portable_total);
  return summary;
}

}  // namespace

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
