// Cutting a GEMM among groups.
#include "kernels/product/grid.h"

#include "tests/catch.h"

using namespace moat;

namespace {

constexpr GemmTiling tiling{.tile_rows = 12,
                            .tile_columns = 32,
                            .most_rows = 16384,
                            .most_columns = 512,
                            .a_panel_cost = 0.6,
                            .b_panel_cost = 1};

/// Intervals [i * size, ...) of `groups` groups, none empty, cover [0, extent).
bool covers(std::int64_t groups, std::int64_t size, std::int64_t extent) {
  return groups >= 1 && (groups - 1) * size < extent && extent <= groups * size;
}

}  // namespace

TEST_CASE("every output lies in exactly one rectangle, whatever the sizes") {
  const std::int64_t units = GENERATE(1, 2, 3, 64, 1000);
  const std::int64_t m = GENERATE(1, 11, 12, 13, 257, 1000, 4096, 1 << 20, 2147483647);
  const std::int64_t n = GENERATE(1, 31, 33, 256, 511, 10000);
  const std::int64_t batch = GENERATE(1, 7, 100000);
  CAPTURE(units, m, n, batch);
  const GemmGrid grid = cut_gemm(m, n, batch, units, tiling);
  CHECK(covers(grid.row_groups, grid.rows, m));
  CHECK(covers(grid.column_groups, grid.columns, n));
  CHECK(grid.columns % tiling.tile_columns == 0);
  CHECK(grid.rows <= tiling.most_rows);
  CHECK(grid.columns <= tiling.most_columns);
  CHECK(grid.batch_groups >= 1);
  CHECK(grid.batch_groups <= batch);
}

TEST_CASE("no processor is without work where there is enough") {
  const std::int64_t units = GENERATE(2, 3, 7, 16, 128);
  CHECK(cut_gemm(4096, 4096, 1, units, tiling).groups() >= units);
  CHECK(cut_gemm(2048, 64, 1, units, tiling).groups() >= units);
  CHECK(cut_gemm(16, 16, 1000, units, tiling).groups() >= units);
}

TEST_CASE("the number of groups does not grow with the problem without bound") {
  CHECK(cut_gemm(16384, 512, 1, 2, tiling).groups() <= 16);
  CHECK(cut_gemm(32, 32, 1000000, 2, tiling).groups() <= 16);
}
