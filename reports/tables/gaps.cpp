// The factors of each gap: their means by scope, and problem by problem.
#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "reports/findings/words.h"
#include "reports/tables/tables.h"

namespace moat {
namespace {

void add_means(Grid& grid, const Gap& gap, const GapSummary& summary, std::string_view path,
               const Means& means) {
  if (means.problems == 0) return;
  grid.rows.push_back({cell(gap.target), cell(gap.reference), cell(std::string(name(summary.part.scope))),
                       cell(part_text(summary)), cell(std::string(path)), count_cell(means.problems),
                       cell(means.total), means.total ? cell(std::log2(means.total->value)) : GridCell{},
                       cell(means.hardware), cell(means.stack), cell(means.portability),
                       cell(means.software)});
}

GridCell rate_cell(const std::optional<BestRate>& rate) {
  if (!rate) return {};
  GridCell made = cell(rate->rate);
  if (rate->record != nullptr) made.base = rate_base(*rate->record);
  return made;
}

/// Of which no column tells the implementation.
GridCell portable_cell(const std::optional<BestRate>& rate) {
  GridCell made = rate_cell(rate);
  if (rate && rate->record != nullptr) made.note = rate->record->identity.implementation;
  return made;
}

GridCell implementation_cell(const std::optional<BestRate>& rate) {
  return cell(rate && rate->record != nullptr ? rate->record->identity.implementation : "");
}

GridCell roof_cell(const std::optional<Bound>& roof, const Record* record) {
  if (!roof) return {};
  GridCell made = cell(roof->rate);
  if (record != nullptr) made.base = rate_base(*record);
  made.note = fmt::format("bound by {}{}", name(roof->kind), roof->verified ? "" : ", unverified");
  return made;
}

std::string remarks_text(const ProblemGap& problem) {
  std::vector<std::string> parts = texts(problem.refusals);
  for (const Difference& mark : problem.marks) parts.push_back(text(mark));
  return join(parts, "; ");
}

}  // namespace

Grid factors_table(const Findings& findings) {
  const std::string exact = "Ratio of the target to the reference, above 1 where the target is ahead";
  Grid grid{"factors",
            "Means of the factors, over the problems that both sides have, with their intervals",
            {{"target", "Target"},
             {"reference", "Reference", GridKind::text, "", false, true},
             {"scope", "Scope"},
             {"name", "Part"},
             {"path", "From, to"},
             {"problems", "Problems", GridKind::count},
             {"total", "Total", GridKind::factor, "", true, false, exact},
             {"total_log2", "log2", GridKind::number, "", false, false, "Logarithm of the total to base 2"},
             {"hardware", "Hardware", GridKind::factor, "", true, false,
              "HW: attainable rate of the target over that of the reference"},
             {"stack", "Stack", GridKind::factor, "", true, false,
              "SW: what the target's library reaches of its roof, over the same of the reference"},
             {"portability", "Portability", GridKind::factor, "", true, false,
              "PORT: the portable kernel over the library, on the target"},
             {"software", "Stack × portability", GridKind::factor, "", true, false, "Total over hardware"}},
            {},
            "No factors: there is no reference, or no problem that both sides computed and verified."};
  for (const Gap& gap : findings.gaps) {
    for (const GapSummary& summary : gap.summaries) {
      add_means(grid, gap, summary, "library to library", summary.library);
      add_means(grid, gap, summary, "library to portable", summary.portable);
      // Over the same problems as one of the two it says nothing new.
      if (summary.both.problems != summary.portable.problems)
        add_means(grid, gap, summary, "to portable, where both are", summary.both);
    }
  }
  return grid;
}

Grid gaps_table(const Findings& findings) {
  Grid grid{"gaps",
            "Factors and rates of each problem",
            {{"target", "Target"},
             {"operator", "Operator", GridKind::text, "", false, true},
             {"type", "Type", GridKind::text, "", false, true},
             {"problem", "Problem"},
             {"hardware", "HW", GridKind::factor, "", true},
             {"stack", "SW", GridKind::factor, "", true},
             {"portability", "PORT", GridKind::factor, "", true},
             {"library_total", "Library to library", GridKind::factor, "", true},
             {"portable_total", "Library to portable", GridKind::factor, "", true},
             {"reference_rate", "Reference, library", GridKind::rate, "FLOP/s", true},
             {"reference_implementation", "Reference's library"},
             {"target_rate", "Target, library", GridKind::rate, "FLOP/s", true},
             {"target_implementation", "Target's library", GridKind::text, "", false, true},
             {"portable_rate", "Target, portable", GridKind::rate, "FLOP/s", true},
             {"reference_roof", "Reference's roof", GridKind::rate, "FLOP/s", true},
             {"target_roof", "Target's roof", GridKind::rate, "FLOP/s", true},
             {"workload", "Workload"},
             {"remarks", "Refused, or marked", GridKind::prose}},
            {},
            "No problems to compare: a gap needs a reference and a target."};
  for (const Gap& gap : findings.gaps) {
    for (const ProblemGap& problem : gap.problems) {
      if (problem.any == nullptr) continue;
      const Record& record = *problem.any;
      grid.rows.push_back(
          {cell(gap.target), cell(record.operator_name), cell(std::string(name(record.types.input))),
           cell(record.identity.problem), cell(problem.hardware), cell(problem.stack),
           cell(problem.portability), cell(problem.library_total), cell(problem.portable_total),
           rate_cell(problem.reference_library), implementation_cell(problem.reference_library),
           rate_cell(problem.target_library), implementation_cell(problem.target_library),
           portable_cell(problem.target_portable), roof_cell(problem.reference_roof, problem.any),
           roof_cell(problem.target_roof, problem.any), cell(record.workload), cell(remarks_text(problem))});
    }
  }
  return grid;
}

}  // namespace moat
