// The floor: one work-item per output, one sum each, nothing shared.
// Neighbouring work-items compute neighbours in memory: lines of them are pixels of one channel, or (NHWC) channels
// of one pixel. Group number i * column_groups + j computes GROUP_Y lines of GROUP_X.
#include "convolution/shape.cl"

KERNEL GROUP_SHAPE(GROUP_X, GROUP_Y, 1) void naive(GLOBAL const input_element* RESTRICT input,
                                                   GLOBAL const input_element* RESTRICT weights,
                                                   GLOBAL output_element* RESTRICT output, SHAPE_PARAMETERS,
                                                   int column_groups) {
  convolution shape = SHAPE;
  size_t group_row = GROUP_ID(0) / column_groups;
  size_t row = group_row * GROUP_Y + LOCAL_ID(1);
  size_t column = (GROUP_ID(0) - group_row * column_groups) * GROUP_X + LOCAL_ID(0);
  if (row >= (size_t)(NHWC ? p * q : k) || column >= (size_t)(NHWC ? k : p * q)) return;
  int channel = (int)(NHWC ? column : row);
  int pixel = (int)(NHWC ? row : column);
  int first_c = channel / shape.group_k * shape.group_c;
  int top = pixel / q * stride_h - pad_h;
  int left = pixel % q * stride_w - pad_w;
  for (size_t image = GROUP_ID(1); image < (size_t)n; image += GROUPS(1)) {
    accumulator sum = 0;
    for (int i = 0; i < shape.group_c; ++i) {
      for (int y = 0; y < r; ++y) {
        int from_y = top + y * dilation_h;
        if (from_y < 0 || from_y >= h) continue;
        for (int x = 0; x < s; ++x) {
          int from_x = left + x * dilation_w;
          if (from_x < 0 || from_x >= w) continue;
          size_t at = INPUT_AT(shape, image, first_c + i, from_y, from_x);
          sum = MULTIPLY_ADD(LOAD_INPUT(input, at), LOAD_INPUT(weights, WEIGHT_AT(shape, channel, i, y, x)), sum);
        }
      }
    }
    STORE_OUTPUT(sum, output, OUTPUT_AT(shape, image, channel, pixel / q, pixel % q));
  }
}
