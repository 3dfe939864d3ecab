// Convolution in NCHW of few channels per group, for processors with vector registers: sums of TILE_M vectors of an
// output plane, one below the other, straight from the stage. One work-item per group, which stages an image's group
// of channels for all filters of it. Needs a scratch of offsets and a stage that one vector more may be read from.
#include "convolution/shape.cl"
#include "convolution/stage.cl"

// Sums at row `p` and column `q` of a plane of `rows` x `columns`, which may have fewer of both than the tile.
INLINE void compute_tile(GLOBAL const factor* stage, GLOBAL const int* offsets, staging staged, convolution shape,
                         GLOBAL const input_element* weights, int p, int q, GLOBAL output_element* plane) {
  int lines[TILE_M];
  VECTOR(factor) sums[TILE_M];
  UNROLL for (int i = 0; i < TILE_M; ++i) {
    lines[i] = MIN(p + i, shape.p - 1) * staged.row_pitch + q;
    sums[i] = SPREAD(factor, 0);
  }
  int filter = shape.r * shape.s;
  for (int c = 0; c < shape.group_c; ++c) {
    for (int element = 0; element < filter; ++element) {
      GLOBAL const factor* from = stage + offsets[element];
      VECTOR(factor) weight = SPREAD(factor, LOAD_INPUT(weights, element));
      UNROLL for (int i = 0; i < TILE_M; ++i) {
        sums[i] = MULTIPLY_ADD(*(GLOBAL const JOIN(unaligned_, factor)*)(from + lines[i]), weight, sums[i]);
      }
    }
    stage += staged.channel_pitch;
    weights += filter;
  }
  GLOBAL output_element* to = plane + (size_t)p * shape.q + q;
  int columns = MIN(VECTOR_WIDTH, shape.q - q);
  UNROLL for (int i = 0; i < TILE_M; ++i) {
    if (p + i < shape.p) {
      VECTOR(accumulator) sum = CONVERT(accumulator, sums[i]);
      if (columns == VECTOR_WIDTH) {
        STORE_OUTPUTS(sum, to);
      } else {
        for (int j = 0; j < columns; ++j) STORE_OUTPUT(((accumulator*)&sum)[j], to, j);
      }
      to += shape.q;
    }
  }
}

KERNEL GROUP_SHAPE(1, 1, 1) void direct(GLOBAL const input_element* RESTRICT input,
                                        GLOBAL const input_element* RESTRICT weights,
                                        GLOBAL output_element* RESTRICT output, GLOBAL factor* RESTRICT scratch,
                                        SHAPE_PARAMETERS, int group_scratch) {
  convolution shape = SHAPE;
  size_t filter = (size_t)r * s;
  GLOBAL int* offsets = (GLOBAL int*)(scratch + GROUP_ID(0) * group_scratch);
  GLOBAL factor* stage = (GLOBAL factor*)(offsets + filter);
  staging staged;
  find_staging(shape, 0, p * q, &staged);
  find_offsets(shape, staged, offsets);
  for (size_t entry = GROUP_ID(0); entry < (size_t)n * groups; entry += GROUPS(0)) {
    size_t image = entry / groups;
    size_t group = entry - image * groups;
    stage_channels(input + (image * c + group * shape.group_c) * h * w, shape, staged, shape.group_c, stage);
    for (size_t k_of_group = 0; k_of_group < (size_t)shape.group_k; ++k_of_group) {
      size_t channel = group * shape.group_k + k_of_group;
      GLOBAL const input_element* of_channel = weights + channel * shape.group_c * filter;
      GLOBAL output_element* plane = output + (image * k + channel) * p * q;
      for (int row = 0; row < p; row += TILE_M) {
        for (int column = 0; column < q; column += VECTOR_WIDTH) {
          // The last vector of a row begins early rather than be cut off.
          int at = q < VECTOR_WIDTH ? 0 : MIN(column, q - VECTOR_WIDTH);
          compute_tile(stage, offsets, staged, shape, of_channel, row, at, plane);
        }
      }
    }
  }
}
