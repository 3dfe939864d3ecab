// gemm/naive.cl as a shader: one work-item per output, one dot product each, nothing shared.
#version 460
#include "dialect/vulkan.glsl"

CONSTANT(2, GROUP_X);
CONSTANT(3, GROUP_Y);
CONSTANT(4, TRANSPOSE_A);
CONSTANT(5, TRANSPOSE_B);
layout(binding = 0) readonly buffer A { input_element a[]; };
layout(binding = 1) readonly buffer B { input_element b[]; };
layout(binding = 2) buffer C { output_element c[]; };
layout(push_constant) uniform Integers { uint m, n, k, batch, column_groups; };

void main() {
  uint group_row = GROUP_ID_0 / column_groups;
  uint row = group_row * GROUP_Y + LOCAL_ID_1;
  uint column = (GROUP_ID_0 - group_row * column_groups) * GROUP_X + LOCAL_ID_0;
  if (row >= m || column >= n) return;
  // From one factor to the next.
  uint a_step = TRANSPOSE_A == 1 ? m : 1;
  uint b_step = TRANSPOSE_B == 1 ? 1 : n;
  for (uint entry = GROUP_ID_1; entry < batch; entry += GROUPS_1) {
    uint at_a = entry * m * k + row * (TRANSPOSE_A == 1 ? 1 : k);
    uint at_b = entry * k * n + column * (TRANSPOSE_B == 1 ? k : 1);
    accumulator sum = accumulator(0);
    for (uint i = 0; i < k; ++i) {
      sum = MULTIPLY_ADD(LOAD_INPUT(a, at_a), LOAD_INPUT(b, at_b), sum);
      at_a += a_step;
      at_b += b_step;
    }
    STORE_OUTPUT(sum, c, entry * m * n + row * n + column);
  }
}
