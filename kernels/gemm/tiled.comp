// gemm/tiled.cl as a shader: GEMM with local memory (product/slab.glsl).
#version 460
#include "dialect/vulkan.glsl"

#include "gemm/product.glsl"
#include "product/slab.glsl"

void main() {
  uint group_row = GROUP_ID_0 / column_groups;
  uint first_row = group_row * GROUP_ROWS;
  uint first_column = (GROUP_ID_0 - group_row * column_groups) * GROUP_COLUMNS;
  for (uint entry = GROUP_ID_1; entry < batch; entry += GROUPS_1) MULTIPLY_TILES(m, n, k)
}
