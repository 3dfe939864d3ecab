// Convolution as an implicit GEMM for processors with many work-items and local memory (product/slab.cl): each output
// channel's filter times each output pixel's patch, which is gathered on the way to local memory. Rows are what lies
// further apart in the output: channels, or (NHWC) pixels. Each entry is one image's group of channels.
#include "convolution/shape.cl"
#include "product/slab.cl"

// Steps run as the weights lie: c r s, or (NHWC) r s c.
INLINE accumulator patch_element(GLOBAL const input_element* input, convolution shape, int image, int first_c,
                                 int pixel, int step) {
#if NHWC
  int c = step % shape.group_c;
  int rest = step / shape.group_c;
#else
  int rest = step % (shape.r * shape.s);
  int c = step / (shape.r * shape.s);
#endif
  int y = pixel / shape.q * shape.stride_h - shape.pad_h + rest / shape.s * shape.dilation_h;
  int x = pixel % shape.q * shape.stride_w - shape.pad_w + rest % shape.s * shape.dilation_w;
  if (y < 0 || y >= shape.h || x < 0 || x >= shape.w) return 0;
  return LOAD_INPUT(input, INPUT_AT(shape, image, first_c + c, y, x));
}

#define WEIGHT(channel, step) LOAD_INPUT(weights, ((size_t)group * shape.group_k + (channel)) * depth_of_sum + (step))
#define PATCH(pixel, step) patch_element(input, shape, image, group * shape.group_c, (int)(pixel), (int)(step))
#define OUTPUT_OF(channel, pixel) \
  OUTPUT_AT(shape, image, group * shape.group_k + (channel), (pixel) / shape.q, (pixel) % shape.q)
#if NHWC
#define STORE(row, column, sum) STORE_OUTPUT(sum, output, OUTPUT_OF(column, row))
#else
#define STORE(row, column, sum) STORE_OUTPUT(sum, output, OUTPUT_OF(row, column))
#endif

KERNEL GROUP_SHAPE(GROUP_X, GROUP_Y, 1) void tiled(GLOBAL const input_element* RESTRICT input,
                                                   GLOBAL const input_element* RESTRICT weights,
                                                   GLOBAL output_element* RESTRICT output, SHAPE_PARAMETERS,
                                                   int column_groups) {
  convolution shape = SHAPE;
  LOCAL accumulator slab_a[BLOCK_K][GROUP_ROWS + 1];
  LOCAL accumulator slab_b[BLOCK_K][GROUP_COLUMNS + 1];
  size_t group_row = GROUP_ID(0) / column_groups;
  size_t first_row = group_row * GROUP_ROWS;
  size_t first_column = (GROUP_ID(0) - group_row * column_groups) * GROUP_COLUMNS;
  size_t depth_of_sum = (size_t)shape.group_c * r * s;
  for (size_t entry = GROUP_ID(1); entry < (size_t)shape.n * groups; entry += GROUPS(1)) {
    int image = (int)(entry / groups);
    int group = (int)(entry - image * groups);
#if NHWC
    MULTIPLY_SLABS(p * q, shape.group_k, depth_of_sum, PATCH, 1, WEIGHT, 1, STORE)
#else
    MULTIPLY_SLABS(shape.group_k, p * q, depth_of_sum, WEIGHT, 1, PATCH, 0, STORE)
#endif
  }
}
