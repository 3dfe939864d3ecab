// CSV of a table.
#include "reports/format/grid_csv.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "reports/format/csv.h"
#include "reports/format/escape.h"

namespace moat {
namespace {

std::string number(double value) {
  return std::isfinite(value) ? csv_number(value) : "";
}

}  // namespace

std::string csv_header(const Grid& grid) {
  std::string made;
  for (const GridColumn& column : grid.columns) {
    if (!is_data(column)) continue;
    if (!made.empty()) made += ',';
    made += column.key;
    if (column.interval) made += fmt::format(",{0}_low,{0}_high", column.key);
  }
  return made + "\r\n";
}

std::string csv_table(const Grid& grid) {
  std::string made = csv_header(grid);
  for (const GridRow& row : grid.rows) {
    bool is_first = true;
    for (std::size_t i = 0; i < grid.columns.size(); ++i) {
      const GridColumn& column = grid.columns[i];
      if (!is_data(column)) continue;
      const GridCell& cell = row.at(i);
      if (!is_first) made += ',';
      is_first = false;
      // A coverage mark has a value beside its text: the text says more.
      if (cell.value && (is_numeric(column) || cell.text.empty())) {
        made += number(*cell.value);
      } else if (!cell.text.empty()) {
        made += csv_text(printable(cell.text));
      }
      if (!column.interval) continue;
      made += ',' + (cell.ends ? number(cell.ends->low) : "");
      made += ',' + (cell.ends ? number(cell.ends->high) : "");
    }
    made += "\r\n";
  }
  return made;
}

}  // namespace moat
