// How the cells of a report's tables read.
#include "reports/format/grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "base/units.h"

namespace moat {
namespace {

constexpr std::string_view none = "–";

}  // namespace

std::string_view name(GridKind kind) {
  static constexpr std::array<std::string_view, 10> names{"text", "prose",   "command", "status", "count",
                                                          "rate", "seconds", "percent", "factor", "number"};
  return names.at(static_cast<std::size_t>(kind));
}

GridCell cell(std::string text, Tone tone) {
  GridCell made;
  made.text = std::move(text);
  made.tone = tone;
  return made;
}

GridCell cell(std::string_view text, Tone tone) {
  return cell(std::string(text), tone);
}

GridCell cell(const char* text, Tone tone) {
  return cell(std::string(text), tone);
}

GridCell cell(double value) {
  GridCell made;
  if (std::isfinite(value)) made.value = value;
  return made;
}

GridCell cell(const Factor& factor) {
  GridCell made = cell(factor.value);
  if (made.value) made.ends = Interval{factor.low, factor.high};
  return made;
}

GridCell cell(const std::optional<Factor>& factor) {
  return factor ? cell(*factor) : GridCell{};
}

GridCell cell(const std::optional<double>& value) {
  return value ? cell(*value) : GridCell{};
}

GridCell cell(double value, std::string text, Tone tone) {
  GridCell made = cell(value);
  made.text = std::move(text);
  made.tone = tone;
  return made;
}

GridCell count_cell(std::size_t count) {
  return cell(static_cast<double>(count));
}

std::string pattern_text(const Grid& grid, const GridColumn& column, const GridRow& row) {
  std::string made;
  for (std::size_t at = 0; at < column.pattern.size();) {
    const std::size_t open = column.pattern.find('{', at);
    const std::size_t close = column.pattern.find('}', open == std::string::npos ? at : open);
    if (open == std::string::npos || close == std::string::npos) return made + column.pattern.substr(at);
    made += column.pattern.substr(at, open - at);
    const std::string key = column.pattern.substr(open + 1, close - open - 1);
    for (std::size_t i = 0; i < grid.columns.size(); ++i) {
      if (grid.columns[i].key == key) made += row.at(i).text;
    }
    at = close + 1;
  }
  return made;
}

std::string cell_text(const GridColumn& column, const GridCell& cell) {
  if (!cell.text.empty()) return cell.text;
  if (!cell.value) return is_numeric(column) ? std::string(none) : "";
  const double value = *cell.value;
  switch (column.kind) {
    case GridKind::count:
      return fmt::format("{:.0f}", value);
    case GridKind::rate:
      return quantity_text(value, cell.base.empty() ? column.base : cell.base);
    case GridKind::seconds:
      return seconds_text(value);
    case GridKind::percent:
      return percent_text(value);
    case GridKind::factor:
      return factor_text(cell.ends ? Factor{value, cell.ends->low, cell.ends->high} : exactly(value));
    default:
      return factor_text(value);
  }
}

std::string brief_text(const GridColumn& column, const GridCell& cell) {
  if (!cell.ends || !cell.text.empty()) return cell_text(column, cell);
  GridCell without_ends = cell;
  without_ends.ends.reset();
  return cell_text(column, without_ends);
}

std::string page_title(const GridColumn& column) {
  std::string title = column.title;
  const std::size_t end = std::min(title.find(' '), title.size());
  const bool is_word =
      end > 1 && std::all_of(title.begin(), title.begin() + static_cast<std::ptrdiff_t>(end),
                             [](char c) { return (c >= 'a' && c <= 'z') || c == ',' || c == '/'; });
  if (is_word) title.front() = static_cast<char>(title.front() - 'a' + 'A');
  return title;
}

bool is_on_terminals(const GridColumn& column) {
  return column.shown == GridShown::everywhere || column.shown == GridShown::on_terminals;
}

bool is_on_pages(const GridColumn& column) {
  return column.shown == GridShown::everywhere || column.shown == GridShown::on_pages;
}

bool is_data(const GridColumn& column) {
  return column.shown != GridShown::on_terminals;
}

std::size_t column_place(const Grid& grid, std::string_view key) {
  const auto found = std::ranges::find(grid.columns, key, &GridColumn::key);
  if (found == grid.columns.end()) {
    throw std::logic_error(fmt::format("table '{}' has no column '{}'", grid.id, key));
  }
  return static_cast<std::size_t>(found - grid.columns.begin());
}

bool is_numeric(const GridColumn& column) {
  return column.kind != GridKind::text && column.kind != GridKind::prose &&
         column.kind != GridKind::command && column.kind != GridKind::status;
}

}  // namespace moat
