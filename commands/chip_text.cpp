// Layout of chips: numbers with their intervals and marks, tables, the page of one chip.
#include "commands/chip_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "base/units.h"

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

/// A figure that is shown in units of `factor`, with the mark of what nobody verified. The blank keeps
/// numbers with and without the mark aligned.
GridCell figure_cell(const Figure* figure, double factor) {
  if (figure == nullptr) return cell("– ");
  GridCell made = cell(between({figure->low, figure->high}));
  made.text = interval_text(*figure, factor) + (figure->verified ? " " : "?");
  if (!figure->verified) made.tone = Tone::faint;
  return made;
}

bool is_verified(const Chip& chip) {
  return std::ranges::all_of(chip_quantities(chip),
                             [](const ChipQuantity& quantity) { return quantity.figure->verified; });
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

/// "  DS         NVIDIA's datasheet", each source once, as figures name them.
std::string sources_text(const Chip& chip) {
  std::vector<std::pair<std::string, std::string>> sources;
  for (const ChipQuantity& quantity : chip_quantities(chip)) {
    for (std::size_t i = 0; i < quantity.figure->sources.size(); ++i) {
      std::pair source(quantity.figure->source_keys[i], quantity.figure->sources[i]);
      if (std::ranges::find(sources, source) == sources.end()) sources.push_back(std::move(source));
    }
  }
  std::string text;
  for (const auto& [key, source] : sources) text += printable(fmt::format("  {:<10} {}", key, source)) + "\n";
  return text;
}

}  // namespace

Grid chips_table(const Chips& chips, std::span<const Type> types) {
  Grid grid{.id = "chips",
            .caption = "Dense peaks, memory and bandwidth",
            .columns = {{.key = "chip", .title = "chip", .importance = 100},
                        {.key = "vendor", .title = "vendor", .importance = 5, .shortens = true}}};
  const auto add_column = [&](std::string_view key, std::string_view title, int importance) {
    grid.columns.push_back({.key = std::string(key),
                            .title = std::string(title),
                            .kind = GridKind::rate,
                            .interval = true,
                            .importance = importance});
  };
  int importance = 90;
  for (const Type type : types) add_column(name(type), name(type), importance--);
  add_column("memory_bytes", "GB", 20);
  add_column("bytes_per_second", "GB/s", 95);
  grid.columns.push_back({.key = "confidence", .title = "confidence", .importance = 10});
  for (const Chip* chip : chips) {
    GridRow row{cell(chip->id, Tone::strong), cell(chip->vendor)};
    for (const Type type : types) row.push_back(figure_cell(chip->best_peak(type), 1e12));
    row.push_back(figure_cell(pointer(chip->memory.bytes), 1e9));
    row.push_back(figure_cell(pointer(chip->memory.bandwidth), 1e9));
    row.push_back(cell(confidence_range(*chip)));
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

Grid chip_table(const Chip& chip) {
  Grid grid{
      .id = "chip",
      .caption = "Figures of " + chip.id,
      .columns = {
          {.key = "figure", .title = "figure", .importance = 100},
          {.key = "engine", .title = "units", .importance = 20},
          {.key = "value", .title = "value", .kind = GridKind::rate, .interval = true, .importance = 90},
          {.key = "unit", .title = "unit", .importance = 90},
          {.key = "confidence", .title = "confidence", .importance = 60},
          {.key = "sources", .title = "sources", .importance = 50},
          {.key = "note", .title = "note", .importance = 10, .shortens = true}}};
  for (const ChipQuantity& quantity : chip_quantities(chip)) {
    grid.rows.push_back({cell(quantity.name),
                         cell(quantity.peak == nullptr ? "" : name(quantity.peak->engine)),
                         figure_cell(quantity.figure, quantity.factor), cell(quantity.unit),
                         cell(name(quantity.figure->confidence)),
                         cell(join(quantity.figure->source_keys, ", ")), cell(remarks(quantity))});
  }
  return grid;
}

Grid comparison_table(const Chips& chips) {
  Grid grid{.id = "comparison",
            .caption = "Chips side by side",
            .columns = {{.key = "figure", .title = "figure", .importance = 100},
                        {.key = "unit", .title = "unit", .importance = 40}}};
  for (const Chip* chip : chips) {
    grid.columns.push_back(
        {.key = chip->id, .title = chip->id, .kind = GridKind::rate, .interval = true, .importance = 50});
    if (chip == chips.front()) continue;
    grid.columns.push_back({.key = chip->id + "_ratio",
                            .title = "ratio",
                            .kind = GridKind::factor,
                            .interval = true,
                            .importance = 90});
  }
  for (const ComparedQuantity& row : compare(chips)) {
    GridRow cells{cell(row.name), cell(row.unit)};
    for (std::size_t i = 0; i < chips.size(); ++i) {
      cells.push_back(figure_cell(row.figures[i], row.factor));
      if (i == 0) continue;
      cells.push_back(cell(row.ratios[i]));
      cells.back().tone = Tone::strong;
    }
    grid.rows.push_back(std::move(cells));
  }
  return grid;
}

std::string chips_text(const Chips& chips, std::span<const Type> types, const TableOptions& options) {
  const Grid grid = chips_table(chips, types);
  const bool all_verified = std::ranges::none_of(grid.rows, [](const GridRow& row) {
    return std::ranges::any_of(row, [](const GridCell& figure) { return figure.text.ends_with('?'); });
  });
  return terminal_table(grid, options) +
         "\nTypes: dense peaks in TFLOP/s (integers TOP/s), f16, bf16 and f8 with sums in f32, "
         "on the fastest units.\n" +
         (all_verified ? "" : legend);
}

std::string chip_page(const Chip& chip, const TableOptions& options) {
  std::string text =
      coloured(printable(fmt::format("{}  {}", chip.id, chip.name)), Tone::strong, options.colour);
  text += "\n" + printable(in_words(chip)) + "\n";
  if (!chip.matches.empty()) {
    text += printable(fmt::format("matches the device names {}", join(chip.matches, ", "))) + "\n";
  }
  if (!chip.note.empty()) text += printable(chip.note) + "\n";
  text += "\n" + terminal_table(chip_table(chip), options) + "\nsources\n" + sources_text(chip);
  return text + (is_verified(chip) ? "" : legend);
}

std::string comparison_text(const Chips& chips, const TableOptions& options) {
  std::string text = terminal_table(comparison_table(chips), options);
  text += fmt::format("\nRatios are relative to {}, with both ends if a figure is an interval.\n",
                      chips.front()->id);
  std::vector<std::string> undecided;
  bool all_verified = true;
  for (const ComparedQuantity& row : compare(chips)) {
    for (std::size_t i = 0; i < chips.size(); ++i) {
      all_verified = all_verified && (row.figures[i] == nullptr || row.figures[i]->verified);
      if (row.ratios[i] && is_undecided(*row.ratios[i]))
        undecided.push_back(fmt::format("{} of {}", row.name, chips[i]->id));
    }
  }
  if (!undecided.empty()) {
    text +=
        printable(fmt::format("It is not known which chip is ahead for {}.", join(undecided, ", "))) + "\n";
  }
  return text + (all_verified ? "" : legend);
}

}  // namespace moat
