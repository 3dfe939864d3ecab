// Convolution in NCHW as an implicit GEMM for processors with vector registers and caches, with GEMM's tile and block:
// filters (K x CRS, in place) times patches (CRS x pixels), which exist only as the panels of one block. Rows of a
// group's rectangle are output channels, its columns the output pixels of all images in a row (`merged`) or of one.
//
// Panels are gathered from the image itself if a pixel's patch is a pixel (PLAIN: 1 x 1 filters without stride or
// padding); otherwise from a stage: the block's channels, padded, converted, and with strides resolved into phases, in
// each of which the pixels that a filter element meets along a row are neighbours.
#include "convolution/shape.cl"
#include "convolution/stage.cl"
#include "product/tile.cl"

typedef struct {
  GLOBAL const input_element* at;
  GLOBAL const input_element* end;
  size_t pitch;
} left_source;

typedef struct {
  // PLAIN: the block's first channel in image 0; elements from channel to channel and from image to image.
  GLOBAL const input_element* at;
  GLOBAL const input_element* end;
  size_t pitch;
  size_t image_pitch;
  // Otherwise the stage, elements from channel to channel and image to image, where each filter element begins, which
  // one the block begins with, and the first image, row and column that are staged.
  GLOBAL const factor* stage;
  GLOBAL const int* offsets;
  int channel_pitch, stage_pitch, row_pitch, filter, first_element, image, row, column;
  // The rectangle's first pixel, counted over all images; pixels of an image, and of a row of it.
  int first, pixels, q;
} right_source;

#define AHEAD_LEFT 1
#define RIGHT_IS_MATRIX PLAIN

INLINE void pack_left(left_source left, int row, int rows, int depth, GLOBAL factor* to) {
  pack_a(left.at + row * left.pitch, left.end, left.pitch, rows, depth, to);
}

INLINE GLOBAL const input_element* right_at(right_source right, int column) {
  int image = (right.first + column) / right.pixels;
  int pixel = right.first + column - image * right.pixels;
  return pixel + TILE_N <= right.pixels ? right.at + image * right.image_pitch + pixel : 0;
}

// Pixels that lie side by side in the source, `length` of them from column `to` of the panel on.
typedef struct {
  size_t from;
  int to;
  int length;
} run;

INLINE int find_runs(right_source right, int column, int columns, run* runs) {
  int count = 0;
  for (int done = 0; done < columns;) {
    int image = (right.first + column + done) / right.pixels;
    int pixel = right.first + column + done - image * right.pixels;
#if PLAIN
    int length = right.pixels - pixel;
    size_t from = image * right.image_pitch + pixel;
#else
    int row = pixel / right.q;
    int length = right.row_pitch == right.q ? right.pixels - pixel : (row + 1) * right.q - pixel;
    size_t from = (size_t)(image - right.image) * right.stage_pitch +
                  (size_t)(row - right.row) * right.row_pitch + pixel - row * right.q - right.column;
#endif
    length = MIN(length, columns - done);
    run found = {from, done, length};
    runs[count] = found;
    ++count;
    done += length;
  }
  return count;
}

// Vectors overlap what follows in the panel, which is written later.
INLINE void pack_right(right_source right, int column, int columns, int depth, GLOBAL factor* to) {
  run runs[TILE_N];
  int count = find_runs(right, column, columns, runs);
  int width = columns > VECTOR_WIDTH ? TILE_N : VECTOR_WIDTH;
  int element = right.first_element;
#if PLAIN
  GLOBAL const input_element* channel = right.at;
#else
  GLOBAL const factor* channel = right.stage;
#endif
  for (int k = 0; k < depth; ++k) {
    if (columns < width) {  // so that nothing undefined is multiplied
      for (int j = 0; j < width; j += VECTOR_WIDTH) ALIGNED_VECTOR(factor, to + j) = SPREAD(factor, 0);
    }
    for (int i = 0; i < count; ++i) {
      GLOBAL factor* place = to + runs[i].to;
      int length = runs[i].length;
#if PLAIN
      GLOBAL const input_element* from = channel + runs[i].from;
      int j = 0;
      for (; j < length && from + j + VECTOR_WIDTH <= right.end; j += VECTOR_WIDTH) {
        VECTOR_AT(factor, place + j) = LOAD_INPUTS(from + j);
      }
      for (; j < length; ++j) place[j] = (factor)LOAD_INPUT(from, j);
#else
      GLOBAL const factor* from = channel + right.offsets[element] + runs[i].from;
      for (int j = 0; j < length; j += VECTOR_WIDTH) {
        VECTOR_AT(factor, place + j) = *(GLOBAL const JOIN(unaligned_, factor)*)(from + j);
      }
#endif
    }
    to += TILE_N;
#if PLAIN
    channel += right.pitch;
#else
    if (++element == right.filter) {
      element = 0;
      channel += right.channel_pitch;
    }
#endif
  }
}
#include "product/block.cl"

