// Break-even for people and for scripts.
#include "reports/tables/breakeven.h"

#include <fmt/format.h>

#include "base/text.h"
#include "base/units.h"
#include "reports/findings/statement_json.h"
#include "reports/findings/words.h"
#include "reports/format/grid_json.h"

namespace moat {
namespace {

GridColumn factor_column(std::string key, std::string title, int importance) {
  return {.key = std::move(key),
          .title = std::move(title),
          .kind = GridKind::factor,
          .interval = true,
          .importance = importance};
}

/// A share of a roof; "recalled" where nobody read it in its source.
GridCell share_cell(const std::optional<KnownEfficiency>& known) {
  if (!known) return {};
  GridCell made = cell(known->share);
  if (!known->verified) made.text = factor_text(known->share) + " recalled";
  made.note = source_text(*known);
  return made;
}

GridCell required_cell(const BreakevenRow& row) {
  GridCell made = cell(row.required);
  if (row.required && row.required_is_upper_bound) made.text = "at most " + factor_text(*row.required);
  made.tone = Tone::strong;
  return made;
}

Tone tone_of(Reach reach) {
  switch (reach) {
    case Reach::within:
      return Tone::good;
    case Reach::out_of_reach:
      return Tone::bad;
    default:
      return Tone::plain;
  }
}

GridColumn data_column(std::string key, GridKind kind = GridKind::text) {
  return {.key = std::move(key), .kind = kind, .shown = GridShown::as_data};
}

/// For programs: how many figures a known efficiency is of, whether their roofs are verified, and their
/// sources.
void add_source_columns(std::vector<GridColumn>& columns, const std::string& whose) {
  columns.push_back(data_column(whose + "_figures", GridKind::count));
  columns.push_back(data_column(whose + "_verified"));
  columns.push_back(data_column(whose + "_sources"));
}

GridCell yes_or_no(bool is) {
  return cell(is ? "yes" : "no");
}

void add_source_cells(GridRow& row, const std::optional<KnownEfficiency>& known) {
  row.push_back(known ? count_cell(known->figures) : GridCell{});
  row.push_back(known ? yes_or_no(known->verified) : GridCell{});
  row.push_back(known ? cell(source_text(*known)) : GridCell{});
}

}  // namespace

Grid breakeven_table(const Breakeven& breakeven) {
  Grid grid{.id = "breakeven",
            .caption = fmt::format("{} to match {}", breakeven.target, breakeven.reference),
            .columns = {{.key = "operator", .title = "operator", .importance = 6},
                        {.key = "input", .title = "type", .importance = 6},
                        {.key = "bound", .title = "bound by", .importance = 5},
                        {.key = "problems",
                         .title = "problems",
                         .kind = GridKind::count,
                         .note = "With roofs, of all",
                         .importance = 2},
                        factor_column("hardware", "hardware", 4),
                        factor_column("reference_efficiency", "reference reaches", 3),
                        factor_column("required", "target must reach", 6),
                        factor_column("target_efficiency", "published of target", 1),
                        {.key = "reach", .title = "verdict", .importance = 5}},
            .empty = "No problems."};
  for (const char* key : {"accumulate", "target_standing", "required_is_upper_bound", "conclusion"})
    grid.columns.push_back(data_column(key));
  grid.columns.push_back(data_column("without_roof", GridKind::count));
  add_source_columns(grid.columns, "reference");
  add_source_columns(grid.columns, "target");
  for (const BreakevenRow& row : breakeven.rows) {
    GridCell problems = count_cell(row.problems);
    if (row.without_roof > 0)
      problems.text = fmt::format("{}/{}", row.problems - row.without_roof, row.problems);
    GridRow cells{cell(row.operator_name),
                  cell(name(row.types.input)),
                  row.bound ? cell(name(*row.bound)) : GridCell{},
                  problems,
                  cell(row.hardware),
                  share_cell(row.reference_efficiency),
                  required_cell(row),
                  share_cell(row.target_efficiency),
                  cell(name(row.reach), tone_of(row.reach)),
                  cell(name(row.types.accumulate)),
                  row.target_standing ? cell(name(*row.target_standing)) : GridCell{},
                  yes_or_no(row.required_is_upper_bound),
                  cell(conclusion_text(row)),
                  count_cell(row.without_roof)};
    add_source_cells(cells, row.reference_efficiency);
    add_source_cells(cells, row.target_efficiency);
    grid.rows.push_back(std::move(cells));
  }
  return grid;
}

std::string breakeven_text(const Breakeven& breakeven, const TableOptions& options) {
  std::string text = fmt::format("{} to match {} (derived: neither was measured)\n\n",
                                 printable(breakeven.target), printable(breakeven.reference));
  text += terminal_table(breakeven_table(breakeven), options) + "\n";
  for (const BreakevenRow& row : breakeven.rows) {
    text +=
        fmt::format("  {} {}{}: {}\n", row.operator_name, name(row.types.input),
                    row.bound ? fmt::format(", bound by {}", name(*row.bound)) : "", conclusion_text(row));
  }
  text += "\n";
  for (const std::string& remark : texts(breakeven.remarks)) text += printable(remark) + "\n";
  text +=
      "Shares are of the roof, min(peak, intensity × bandwidth); "
      "hardware is the target's roof over the reference's.\n";
  return text;
}

Json breakeven_json(const Breakeven& breakeven) {
  return {{"schema", breakeven_schema},
          {"provenance", name(Provenance::derived)},
          {"reference", breakeven.reference},
          {"target", breakeven.target},
          {"rows", json_rows(breakeven_table(breakeven))},
          {"remarks", statements_json(breakeven.remarks)}};
}

}  // namespace moat
