// Layout of chips: numbers with their intervals and marks, tables, the page of one chip.
#include "commands/chip_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "base/units.h"
#include "reports/findings/words.h"

namespace moat {
namespace {

constexpr const char* legend = "? not verified: recalled or inferred; nobody has read it in its source\n";

/// "A*", or "A*-D" for the best and the worst of several.
std::string confidence_range(const Chip& chip) {
  std::set<Confidence> found;
  for (const ChipQuantity& quantity : chip_quantities(chip)) found.insert(quantity.figure->confidence);
  if (found.empty()) return "";
  const std::string best(name(*found.begin()));
  return found.size() == 1 ? best : fmt::format("{}–{}", best, name(*found.rbegin()));
}

std::string figure_cell(const Figure* figure, double factor) {
  if (figure == nullptr) return "– ";
  // The blank keeps numbers with and without the mark aligned.
  return interval_text(*figure, factor) + (figure->verified ? " " : "?");
}

const Figure* pointer(const std::optional<Figure>& figure) {
  return figure ? &*figure : nullptr;
}

std::string in_words(const Chip& chip) {
  std::string words = fmt::format("{}; figures are for one {}", chip.vendor, name(chip.scope));
  if (!chip.process.empty()) words += "; " + chip.process;
  if (!chip.memory.kind.empty()) words += "; " + chip.memory.kind;
  if (chip.memory.bus_bits) words += fmt::format(", {} bits wide", *chip.memory.bus_bits);
  if (chip.parts) words += fmt::format("; made of {} {}", chip.parts->count, chip.parts->id);
  return words;
}

/// "f16 with sums in f32, matrix units, at 1.8 GHz"
std::string remarks(const ChipQuantity& quantity) {
  std::vector<std::string> parts;
  if (quantity.peak != nullptr && quantity.peak->clock_hertz) {
    parts.push_back("at " + quantity_text(*quantity.peak->clock_hertz, "Hz"));
  }
  if (!quantity.figure->note.empty()) parts.push_back(quantity.figure->note);
  if (quantity.peak != nullptr && !quantity.peak->exception.empty())
    parts.push_back(quantity.peak->exception);
  return join(parts, "; ");
}

}  // namespace

std::string chips_table(const Chips& chips, std::span<const Type> types, const TableOptions& options) {
  std::vector<Column> columns{{"chip", Align::left, 100, false}, {"vendor", Align::left, 5, true}};
  int importance = 90;
  for (const Type type : types)
    columns.push_back({std::string(name(type)), Align::right, importance--, false});
  columns.push_back({"GB", Align::right, 20, false});
  columns.push_back({"GB/s", Align::right, 95, false});
  columns.push_back({"confidence", Align::left, 10, false});
  Table table(columns);
  bool unverified = false;
  for (const Chip* chip : chips) {
    std::vector<Cell> row{{chip->id, Tone::strong}, {chip->vendor, Tone::plain}};
    const auto add = [&](const Figure* figure, double factor) {
      const bool mark = figure != nullptr && !figure->verified;
      unverified = unverified || mark;
      row.push_back({figure_cell(figure, factor), mark ? Tone::faint : Tone::plain});
    };
    for (const Type type : types) add(chip->best_peak(type), 1e12);
    add(pointer(chip->memory.bytes), 1e9);
    add(pointer(chip->memory.bandwidth), 1e9);
    row.push_back({confidence_range(*chip), Tone::plain});
    table.add_row(std::move(row));
  }
  return table.text(options) +
         "\nTypes: dense peaks in TFLOP/s (integers TOP/s), f16, bf16 and f8 with sums in f32, on the "
         "fastest "
         "units.\n" +
         (unverified ? legend : "");
}

std::string chip_page(const Chip& chip, const TableOptions& options) {
  std::string text =
      coloured(printable(fmt::format("{}  {}", chip.id, chip.name)), Tone::strong, options.colour);
  text += "\n" + printable(in_words(chip)) + "\n";
  if (!chip.matches.empty()) {
    text += printable(fmt::format("matches the device names {}", join(chip.matches, ", "))) + "\n";
  }
  if (!chip.note.empty()) text += printable(chip.note) + "\n";
  std::vector<std::pair<std::string, std::string>> sources;  // key and text, as they come
  Table table({{"figure", Align::left, 100, false},
               {"units", Align::left, 20, false},
               {"value", Align::right, 90, false},
               {"", Align::left, 90, false},
               {"confidence", Align::left, 60, false},
               {"sources", Align::left, 50, false},
               {"note", Align::left, 10, true}});
  bool unverified = false;
  for (const ChipQuantity& quantity : chip_quantities(chip)) {
    for (std::size_t i = 0; i < quantity.figure->sources.size(); ++i) {
      std::pair source(quantity.figure->source_keys[i], quantity.figure->sources[i]);
      if (std::find(sources.begin(), sources.end(), source) == sources.end())
        sources.push_back(std::move(source));
    }
    unverified = unverified || !quantity.figure->verified;
    table.add_row({{quantity.name, Tone::plain},
                   {quantity.peak == nullptr ? "" : std::string(name(quantity.peak->engine)), Tone::plain},
                   {figure_cell(quantity.figure, quantity.factor), Tone::plain},
                   {quantity.unit, Tone::plain},
                   {std::string(name(quantity.figure->confidence)), Tone::plain},
                   {join(quantity.figure->source_keys, ", "), Tone::plain},
                   {remarks(quantity), Tone::plain}});
  }
  text += "\n" + table.text(options) + "\nsources\n";
  for (const auto& [key, source] : sources) text += printable(fmt::format("  {:<10} {}", key, source)) + "\n";
  return text + (unverified ? legend : "");
}

std::string comparison_text(const Chips& chips, const TableOptions& options) {
  const Comparison comparison = compare(chips);
  std::vector<Column> columns{{"", Align::left, 100, false}, {"", Align::left, 40, false}};
  for (const Chip* chip : chips) {
    columns.push_back({chip->id, Align::right, 50, false});
    if (chip != chips.front()) columns.push_back({"ratio", Align::right, 90, false});
  }
  Table table(columns);
  bool unverified = false;
  std::vector<std::string> undecided;
  for (const ComparedQuantity& row : comparison) {
    std::vector<Cell> cells{{row.name, Tone::plain}, {row.unit, Tone::plain}};
    for (std::size_t i = 0; i < chips.size(); ++i) {
      const Figure* figure = row.figures[i];
      unverified = unverified || (figure != nullptr && !figure->verified);
      cells.push_back({figure_cell(figure, row.factor), Tone::plain});
      if (i == 0) continue;
      const std::optional<Factor>& ratio = row.ratios[i];
      cells.push_back({ratio ? ratio_text(*ratio) : "–", Tone::strong});
      if (ratio && is_undecided(*ratio)) undecided.push_back(fmt::format("{} of {}", row.name, chips[i]->id));
    }
    table.add_row(std::move(cells));
  }
  std::string text = table.text(options);
  text += fmt::format("\nRatios are relative to {}, with both ends if a figure is an interval.\n",
                      chips.front()->id);
  if (!undecided.empty()) {
    text +=
        printable(fmt::format("It is not known which chip is ahead for {}.", join(undecided, ", "))) + "\n";
  }
  return text + (unverified ? legend : "");
}

}  // namespace moat
