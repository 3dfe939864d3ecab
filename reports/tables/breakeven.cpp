// Break-even for people and for scripts.
#include "reports/tables/breakeven.h"

#include <fmt/format.h>

#include "base/json.h"
#include "reports/findings/words.h"
#include "reports/format/factor_json.h"
#include "reports/format/statement_json.h"

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

Json json_of(const std::optional<KnownEfficiency>& known) {
  if (!known) return nullptr;
  Json json = factor_json(known->share);
  json["figures"] = known->figures;
  json["verified"] = known->verified;
  json["source"] = source_text(*known);
  json["sources"] = known->sources;
  return json;
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
  for (const BreakevenRow& row : breakeven.rows) {
    GridCell problems = count_cell(row.problems);
    if (row.without_roof > 0)
      problems.text = fmt::format("{}/{}", row.problems - row.without_roof, row.problems);
    grid.rows.push_back({cell(row.operator_name), cell(name(row.types.input)),
                         cell(row.bound ? name(*row.bound) : "–"), problems, cell(row.hardware),
                         share_cell(row.reference_efficiency), required_cell(row),
                         share_cell(row.target_efficiency), cell(name(row.reach), tone_of(row.reach))});
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
      "Shares are of the roof, min(peak, intensity × bandwidth); hardware is the target's roof over the "
      "reference's.\n";
  return text;
}

Json breakeven_json(const Breakeven& breakeven) {
  Json rows = Json::array();
  for (const BreakevenRow& row : breakeven.rows) {
    rows.push_back(
        {{"operator", row.operator_name},
         {"input", name(row.types.input)},
         {"accumulate", name(row.types.accumulate)},
         {"bound", row.bound ? Json(name(*row.bound)) : Json(nullptr)},
         {"problems", row.problems},
         {"without_roof", row.without_roof},
         {"hardware", factor_json(row.hardware)},
         {"reference_efficiency", json_of(row.reference_efficiency)},
         {"required", factor_json(row.required)},
         {"required_is_upper_bound", row.required_is_upper_bound},
         {"target_efficiency", json_of(row.target_efficiency)},
         {"reach", name(row.reach)},
         {"target_standing", row.target_standing ? Json(name(*row.target_standing)) : Json(nullptr)},
         {"conclusion", conclusion_text(row)}});
  }
  return {{"schema", 1},
          {"provenance", name(Provenance::derived)},
          {"reference", breakeven.reference},
          {"target", breakeven.target},
          {"rows", rows},
          {"remarks", texts(breakeven.remarks)},
          {"remarks_data", statements_json(breakeven.remarks)}};
}

}  // namespace moat
