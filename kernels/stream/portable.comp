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
// How they are read and written: one by one, or (VECTOR_WIDTH is even) by pairs.
#if PAIRS
#define SIZE 2
#define NUMBER vec2
#define OF_A(i) PAIR(pairs_of_a, i)
#define OF_B(i) PAIR(pairs_of_b, i)
#define SET_C(i, value) pairs_of_c[(i) >> 1] = pack64(floatBitsToUint(value))
#define TOTAL(sum) (sum.x + sum.y)
#else
#define SIZE 1
#define NUMBER accumulator
#define OF_A(i) a[i]
#define OF_B(i) b[i]
#define SET_C(i, value) c[i] = value
#define TOTAL(sum) sum
#endif
const int ACCESSES = HELD / SIZE;
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
  NUMBER sums[ACCESSES];
  UNROLL for (int v = 0; v < ACCESSES; ++v) sums[v] = NUMBER(0);
  for (uint at = begin + item * VECTOR_WIDTH; at < rest; at += BLOCK) {
    UNROLL for (int v = 0; v < ACCESSES; ++v) {
      sums[v] = MULTIPLY_ADD(OF_A(at + PLACE(v * SIZE)), OF_B(at + PLACE(v * SIZE)), sums[v]);
    }
  }
  accumulator sum = accumulator(0);
  for (uint i = rest + item; i < end; i += GROUP_X) sum = MULTIPLY_ADD(a[i], b[i], sum);
  UNROLL for (int v = 0; v < ACCESSES; ++v) sum += TOTAL(sums[v]);
  sum = sum_of_group(sum);
  if (item == 0 && begin < n) c[GROUP_ID_0] = sum;
#else
  for (uint at = begin + item * VECTOR_WIDTH; at < rest; at += BLOCK) {
    NUMBER values[ACCESSES];
    UNROLL for (int v = 0; v < ACCESSES; ++v) {
      values[v] = VALUE(OF_A(at + PLACE(v * SIZE)), OF_B(at + PLACE(v * SIZE)));
    }
    UNROLL for (int v = 0; v < ACCESSES; ++v) SET_C(at + PLACE(v * SIZE), values[v]);
  }
  for (uint i = rest + item; i < end; i += GROUP_X) c[i] = VALUE(a[i], b[i]);
#endif
#endif
}
