// stream/portable.cl as shaders, one for each entry: a group owns `chunk` elements, a multiple of BLOCK, which its
// work-items walk through together, VECTORS times VECTOR_WIDTH neighbours each at a time.
#version 460
#include "dialect/vulkan.glsl"
#define CHUNKED 1
#include "stream/arrays.glsl"
CONSTANT(2, GROUP_X);
CONSTANT(3, VECTORS);
CONSTANT(4, VECTOR_WIDTH);
const int HELD = VECTORS * VECTOR_WIDTH;  // elements of each array that a work-item has at a time
const uint BLOCK = GROUP_X * HELD;
// The i-th of them, from the work-item's first.
#define PLACE(i) (uint(i) / VECTOR_WIDTH * GROUP_X * VECTOR_WIDTH + uint(i) % VECTOR_WIDTH)

#if ENTRY_dot_parts || ENTRY_dot_total
LOCAL accumulator of_item[GROUP_X];
// The sum over a group's work-items, in its first one.
accumulator sum_of_group(accumulator sum) {
  uint item = LOCAL_ID_0;
  of_item[item] = sum;
  for (uint half_way = GROUP_X / 2; half_way > 0; half_way /= 2) {
    BARRIER();
    if (item < half_way) of_item[item] += of_item[item + half_way];
  }
  return of_item[item];
}
#endif

void main() {
  uint item = LOCAL_ID_0;
#if ENTRY_dot_total
  accumulator sum = accumulator(0);
  for (uint i = item; i < n; i += GROUP_X) sum += a[i];
  sum = sum_of_group(sum);
  if (item == 0) c[0] = sum;
#else
  uint begin = min(GROUP_ID_0 * chunk, n);
  uint end = min(begin + chunk, n);
  uint rest = begin + (end - begin) / BLOCK * BLOCK;
#if ENTRY_dot_parts
  accumulator sums[HELD];
  UNROLL for (int v = 0; v < HELD; ++v) sums[v] = accumulator(0);
  for (uint at = begin + item * VECTOR_WIDTH; at < rest; at += BLOCK) {
    UNROLL for (int v = 0; v < HELD; ++v) {
      sums[v] = MULTIPLY_ADD(a[at + PLACE(v)], b[at + PLACE(v)], sums[v]);
    }
  }
  accumulator sum = accumulator(0);
  for (uint i = rest + item; i < end; i += GROUP_X) sum = MULTIPLY_ADD(a[i], b[i], sum);
  UNROLL for (int v = 0; v < HELD; ++v) sum += sums[v];
  sum = sum_of_group(sum);
  if (item == 0 && begin < n) c[GROUP_ID_0] = sum;
#else
  for (uint at = begin + item * VECTOR_WIDTH; at < rest; at += BLOCK) {
    output_element values[HELD];
    UNROLL for (int v = 0; v < HELD; ++v) values[v] = VALUE(a[at + PLACE(v)], b[at + PLACE(v)]);
    UNROLL for (int v = 0; v < HELD; ++v) c[at + PLACE(v)] = values[v];
  }
  for (uint i = rest + item; i < end; i += GROUP_X) c[i] = VALUE(a[i], b[i]);
#endif
#endif
}
