// Break-even for people and for scripts.
#include "reports/tables/breakeven_text.h"

#include <fmt/format.h>

#include "reports/findings/words.h"
#include "reports/format/factor_json.h"
#include "reports/format/statement_json.h"

namespace moat {
namespace {

constexpr const char* none = "–";

std::string share_text(const std::optional<KnownEfficiency>& known) {
  if (!known) return none;
  return ratio_text(known->share) + (known->verified ? "" : " recalled");
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

std::string breakeven_text(const Breakeven& breakeven, const TableOptions& options) {
  std::string text = fmt::format("{} to match {} (derived: neither was measured)\n\n",
                                 printable(breakeven.target), printable(breakeven.reference));
  Table table({{"operator", Align::left, 6},
               {"type", Align::left, 6},
               {"bound by", Align::left, 5},
               {"problems", Align::right, 2},
               {"hardware", Align::right, 4},
               {"reference reaches", Align::right, 3},
               {"target must reach", Align::right, 6},
               {"published of target", Align::right, 1},
               {"verdict", Align::left, 5}});
  for (const BreakevenRow& row : breakeven.rows) {
    const std::size_t counted = row.problems - row.without_roof;
    std::string required = row.required ? ratio_text(*row.required) : none;
    if (row.required_is_upper_bound) required.insert(0, "at most ");
    table.add_row(
        {{row.operator_name},
         {std::string(name(row.types.input))},
         {row.bound ? std::string(name(*row.bound)) : none},
         {counted == row.problems ? std::to_string(counted) : fmt::format("{}/{}", counted, row.problems)},
         {ratio_text(row.hardware)},
         {share_text(row.reference_efficiency)},
         {required, Tone::strong},
         {share_text(row.target_efficiency)},
         {std::string(name(row.reach)), tone_of(row.reach)}});
  }
  text += table.text(options) + "\n";
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
