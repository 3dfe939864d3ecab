// How a GEMM is cut among groups that each own a rectangle of C: pure arithmetic on sizes. Must not know
// devices, kernels or types.
#pragma once

#include <cstdint>

namespace moat {

/// What the rectangles are made of, and what it costs to begin one.
struct GemmTiling {
  std::int64_t tile_rows = 1;
  std::int64_t tile_columns = 1;
  std::int64_t most_rows = 1;     // of a rectangle
  std::int64_t most_columns = 1;  // of a rectangle; a multiple of tile_columns
  /// Beginning a group, and bringing a panel of A or B into shape, in times of multiplying one tile.
  double group_cost = 0;
  double a_panel_cost = 0;
  double b_panel_cost = 0;
};

/// Rectangle (i, j) has rows [i * rows, ...) and columns [j * columns, ...), cut off at the matrix's edges.
/// Each of `batch_groups` walks through the batch in steps of `batch_groups`.
struct GemmGrid {
  std::int64_t rows = 1;
  std::int64_t columns = 1;
  std::int64_t row_groups = 1;
  std::int64_t column_groups = 1;
  std::int64_t batch_groups = 1;
  [[nodiscard]] std::int64_t groups() const { return row_groups * column_groups * batch_groups; }
};

/// The cut that ends first on `units` equal processors: enough groups for all of them and no more than pays,
/// because every rectangle packs its own panels.
[[nodiscard]] GemmGrid cut_gemm(std::int64_t m, std::int64_t n, std::int64_t batch, std::int64_t units,
                                const GemmTiling& tiling);

}  // namespace moat
