// The coverage matrix as a picture.
#include <fmt/format.h>

#include <algorithm>

#include "reports/svg/charts.h"
#include "reports/tables/tables.h"

namespace moat {
namespace {

constexpr std::size_t most_rows = 60;

std::string_view cell_style(const GridCell& cell) {
  if (cell.text.starts_with("✗")) return "bad";
  if (cell.text.starts_with("✓")) return "full";
  return cell.text.starts_with("◐") ? "part" : "none";
}

}  // namespace

Chart coverage_chart(const Findings& findings) {
  Chart chart{"coverage", "Coverage"};
  const Grid grid = coverage_table(findings);
  if (grid.rows.empty()) {
    chart.remarks.emplace_back("No cases.");
    return chart;
  }
  const std::size_t types = grid.columns.size() - 3;
  const std::size_t shown = std::min(grid.rows.size(), most_rows);
  constexpr double label = 330;
  const double wide = types > 0 ? std::max(110.0, 530.0 / static_cast<double>(types)) : 110;
  Canvas canvas(
      "coverage-chart", label + wide * static_cast<double>(types) + 10, "Coverage",
      "Cases with a verified result by device, implementation, operator (rows) and type (columns).");
  constexpr double row_height = 21;
  double y = 20;
  for (std::size_t i = 0; i < types; ++i)
    canvas.text({label + wide * static_cast<double>(i) + 6, y}, grid.columns[i + 3].title, "h");
  y += 8;
  for (std::size_t i = 0; i < shown; ++i) {
    const std::vector<GridCell>& row = grid.rows[i];
    canvas.text({4, y + 14}, cut(fmt::format("{}  {}  {}", row[0].text, row[1].text, row[2].text), 52));
    for (std::size_t j = 0; j < types; ++j) {
      const GridCell& cell = row[j + 3];
      if (cell.text.empty()) continue;
      const double x = label + wide * static_cast<double>(j);
      canvas.box({x, y}, wide - 2, row_height - 2, cell_style(cell), cell.note);
      canvas.text({x + 6, y + 14}, cut(cell.text, static_cast<std::size_t>(wide / 6.4)), "s");
    }
    y += row_height;
  }
  if (grid.rows.size() > shown)
    chart.remarks.push_back(fmt::format("The first {} of {} rows.", shown, grid.rows.size()));
  canvas.set_height(y + 8);
  chart.parts.push_back({std::move(canvas)});
  return chart;
}

}  // namespace moat
