// Geometric means of a gap's factors over parts of its problems.
#include <fmt/format.h>

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

GapSummary summary_of(std::string scope, std::string name, const Problems& problems) {
  GapSummary summary{std::move(scope), std::move(name), {}, {}, {}};
  summary.library = means_of(with(problems, {&ProblemGap::library_total}), &ProblemGap::library_total);
  summary.library.portability.reset();  // no factor of this total
  summary.portable = means_of(with(problems, {&ProblemGap::portable_total}), &ProblemGap::portable_total);
  summary.both = means_of(
      with(problems, {&ProblemGap::library_total, &ProblemGap::portable_total, &ProblemGap::portability}),
      &ProblemGap::portable_total);
  return summary;
}

}  // namespace

std::vector<GapSummary> summarise(const std::vector<ProblemGap>& problems) {
  Problems all;
  std::map<std::string, Problems> by_operator, by_type, by_both, by_workload, by_bound;
  for (const ProblemGap& problem : problems) {
    const Record& record = *problem.any;
    const std::string type(name(record.types.input));
    all.push_back(&problem);
    by_operator[record.operator_name].push_back(&problem);
    by_type[type].push_back(&problem);
    by_both[record.operator_name + " " + type].push_back(&problem);
    if (!record.workload.empty()) by_workload[record.workload].push_back(&problem);
    if (problem.target_roof)
      by_bound[fmt::format("bound by {}", name(problem.target_roof->bound))].push_back(&problem);
  }
  std::vector<GapSummary> summaries{summary_of("all", "all", all)};
  const auto add = [&](const char* scope, const std::map<std::string, Problems>& parts) {
    for (const auto& [name, part] : parts) {
      GapSummary summary = summary_of(scope, name, part);
      if (summary.library.problems + summary.portable.problems > 0) summaries.push_back(std::move(summary));
    }
  };
  add("operator", by_operator);
  add("type", by_type);
  add("operator and type", by_both);
  add("workload", by_workload);
  add("bound", by_bound);
  return summaries;
}

}  // namespace moat
