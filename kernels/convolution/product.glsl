// Convolution as an implicit GEMM, for inclusion by tiled.comp and lanes.comp: the two factors, and where outputs go.
// Rows are what lies further apart in the output: channels, or (NHWC) pixels. Each entry is one image's group of
// channels.
CONSTANT(2, GROUP_X);
CONSTANT(3, GROUP_Y);
CONSTANT(4, TILE_M);
CONSTANT(5, TILE_N);
#define IN_PARTS 1
#include "convolution/shape.glsl"
layout(binding = 3) buffer Partial { accumulator partial[]; };

// Steps run as the weights lie: c r s, or (NHWC) r s c.
accumulator patch_element(int image, int first_c, int pixel, int step) {
  int in_filter = NHWC == 1 ? step / GROUP_C : step % (r * s);
  int channel = NHWC == 1 ? step - in_filter * GROUP_C : step / (r * s);
  int row = in_filter / s;
  int y = pixel / q * stride_h - pad_h + row * dilation_h;
  int x = pixel % q * stride_w - pad_w + (in_filter - row * s) * dilation_w;
  accumulator element = accumulator(0);
  if (y >= 0 && y < h && x >= 0 && x < w) {
    uint at = INPUT_AT(image, first_c + channel, y, x);
    element = LOAD_INPUT(of_input, at);
  }
  return element;
}

accumulator weight_element(uint channel, uint step) {
  uint at = channel * (GROUP_C * r * s) + step;
  return LOAD_INPUT(of_weights, at);
}

uint output_place(uint image, uint channel, uint pixel) {
  return OUTPUT_AT(int(image), int(channel), int(pixel) / q, int(pixel) % q);
}

#define WEIGHT(channel, step) weight_element(group * GROUP_K + (channel), step)
#define PATCH(pixel, step) patch_element(int(image), int(group) * GROUP_C, int(pixel), int(step))
#define LEFT(row, step) (NHWC == 1 ? PATCH(row, step) : WEIGHT(row, step))
#define RIGHT(column, step) (NHWC == 1 ? WEIGHT(column, step) : PATCH(column, step))
#define PLACE(row, column) \
  output_place(image, group * GROUP_K + (NHWC == 1 ? column : row), NHWC == 1 ? row : column)
#define STORE(row, column, sum)                                      \
  {                                                                  \
    uint store_at = PLACE(row, column);                              \
    STORE_OUTPUT(sum, of_output, store_at);                          \
  }
#define LEFT_ALONG_K true
#define RIGHT_ALONG_K (NHWC == 1)
