// attention/combine.cl as a shader: joins what the groups of the first step found on their parts of the keys.
#version 460
#include "dialect/vulkan.glsl"
CONSTANT(2, GROUP_X);
CONSTANT(3, CAUSAL);
CONSTANT(4, KEY_DIM);
CONSTANT(5, VALUE_DIM);
layout(binding = 0) readonly buffer Parts { float parts[]; };
layout(binding = 1) buffer O { output_element o[]; };
layout(push_constant) uniform Integers { int rows, splits; };

void main() {
  if (GROUP_ID_0 >= rows) return;
  uint row = GROUP_ID_1 * rows + GROUP_ID_0;
  uint part = row * splits * (VALUE_DIM + 2);
  float most = -INFINITE;
  for (int i = 0; i < splits; ++i) most = LARGER(parts[part + i * (VALUE_DIM + 2) + VALUE_DIM], most);
  // Where all scores are -infinity, the difference would be NaN already here, but the quotient is to be.
  float base = most == -INFINITE ? 0 : most;
  float sum = 0;
  for (int i = 0; i < splits; ++i) {
    uint of_part = part + i * (VALUE_DIM + 2) + VALUE_DIM;
    sum += exp2(parts[of_part] - base) * parts[of_part + 1];
  }
  for (uint column = LOCAL_ID_0; column < VALUE_DIM; column += GROUP_X) {
    float result = 0;
    for (int i = 0; i < splits; ++i) {
      uint of_part = part + i * (VALUE_DIM + 2);
      result = MULTIPLY_ADD(exp2(parts[of_part + VALUE_DIM] - base), parts[of_part + column], result);
    }
    STORE_OUTPUT(result / sum, o, row * VALUE_DIM + column);
  }
}
