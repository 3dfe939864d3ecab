// GEMM for devices that multiply small matrices at once (gemm/matrices.glsl). Groups as in tiled.comp.
#version 460
#include "dialect/vulkan.glsl"
#include "dialect/matrix.glsl"

#include "gemm/product.glsl"
#define LEFT_ELEMENT(row, step) MATRIX_ELEMENT(a, LEFT_AT(row, step))
#define RIGHT_ELEMENT(column, step) MATRIX_ELEMENT(b, RIGHT_AT(column, step))
#include "gemm/matrices.glsl"

void main() {
  uint group_row = GROUP_ID_0 / column_groups;
  uint first_row = group_row * GROUP_ROWS;
  uint first_column = (GROUP_ID_0 - group_row * column_groups) * GROUP_COLUMNS;
  for (uint entry = GROUP_ID_1; entry < batch; entry += GROUPS_1) MULTIPLY_TILES(m, n, k)
}
