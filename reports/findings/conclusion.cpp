// Which conclusions the findings allow, and in which order.
#include "reports/findings/conclusion.h"

#include <algorithm>
#include <map>

#include "reports/findings/findings.h"
#include "reports/gap/gap_parts.h"

namespace moat {
namespace {

using conclusion::Reached;

Reached reached(const Gap& gap, Reached::With with, const Means& means) {
  Reached made{gap.reference, gap.target,  gap.reference_provenance, gap.target_provenance, with,
               means,         std::nullopt};
  std::vector<std::pair<GapFactor, double>> factors;
  const auto add = [&](GapFactor factor, const std::optional<Factor>& value) {
    if (value) factors.emplace_back(factor, value->value);
  };
  add(GapFactor::hardware, means.hardware);
  if (made.has_separate_factors()) {
    add(GapFactor::stack, means.stack);
    add(GapFactor::portability, means.portability);
  } else {
    add(GapFactor::software, means.software);
  }
  const auto least = std::ranges::min_element(factors, {}, &std::pair<GapFactor, double>::second);
  if (factors.size() > 1 && least->second < 1 && means.total->value < 1) made.largest_loss = least->first;
  return made;
}

void add_gap(const Gap& gap, std::vector<Conclusion>& verdict) {
  const GapSummary& all = gap.summaries.front();
  if (all.library.total) verdict.emplace_back(reached(gap, Reached::With::library, all.library));
  if (all.portable.total) verdict.emplace_back(reached(gap, Reached::With::portable, all.portable));
  if (!all.library.total && !all.portable.total)
    verdict.emplace_back(conclusion::NoRatio{gap.reference, gap.target});
}

void add_coverage(const Findings& findings, const CoverageShare& share, std::vector<Conclusion>& verdict) {
  std::map<std::string, std::size_t> holes;
  for (const CoverageCell& cell : findings.coverage) {
    if (cell.subject != share.subject) continue;
    if (!is_library(cell.implementation) && !is_portable(cell.implementation)) continue;
    for (const auto& [reason, count] : cell.holes) holes[reason] += count;
  }
  conclusion::Coverage made{share.subject, share.ok, share.cases, std::nullopt};
  const auto most = std::ranges::max_element(holes, {}, [](const auto& hole) { return hole.second; });
  if (most != holes.end()) made.most_frequent = {most->first, most->second};
  verdict.emplace_back(std::move(made));
}

void add_failures(const Subject& subject, std::vector<Conclusion>& verdict) {
  std::map<Status, std::size_t> counts;
  for (const Record& record : subject.records) ++counts[record.status];
  for (const Status status :
       {Status::wrong, Status::untrusted, Status::disturbed, Status::crashed, Status::timed_out}) {
    if (counts[status] > 0) verdict.emplace_back(conclusion::Failed{subject.label, status, counts[status]});
  }
}

}  // namespace

bool Reached::has_separate_factors() const {
  const bool ends_at_library = means.total == means.to_library;
  return means.stack && (means.portability || ends_at_library);
}

std::string_view conclusion::name(Reached::With with) {
  return with == Reached::With::library ? "library" : "portable";
}

std::vector<Conclusion> verdict_of(const Findings& findings) {
  if (findings.subjects.empty()) return {conclusion::NothingChosen{}};
  std::vector<Conclusion> verdict;
  if (!findings.reference) {
    verdict.emplace_back(conclusion::NoReference{});
  } else if (findings.gaps.empty()) {
    verdict.emplace_back(conclusion::OnlyDevice{*findings.reference});
  }
  for (const Gap& gap : findings.gaps) add_gap(gap, verdict);
  for (const CoverageShare& share : findings.shares) {
    if (share.scope == CoverageShare::Scope::all) add_coverage(findings, share, verdict);
  }
  for (const Subject& subject : findings.subjects) add_failures(subject, verdict);
  for (const Subject& subject : findings.subjects) {
    for (const RemarkedCases& it : remarked_cases(subject))
      verdict.emplace_back(conclusion::RanWith{subject.label, it.implementation, it.remark, it.cases});
  }
  for (const NumericsRow& row : findings.numerics) {
    if (!row.lower_precision) continue;
    verdict.emplace_back(conclusion::LowerPrecision{row.subject, row.implementation, row.operator_name,
                                                    row.types.accumulate, row.accumulations});
  }
  return verdict;
}

}  // namespace moat