// Rounds finished sums to the images that they belong to.
INLINE void finish(GLOBAL const accumulator* sums, size_t pitch, int rows, int first, int columns, int pixels,
                   size_t image_pitch, GLOBAL output_element* output) {
  for (int done = 0; done < columns;) {
    int image = (first + done) / pixels;
    int pixel = first + done - image * pixels;
    int length = MIN(pixels - pixel, columns - done);
    round_off(sums + done, pitch, rows, length, output + image * image_pitch + pixel, pixels);
    done += length;
  }
}

// A group's scratch: the panels of B, of A, partial sums, offsets, the stage.
KERNEL GROUP_SHAPE(1, 1, 1) void packed(GLOBAL const input_element* RESTRICT input,
                                        GLOBAL const input_element* RESTRICT weights,
                                        GLOBAL output_element* RESTRICT output, GLOBAL factor* RESTRICT scratch,
                                        SHAPE_PARAMETERS, int merged, int group_rows, int group_columns,
                                        int column_groups, int group_scratch) {
  convolution shape = SHAPE;
  int pixels = p * q;
  int filter = r * s;
  int depth_of_sum = shape.group_c * filter;
  size_t group_row = GROUP_ID(0) / column_groups;
  int row = (int)group_row * group_rows;
  int column = (int)(GROUP_ID(0) - group_row * column_groups) * group_columns;
  int rows = MIN(group_rows, shape.group_k - row);
  int columns = MIN(group_columns, (merged ? n * pixels : pixels) - column);
  GLOBAL factor* panels_b = scratch + (GROUP_ID(1) * GROUPS(0) + GROUP_ID(0)) * group_scratch;
  GLOBAL factor* panels_a = panels_b + (size_t)BLOCK_K * group_columns + VECTOR_WIDTH;
  GLOBAL factor* partial = panels_a + BLOCK_K * TILE_M;
  GLOBAL int* offsets = (GLOBAL int*)(partial + ((PARTIAL_IN_C ? merged : 1) ? (size_t)group_rows * group_columns : 0));
  GLOBAL factor* stage = (GLOBAL factor*)(offsets + filter);
  int blocks = (depth_of_sum - 1) / BLOCK_K + 1;
  int depth = (depth_of_sum - 1) / blocks + 1;
  size_t entries = (merged ? 1 : n) * (size_t)groups;
  for (size_t entry = GROUP_ID(1); entry < entries; entry += GROUPS(1)) {
    int image = merged ? 0 : (int)(entry / groups);
    int group = (int)(entry - (size_t)image * groups);
    int first = image * pixels + column;
    int channel = group * shape.group_c;
    int filters = group * shape.group_k + row;
    staging staged;
    find_staging(shape, first, columns, &staged);
    GLOBAL output_element* to = output + (size_t)filters * pixels;
    GLOBAL accumulator* sums = (GLOBAL accumulator*)partial;
    size_t sums_pitch = group_columns;
#if PARTIAL_IN_C
    if (staged.images == 1) {
      sums = to + (size_t)staged.image * k * pixels + (first - staged.image * pixels);
      sums_pitch = pixels;
    }
#endif
#if !PLAIN
    find_offsets(shape, staged, offsets);
#endif
    for (int block = 0; block < blocks; ++block) {
      int from = block * depth;
      int steps = MIN(depth, depth_of_sum - from);
      left_source left = {weights + (size_t)filters * depth_of_sum + from, weights + (size_t)k * depth_of_sum,
                          depth_of_sum};
      int first_channel = channel + from / filter;
      GLOBAL const input_element* image_0 = input + (size_t)first_channel * h * w;
#if !PLAIN
      stage_channels(image_0, shape, staged, (from + steps - 1) / filter - from / filter + 1, stage);
#endif
      right_source right = {image_0,
                            input + (size_t)n * c * h * w,
                            (size_t)h * w,
                            (size_t)c * h * w,
                            stage,
                            offsets,
                            staged.channel_pitch,
                            staged.image_pitch,
                            staged.row_pitch,
                            filter,
                            from % filter,
                            staged.image,
                            staged.row,
                            staged.column,
                            first,
                            pixels,
                            q};
      multiply_block(left, right, steps, sums, sums_pitch, rows, columns, block == 0, panels_a, panels_b);
    }
    if (PARTIAL_IN_C ? staged.images > 1 : 1) {
      finish(sums, sums_pitch, rows, first, columns, pixels, (size_t)k * pixels, to);
    }
  }
}
