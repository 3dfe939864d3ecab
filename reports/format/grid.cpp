// How the cells of a report's tables read.
#include "reports/format/grid.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

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

GridCell cell(std::string text) {
  GridCell made;
  made.text = std::move(text);
  return made;
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

GridCell count_cell(std::size_t count) {
  return cell(static_cast<double>(count));
}

std::string factor_text(double value) {
  if (!std::isfinite(value)) return std::string(none);
  if (value == 0) return "0";
  const double size = std::fabs(value);
  if (size < 0.001) return fmt::format("{:.2e}", value);
  const int digits = 2 - static_cast<int>(std::floor(std::log10(size)));
  return fmt::format("{:.{}f}", value, digits < 0 ? 0 : digits);
}

std::string factor_text(const Factor& factor) {
  if (factor.low == factor.high) return factor_text(factor.value);
  return fmt::format("{} [{}, {}]", factor_text(factor.value), factor_text(factor.low),
                     factor_text(factor.high));
}

std::string pattern_text(const Grid& grid, const GridColumn& column, const std::vector<GridCell>& row) {
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

bool is_numeric(const GridColumn& column) {
  return column.kind != GridKind::text && column.kind != GridKind::prose &&
         column.kind != GridKind::command && column.kind != GridKind::status;
}

}  // namespace moat
