// convolution/naive.cl as a shader: one work-item per output, one sum each, nothing shared.
#version 460
#include "dialect/vulkan.glsl"
CONSTANT(2, GROUP_X);
CONSTANT(3, GROUP_Y);
#include "convolution/shape.glsl"

void main() {
  uint group_row = GROUP_ID_0 / column_groups;
  uint row = group_row * GROUP_Y + LOCAL_ID_1;
  uint column = (GROUP_ID_0 - group_row * column_groups) * GROUP_X + LOCAL_ID_0;
  if (row >= (NHWC == 1 ? p * q : k) || column >= (NHWC == 1 ? k : p * q)) return;
  int channel = int(NHWC == 1 ? column : row);
  int pixel = int(NHWC == 1 ? row : column);
  int first_c = channel / GROUP_K * GROUP_C;
  int top = pixel / q * stride_h - pad_h;
  int left = pixel % q * stride_w - pad_w;
  for (uint image = GROUP_ID_1; image < n; image += GROUPS_1) {
    accumulator sum = accumulator(0);
    for (int i = 0; i < GROUP_C; ++i) {
      for (int y = 0; y < r; ++y) {
        int from_y = top + y * dilation_h;
        if (from_y < 0 || from_y >= h) continue;
        for (int x = 0; x < s; ++x) {
          int from_x = left + x * dilation_w;
          if (from_x < 0 || from_x >= w) continue;
          uint at = INPUT_AT(int(image), first_c + i, from_y, from_x);
          uint at_weight = WEIGHT_AT(channel, i, y, x);
          sum = MULTIPLY_ADD(LOAD_INPUT(of_input, at), LOAD_INPUT(of_weights, at_weight), sum);
        }
      }
    }
    uint at = OUTPUT_AT(int(image), channel, pixel / q, pixel % q);
    STORE_OUTPUT(sum, of_output, at);
  }
}
