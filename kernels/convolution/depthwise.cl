// Depthwise convolution in NHWC with one filter per channel, for processors with vector registers: the lanes of a vector
// are channels. One work-item per group, which owns rows of outputs and has its own copy of the weights in scratch,
// transposed, so that those of neighbouring channels are neighbours.
#include "convolution/shape.cl"

#define CHANNELS (TILE_M * VECTOR_WIDTH)

// Channels [channel, channel + CHANNELS) of output row `p` of an image.
INLINE void compute_row(GLOBAL const input_element* image, GLOBAL const factor* weights, convolution shape, int p,
                        int channel, GLOBAL output_element* to) {
  int y = p * shape.stride_h - shape.pad_h;
  for (int q = 0; q < shape.q; ++q) {
    int x = q * shape.stride_w - shape.pad_w;
    VECTOR(factor) sums[TILE_M];
    UNROLL for (int i = 0; i < TILE_M; ++i) sums[i] = SPREAD(factor, 0);
    for (int r = 0; r < shape.r; ++r) {
      int from_y = y + r * shape.dilation_h;
      if (from_y < 0 || from_y >= shape.h) continue;
      for (int s = 0; s < shape.s; ++s) {
        int from_x = x + s * shape.dilation_w;
        if (from_x < 0 || from_x >= shape.w) continue;
        GLOBAL const input_element* from = image + ((size_t)from_y * shape.w + from_x) * shape.c + channel;
        GLOBAL const factor* weight = weights + (size_t)(r * shape.s + s) * shape.c + channel;
        UNROLL for (int i = 0; i < TILE_M; ++i) {
          sums[i] = MULTIPLY_ADD(LOAD_INPUTS(from + i * VECTOR_WIDTH),
                                 *(GLOBAL const JOIN(unaligned_, factor)*)(weight + i * VECTOR_WIDTH), sums[i]);
        }
      }
    }
    UNROLL for (int i = 0; i < TILE_M; ++i) {
      VECTOR(accumulator) sum = CONVERT(accumulator, sums[i]);
      STORE_OUTPUTS(sum, to + channel + i * VECTOR_WIDTH);
    }
    to += shape.k;
  }
}

KERNEL GROUP_SHAPE(1, 1, 1) void depthwise(GLOBAL const input_element* RESTRICT input,
                                           GLOBAL const input_element* RESTRICT weights,
                                           GLOBAL output_element* RESTRICT output, GLOBAL factor* RESTRICT scratch,
                                           SHAPE_PARAMETERS, int group_scratch) {
  convolution shape = SHAPE;
  int filter = r * s;
  GLOBAL factor* transposed = scratch + GROUP_ID(0) * group_scratch;
  for (int channel = 0; channel < c; ++channel) {
    for (int i = 0; i < filter; ++i) {
      transposed[(size_t)i * c + channel] = (factor)LOAD_INPUT(weights, (size_t)channel * filter + i);
    }
  }
  for (size_t row = GROUP_ID(0); row < (size_t)n * p; row += GROUPS(0)) {
    size_t image = row / p;
    GLOBAL output_element* to = output + row * q * k;
    for (int channel = 0; channel < c; channel += CHANNELS) {
      // The last ones begin early rather than be cut off.
      compute_row(input + image * h * w * c, transposed, shape, (int)(row - image * p), MIN(channel, c - CHANNELS), to);
    }
  }
}
