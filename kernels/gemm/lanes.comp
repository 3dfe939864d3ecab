// GEMM for devices whose work-items exchange registers (product/lanes.glsl). Groups as in tiled.comp.
#version 460
#include "dialect/vulkan.glsl"

#include "gemm/product.glsl"
#include "product/lanes.glsl"

void main() {
  uint group_row = GROUP_ID_0 / column_groups;
  uint first_row = group_row * GROUP_ROWS;
  uint first_column = (GROUP_ID_0 - group_row * column_groups) * GROUP_COLUMNS;
  for (uint entry = GROUP_ID_1; entry < batch; entry += GROUPS_1) MULTIPLY_TILES(m, n, k)
}
