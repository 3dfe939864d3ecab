// The stage of NCHW kernels for processors with vector registers, for inclusion: a group's channels, padded, converted,
// and with strides resolved into phases, in each of which the pixels that a filter element meets along a row are
// neighbours.

// How the images of a rectangle are staged: phases (stride_h x stride_w, as far as the filter has them) of `rows` rows
// of `row_pitch` pixels, for output rows from `row` on; and, of a single row, for its columns from `column` on.
typedef struct {
  int phases_h, phases_w, rows, row_pitch, image_pitch, channel_pitch;
  int image, images, row, column;
} staging;

// (Filled in rather than returned, which Oclgrind 21.10 cannot run unoptimised.)
INLINE void find_staging(convolution shape, int first, int columns, staging* found) {
  int pixels = shape.p * shape.q;
  found->image = first / pixels;
  found->images = (first + columns - 1) / pixels - found->image + 1;
  int pixel = first - found->image * pixels;
  found->row = found->images == 1 ? pixel / shape.q : 0;
  int end = found->images == 1 ? (pixel + columns - 1) / shape.q + 1 : shape.p;
  int one_row = end - found->row == 1 && found->images == 1;
  found->column = one_row ? pixel - found->row * shape.q : 0;
  found->phases_h = MIN(shape.stride_h, (shape.r - 1) * shape.dilation_h + 1);
  found->phases_w = MIN(shape.stride_w, (shape.s - 1) * shape.dilation_w + 1);
  found->rows = end - found->row + (shape.r - 1) * shape.dilation_h / shape.stride_h;
  found->row_pitch = (one_row ? columns : shape.q) + (shape.s - 1) * shape.dilation_w / shape.stride_w;
  found->image_pitch = found->phases_h * found->phases_w * found->rows * found->row_pitch;
  found->channel_pitch = found->images * found->image_pitch;
}

INLINE void find_offsets(convolution shape, staging s, GLOBAL int* offsets) {
  for (int i = 0; i < shape.r; ++i) {
    for (int j = 0; j < shape.s; ++j) {
      int y = i * shape.dilation_h;
      int x = j * shape.dilation_w;
      int phase = y % shape.stride_h * s.phases_w + x % shape.stride_w;
      offsets[i * shape.s + j] = (phase * s.rows + y / shape.stride_h) * s.row_pitch + x / shape.stride_w;
    }
  }
}

// `count` pixels, `stride` apart.
INLINE void stage_pixels(GLOBAL const input_element* from, int stride, int count, GLOBAL factor* to) {
  int j = 0;
  if (stride == 1) {
    for (; j + VECTOR_WIDTH <= count; j += VECTOR_WIDTH) VECTOR_AT(factor, to + j) = LOAD_INPUTS(from + j);
    for (; j < count; ++j) to[j] = (factor)LOAD_INPUT(from, j);
  } else if (stride == 2) {
    for (; j < count; ++j) to[j] = (factor)LOAD_INPUT(from, 2 * j);
  } else {
    for (; j < count; ++j) to[j] = (factor)LOAD_INPUT(from, j * stride);
  }
}

// One phase (y, x) of one channel's plane.
INLINE void stage_phase(GLOBAL const input_element* plane, convolution shape, staging s, int y, int x,
                        GLOBAL factor* to) {
  // Pixels of a row that lie within the image: [begin, end).
  int left = shape.pad_w - x - s.column * shape.stride_w;
  int begin = left <= 0 ? 0 : MIN((left - 1) / shape.stride_w + 1, s.row_pitch);
  int end = MIN((shape.w + left - 1) / shape.stride_w + 1, s.row_pitch);
  if (shape.w + left <= 0) end = 0;
  for (int i = 0; i < s.rows; ++i) {
    int from = (s.row + i) * shape.stride_h + y - shape.pad_h;
    int exists = from >= 0 && from < shape.h && begin < end;
    int first = exists ? begin : s.row_pitch;
    for (int j = 0; j < first; ++j) to[j] = 0;
    if (exists) {
      GLOBAL const input_element* row = plane + (size_t)from * shape.w + (begin * shape.stride_w - left);
      stage_pixels(row, shape.stride_w, end - begin, to + begin);
      for (int j = end; j < s.row_pitch; ++j) to[j] = 0;
    }
    to += s.row_pitch;
  }
}

// `channels` from the one at `input` (in image 0) on.
INLINE void stage_channels(GLOBAL const input_element* input, convolution shape, staging s, int channels,
                           GLOBAL factor* to) {
  size_t plane = (size_t)shape.h * shape.w;
  for (int c = 0; c < channels; ++c) {
    for (int image = 0; image < s.images; ++image) {
      GLOBAL const input_element* from = input + ((size_t)(s.image + image) * shape.c + c) * plane;
      for (int y = 0; y < s.phases_h; ++y) {
        for (int x = 0; x < s.phases_w; ++x) {
          stage_phase(from, shape, s, y, x, to);
          to += s.rows * s.row_pitch;
        }
      }
    }
  }
  for (int j = 0; j < VECTOR_WIDTH; ++j) to[j] = 0;  // the last vector's rest
}
