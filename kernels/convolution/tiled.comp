// convolution/tiled.cl as a shader: convolution as an implicit GEMM (product.glsl) with local memory (product/slab.glsl).
#version 460
#include "dialect/vulkan.glsl"

#include "convolution/product.glsl"
#include "product/slab.glsl"

void main() {
  uint group_row = GROUP_ID_0 / column_groups;
  uint first_row = group_row * GROUP_ROWS;
  uint first_column = (GROUP_ID_0 - group_row * column_groups) * GROUP_COLUMNS;
  uint rows = NHWC == 1 ? p * q : GROUP_K;
  uint columns = NHWC == 1 ? GROUP_K : p * q;
  for (uint entry = GROUP_ID_1; entry < uint(n) * groups; entry += GROUPS_1) {
    uint image = entry / groups;
    uint group = entry - image * groups;
    MULTIPLY_TILES(rows, columns, uint(GROUP_C) * r * s)
  }
}
