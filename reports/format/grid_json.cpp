// JSON of a table.
#include "reports/format/grid_json.h"

namespace moat {
namespace {

Json value_json(const GridColumn& column, const GridCell& cell) {
  if (!cell.value || (!is_numeric(column) && !cell.text.empty()))
    return cell.text.empty() || is_numeric(column) ? Json(nullptr) : Json(cell.text);
  if (column.kind == GridKind::count) return static_cast<std::int64_t>(*cell.value);
  if (!column.interval) return finite_json(*cell.value);
  const Interval ends = cell.ends.value_or(Interval{*cell.value, *cell.value});
  return {
      {"value", finite_json(*cell.value)}, {"low", finite_json(ends.low)}, {"high", finite_json(ends.high)}};
}

}  // namespace

Json json_rows(const Grid& grid) {
  Json rows = Json::array();
  for (const GridRow& row : grid.rows) {
    Json made = Json::object();
    for (std::size_t i = 0; i < grid.columns.size(); ++i) {
      if (is_data(grid.columns[i])) made[grid.columns[i].key] = value_json(grid.columns[i], row.at(i));
    }
    rows.push_back(std::move(made));
  }
  return rows;
}

}  // namespace moat
