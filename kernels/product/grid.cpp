// The search for the best cut:
// every sensible number of column groups and of rounds, by a model of their cost.
#include "kernels/product/grid.h"

#include <algorithm>

#include "kernels/planning.h"

namespace moat {
namespace {

constexpr std::int64_t most_rounds = 8;

/// In times of one tile. The last tile of a column has one third of the rows, two or all (packed.cl); low
/// tiles are less efficient than their share.
double group_cost(std::int64_t rows, std::int64_t columns, const GemmTiling& tiling) {
  const std::int64_t rest = rows % tiling.tile_rows;
  const double last = rest == 0                          ? 0
                      : 3 * rest <= tiling.tile_rows     ? 0.5
                      : 3 * rest <= 2 * tiling.tile_rows ? 0.8
                                                         : 1;
  const std::int64_t whole = rows / tiling.tile_rows;
  const double row_panels = static_cast<double>(whole) + last;
  const auto column_panels = static_cast<double>(divide_up(columns, tiling.tile_columns));
  return tiling.group_cost + row_panels * column_panels + tiling.a_panel_cost * row_panels +
         tiling.b_panel_cost * column_panels;
}

GemmGrid grid_of(std::int64_t m, std::int64_t n, std::int64_t row_groups, std::int64_t column_groups,
                 std::int64_t batch_groups, const GemmTiling& tiling) {
  GemmGrid grid;
  grid.rows = divide_up(m, row_groups);
  grid.columns = divide_up(divide_up(n, column_groups), tiling.tile_columns) * tiling.tile_columns;
  grid.row_groups = divide_up(m, grid.rows);
  grid.column_groups = divide_up(n, grid.columns);
  grid.batch_groups = batch_groups;
  return grid;
}

}  // namespace

GemmGrid cut_gemm(std::int64_t m, std::int64_t n, std::int64_t batch, std::int64_t units,
                  const GemmTiling& tiling) {
  const std::int64_t batch_groups = std::min(batch, most_rounds * units);
  const std::int64_t least_rows = divide_up(m, tiling.most_rows);
  const std::int64_t most_row_groups = std::max(least_rows, divide_up(m, tiling.tile_rows));
  const std::int64_t least_columns = divide_up(n, tiling.most_columns);
  const std::int64_t most_column_groups =
      std::min(divide_up(n, tiling.tile_columns), std::max(least_columns, most_rounds * units));
  GemmGrid best;
  double best_time = 0;
  for (std::int64_t columns = least_columns; columns <= most_column_groups; ++columns) {
    for (std::int64_t rounds = 1; rounds <= most_rounds; ++rounds) {
      const std::int64_t row_groups =
          std::clamp(rounds * units / (columns * batch_groups), least_rows, most_row_groups);
      const GemmGrid grid = grid_of(m, n, row_groups, columns, batch_groups, tiling);
      const double cost = group_cost(std::min(grid.rows, m), std::min(grid.columns, n), tiling) *
                          static_cast<double>(divide_up(batch, batch_groups));
      // Processors that share the machine, or wake late,
      // end late by a part of a group: smaller ones wait less.
      const double time = (static_cast<double>(divide_up(grid.groups(), units)) + 0.1) * cost;
      if (best_time == 0 || time < best_time) {
        best_time = time;
        best = grid;
      }
    }
  }
  return best;
}

}  // namespace moat
