// Convolution in NHWC as an implicit GEMM for processors with vector registers and caches, with GEMM's tile and block:
// patches (pixels x RSC, which exist only as the panels of one block) times filters (K x RSC, stored transposed). Rows
// of a group's rectangle are output pixels, counted over all images; columns are the output channels of one group.
#include "convolution/shape.cl"
#include "product/tile.cl"

typedef struct {
  GLOBAL const input_element* at;  // the group's first channel of pixel 0
  size_t pitch;
  convolution shape;
  int first, from;  // the rectangle's first pixel, the block's first step
} left_source;

typedef struct {
  GLOBAL const input_element* at;
  GLOBAL const input_element* end;
  size_t pitch;
} right_source;

#define AHEAD_LEFT 0
#define RIGHT_IS_MATRIX 0

INLINE void copy(GLOBAL const input_element* from, int count, GLOBAL factor* to) {
  int i = 0;
  for (; i + VECTOR_WIDTH <= count; i += VECTOR_WIDTH) VECTOR_AT(factor, to + i) = LOAD_INPUTS(from + i);
  for (; i < count; ++i) to[i] = (factor)LOAD_INPUT(from, i);
}

// Steps [from, from + depth) of one pixel's patch. Steps that lie side by side in the image are a line: a row of the
// filter if groups and dilation leave no gaps in it, otherwise one filter element's channels.
INLINE void pack_patch(left_source left, int pixel, int depth, GLOBAL factor* to) {
  convolution s = left.shape;
  int in_rows = s.groups == 1 && s.dilation_w == 1;
  int line = in_rows ? s.s * s.c : s.group_c;
  int image = pixel / (s.p * s.q);
  int p = pixel / s.q - image * s.p;
  int y = p * s.stride_h - s.pad_h;
  int x = pixel % s.q * s.stride_w - s.pad_w;
  int number = left.from / line;
  int begin = left.from - number * line;
  for (int done = 0; done < depth; ++number) {
    int end = MIN(line, begin + depth - done);
    int line_y = y + (in_rows ? number : number / s.s) * s.dilation_h;
    int line_x = in_rows ? x : x + number % s.s * s.dilation_w;
    // What the image has of the line: [first, last).
    int first = in_rows ? MIN(-MIN(line_x, 0), s.s) * s.c : line_x < 0 ? line : 0;
    int last = in_rows ? MIN(s.s, s.w - line_x) * s.c : line_x < s.w ? line : 0;
    if (line_y < 0 || line_y >= s.h || last < first) last = first;
    int i = begin;
    for (; i < MIN(first, end); ++i) *to++ = 0;
    int count = MIN(last, end) - i;
    if (count > 0) {
      copy(left.at + (((size_t)image * s.h + line_y) * s.w + line_x) * s.c + i, count, to);
      to += count;
      i += count;
    }
    for (; i < end; ++i) *to++ = 0;
    done += end - begin;
    begin = 0;
  }
}

INLINE void pack_left(left_source left, int row, int rows, int depth, GLOBAL factor* to) {
  for (int i = 0; i < TILE_M; ++i) {
    pack_patch(left, left.first + row + MIN(i, rows - 1), depth, to);
    to += BLOCK_K;
  }
}

INLINE GLOBAL const input_element* right_at(right_source right, int column) {
  return right.at + column * right.pitch;
}
INLINE void pack_right(right_source right, int column, int columns, int depth, GLOBAL factor* to) {
  pack_b(right_at(right, column), right.end, right.pitch, columns, depth, to);
}
#include "product/block.cl"

// A group's scratch: the panels of B, partial sums where the output cannot hold them, a panel of A.
KERNEL GROUP_SHAPE(1, 1, 1) void pixels(GLOBAL const input_element* RESTRICT input,
                                        GLOBAL const input_element* RESTRICT weights,
                                        GLOBAL output_element* RESTRICT output, GLOBAL factor* RESTRICT scratch,
                                        SHAPE_PARAMETERS, int group_rows, int group_columns, int column_groups,
                                        int group_scratch) {
  convolution shape = SHAPE;
  int depth_of_sum = shape.group_c * r * s;
  size_t group_row = GROUP_ID(0) / column_groups;
  int row = (int)group_row * group_rows;
  int column = (int)(GROUP_ID(0) - group_row * column_groups) * group_columns;
  int rows = MIN(group_rows, n * p * q - row);
  int columns = MIN(group_columns, shape.group_k - column);
  GLOBAL factor* panels_b = scratch + (GROUP_ID(1) * GROUPS(0) + GROUP_ID(0)) * group_scratch;
  GLOBAL factor* partial = panels_b + (size_t)BLOCK_K * group_columns;
  GLOBAL factor* panels_a = partial + (PARTIAL_IN_C ? 0 : (size_t)group_rows * group_columns);
  int blocks = (depth_of_sum - 1) / BLOCK_K + 1;
  int depth = (depth_of_sum - 1) / blocks + 1;
  for (size_t group = GROUP_ID(1); group < (size_t)groups; group += GROUPS(1)) {
    size_t filters = group * shape.group_k + column;
    GLOBAL output_element* to = output + (size_t)row * k + filters;
#if PARTIAL_IN_C
    GLOBAL accumulator* sums = to;
    size_t sums_pitch = k;
#else
    GLOBAL accumulator* sums = (GLOBAL accumulator*)partial;
    size_t sums_pitch = group_columns;
#endif
    for (int block = 0; block < blocks; ++block) {
      int from = block * depth;
      int steps = MIN(depth, depth_of_sum - from);
      left_source left = {input + group * shape.group_c, 0, shape, row, from};
      right_source right = {weights + filters * depth_of_sum + from, weights + (size_t)k * depth_of_sum,
                            depth_of_sum};
      multiply_block(left, right, steps, sums, sums_pitch, rows, columns, block == 0, panels_a, panels_b);
    }
#if !PARTIAL_IN_C
    round_off(sums, sums_pitch, rows, columns, to, k);
#endif
  }
}
