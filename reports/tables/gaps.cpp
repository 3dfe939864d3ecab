// The factors of each gap: their means by scope, and problem by problem.
#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "base/units.h"
#include "reports/findings/words.h"
#include "reports/tables/tables.h"

namespace moat {
namespace {

void add_means(Grid& grid, const Gap& gap, const GapSummary& summary, std::string_view path,
               const Means& means) {
  if (means.problems == 0) return;
  GridCell doublings;
  if (means.total) doublings = cell(std::log2(means.total->value), log2_text(means.total->value));
  GridCell software = cell(means.software);
  if (means.stack) software.text = "–";  // its two parts stand beside it
  GridCell total = cell(means.total);
  total.tone = Tone::strong;
  grid.rows.push_back({cell(gap.target), cell(gap.reference), cell(name(summary.part.scope)),
                       cell(part_text(summary)), cell(path), count_cell(means.problems), cell(means.hardware),
                       cell(means.stack), cell(means.portability), software, total, doublings});
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

/// "1.234 TFLOP/s", "567.8 GFLOP/s mem" where bandwidth binds.
GridCell roof_cell(const std::optional<Bound>& roof, const Record* record) {
  if (!roof) return {};
  GridCell made = cell(roof->rate);
  if (record != nullptr) made.base = rate_base(*record);
  if (roof->kind != RoofKind::arithmetic) {
    made.text = fmt::format("{} {}", quantity_text(roof->rate.value, made.base),
                            roof->kind == RoofKind::memory ? "mem" : name(roof->kind));
  }
  if (!roof->verified) made.note = "unverified";
  return made;
}

/// What limits the rate: "arithmetic", "memory", "launch".
GridCell bound_cell(const std::optional<Bound>& roof) {
  return roof ? cell(name(roof->kind)) : GridCell{};
}

std::string remarks_text(const ProblemGap& problem) {
  std::vector<std::string> parts = texts(problem.refusals);
  for (const Difference& mark : problem.marks) parts.push_back(text(mark));
  return join(parts, "; ");
}

GridColumn factor_column(std::string key, std::string title, int importance, std::string note) {
  return {.key = std::move(key),
          .title = std::move(title),
          .kind = GridKind::factor,
          .interval = true,
          .note = std::move(note),
          .importance = importance};
}

GridColumn rate_column(std::string key, std::string title, int importance, std::string note) {
  return {.key = std::move(key),
          .title = std::move(title),
          .kind = GridKind::rate,
          .base = "FLOP/s",
          .interval = true,
          .note = std::move(note),
          .importance = importance};
}

std::vector<GridColumn> gaps_columns() {
  const auto on_pages = [](GridColumn column) {
    column.shown = GridShown::on_pages;
    return column;
  };
  const std::string bound =
      "The rate that the device could reach; mem, launch: what binds, if not arithmetic";
  return {
      {.key = "target", .title = "target", .shown = GridShown::on_pages},
      {.key = "operator", .title = "operator", .shown = GridShown::as_data},
      {.key = "type", .title = "type", .shown = GridShown::as_data},
      {.key = "problem", .title = "problem", .importance = 5, .shortens = true},
      rate_column("reference_rate", "reference, library", 3, ""),
      rate_column("reference_roof", "its roof", 1, bound),
      {.key = "reference_bound", .title = "reference bound by", .shown = GridShown::as_data},
      rate_column("target_rate", "target, library", 3, ""),
      rate_column("portable_rate", "portable", 3, "The target's portable kernel"),
      rate_column("target_roof", "target's roof", 1, bound),
      {.key = "target_bound", .title = "target bound by", .shown = GridShown::as_data},
      factor_column("hardware", "HW", 4, ""),
      factor_column("stack", "SW", 4, ""),
      factor_column("portability", "PORT", 4, ""),
      on_pages(factor_column("library_total", "library to library", 0, "")),
      on_pages(factor_column("portable_total", "library to portable", 0, "")),
      {.key = "reference_implementation", .title = "reference's library", .shown = GridShown::on_pages},
      {.key = "target_implementation", .title = "target's library", .shown = GridShown::as_data},
      {.key = "portable_implementation", .title = "target's portable kernel", .shown = GridShown::as_data},
      {.key = "workload", .title = "workload", .shown = GridShown::on_pages},
      {.key = "remarks",
       .title = "remark",
       .kind = GridKind::prose,
       .note = "Ratios that are refused, and conditions that differ or are not stated",
       .importance = 2,
       .shortens = true}};
}

}  // namespace

Grid factors_table(std::span<const Gap> gaps) {
  Grid grid{
      .id = "factors",
      .caption = "Means of the factors, over the problems that both sides have, with their intervals",
      .columns = {{.key = "target", .title = "target", .shown = GridShown::on_pages},
                  {.key = "reference", .title = "reference", .shown = GridShown::as_data},
                  {.key = "scope", .title = "scope", .shown = GridShown::on_pages},
                  {.key = "name", .title = "over", .importance = 5, .shortens = true},
                  {.key = "path",
                   .title = "path",
                   .note = "From the reference's library to the target's library, or to its portable kernel; "
                           "all three factors: "
                           "the problems that have all three factors",
                   .importance = 5},
                  {.key = "problems", .title = "problems", .kind = GridKind::count, .importance = 2},
                  factor_column("hardware", "hardware", 4,
                                "HW: attainable rate of the target over that of the reference"),
                  factor_column(
                      "stack", "stack", 4,
                      "SW: what the target's library reaches of its roof, over the same of the reference"),
                  factor_column("portability", "portability", 4,
                                "PORT: the portable kernel over the library, on the target"),
                  factor_column("software", "stack × portability", 3,
                                "Total over hardware, where the two cannot be told apart"),
                  factor_column("total", "total", 5,
                                "Ratio of the target to the reference, above 1 where the target is ahead"),
                  {.key = "total_log2",
                   .title = "log2",
                   .kind = GridKind::number,
                   .note = "Logarithm of the total to base 2",
                   .importance = 1}},
      .empty = "No factors: there is no reference, or no problem that both sides computed and verified."};
  for (const Gap& gap : gaps) {
    for (const GapSummary& summary : gap.summaries) {
      add_means(grid, gap, summary, "library", summary.library);
      add_means(grid, gap, summary, "portable", summary.portable);
      // Over the same problems as one of the two it says nothing new.
      if (summary.both.problems != summary.portable.problems)
        add_means(grid, gap, summary, "all three factors", summary.both);
    }
  }
  return grid;
}

Grid factors_table(const Findings& findings) {
  return factors_table(findings.gaps);
}

Grid gaps_table(std::span<const Gap> gaps) {
  Grid grid{.id = "gaps",
            .caption = "Factors and rates of each problem",
            .columns = gaps_columns(),
            .empty = "No problems to compare: a gap needs a reference and a target."};
  for (const Gap& gap : gaps) {
    for (const ProblemGap& problem : gap.problems) {
      const Record& record = *problem.any;
      grid.rows.push_back({cell(gap.target),
                           cell(record.operator_name),
                           cell(name(record.types.input)),
                           cell(record.identity.problem),
                           rate_cell(problem.reference_library),
                           roof_cell(problem.reference_roof, problem.any),
                           bound_cell(problem.reference_roof),
                           rate_cell(problem.target_library),
                           portable_cell(problem.target_portable),
                           roof_cell(problem.target_roof, problem.any),
                           bound_cell(problem.target_roof),
                           cell(problem.hardware),
                           cell(problem.stack),
                           cell(problem.portability),
                           cell(problem.library_total),
                           cell(problem.portable_total),
                           implementation_cell(problem.reference_library),
                           implementation_cell(problem.target_library),
                           implementation_cell(problem.target_portable),
                           cell(record.workload),
                           cell(remarks_text(problem))});
    }
  }
  return grid;
}

Grid gaps_table(const Findings& findings) {
  return gaps_table(findings.gaps);
}

}  // namespace moat
