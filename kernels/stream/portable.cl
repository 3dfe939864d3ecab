// Stream for processors of both kinds: a group owns `chunk` elements, a multiple of BLOCK, which its work-items
// walk through together, VECTORS vectors of VECTOR_WIDTH (single elements, if that is not given) each at a time.
// One work-item per group reads one contiguous range; many read neighbours.
#ifdef VECTOR_WIDTH
#define LANES VECTOR_WIDTH
#define VECTOR_OF(array, i) ALIGNED_VECTOR(input_element, array + at + ((i) * GROUP_X + item) * LANES)
#define SOME(type) VECTOR(type)
#else
#define LANES 1
#define VECTOR_OF(array, i) (array)[at + (i) * GROUP_X + item]
#define SOME(type) type
#endif
#define BLOCK ((size_t)GROUP_X * LANES * VECTORS)
#if INPUT_TYPE == F64
#define SCALAR 0.4
#else
#define SCALAR 0.4f
#endif
// Past the caches where the arrays do not fit into them: a line written whole need not be read before.
#if STREAMING
#define STORE_VECTOR(vector, to) STREAM_OUT(vector, to)
#else
#define STORE_VECTOR(vector, to) to = (vector)
#endif

// The range of a group, as far as its blocks are whole, and the rest element by element.
#define FOR_EACH_BLOCK                                   \
  size_t item = LOCAL_ID(0);                             \
  size_t begin = GROUP_ID(0) * (size_t)chunk;            \
  size_t end = MIN(begin + (size_t)chunk, (size_t)n);    \
  size_t rest = begin + (end - begin) / BLOCK * BLOCK;   \
  for (size_t at = begin; at < rest; at += BLOCK)
#define FOR_EACH_OF_REST for (size_t i = rest + item; i < end; i += GROUP_X)

#define ELEMENTWISE(VECTOR_VALUE, ELEMENT_VALUE)                                              \
  FOR_EACH_BLOCK {                                                                            \
    SOME(output_element) values[VECTORS];                                                     \
    UNROLL for (int v = 0; v < VECTORS; ++v) values[v] = VECTOR_VALUE;                        \
    UNROLL for (int v = 0; v < VECTORS; ++v) { STORE_VECTOR(values[v], VECTOR_OF(c, v)); }    \
  }                                                                                           \
  FOR_EACH_OF_REST c[i] = ELEMENT_VALUE;

KERNEL GROUP_SHAPE(GROUP_X, 1, 1) void copy(GLOBAL const input_element* RESTRICT a,
                                            GLOBAL output_element* RESTRICT c, int n, int chunk) {
  ELEMENTWISE(VECTOR_OF(a, v), a[i])
}

KERNEL GROUP_SHAPE(GROUP_X, 1, 1) void mul(GLOBAL const input_element* RESTRICT a,
                                           GLOBAL output_element* RESTRICT c, int n, int chunk) {
  ELEMENTWISE(SCALAR * VECTOR_OF(a, v), SCALAR * a[i])
}

KERNEL GROUP_SHAPE(GROUP_X, 1, 1) void add(GLOBAL const input_element* RESTRICT a,
                                           GLOBAL const input_element* RESTRICT b,
                                           GLOBAL output_element* RESTRICT c, int n, int chunk) {
  ELEMENTWISE(VECTOR_OF(a, v) + VECTOR_OF(b, v), a[i] + b[i])
}

KERNEL GROUP_SHAPE(GROUP_X, 1, 1) void triad(GLOBAL const input_element* RESTRICT a,
                                             GLOBAL const input_element* RESTRICT b,
                                             GLOBAL output_element* RESTRICT c, int n, int chunk) {
  ELEMENTWISE(MULTIPLY_ADD(SCALAR, VECTOR_OF(b, v), VECTOR_OF(a, v)), MULTIPLY_ADD(SCALAR, b[i], a[i]))
}

// The sum over a group's work-items, in its first one.
#if GROUP_X > 1
#define SUM_OF_GROUP(sum)                                          \
  LOCAL accumulator of_item[GROUP_X];                              \
  of_item[LOCAL_ID(0)] = sum;                                      \
  for (int half_way = GROUP_X / 2; half_way > 0; half_way /= 2) {  \
    BARRIER();                                                     \
    if (LOCAL_ID(0) < (size_t)half_way) {                          \
      of_item[LOCAL_ID(0)] += of_item[LOCAL_ID(0) + half_way];     \
    }                                                              \
  }                                                                \
  sum = of_item[LOCAL_ID(0)];
#else
#define SUM_OF_GROUP(sum)
#endif

KERNEL GROUP_SHAPE(GROUP_X, 1, 1) void dot_parts(GLOBAL const input_element* RESTRICT a,
                                                 GLOBAL const input_element* RESTRICT b,
                                                 GLOBAL accumulator* RESTRICT parts, int n, int chunk) {
  SOME(accumulator) sums[VECTORS];
  UNROLL for (int v = 0; v < VECTORS; ++v) sums[v] = 0;
  FOR_EACH_BLOCK {
    UNROLL for (int v = 0; v < VECTORS; ++v) sums[v] = MULTIPLY_ADD(VECTOR_OF(a, v), VECTOR_OF(b, v), sums[v]);
  }
  accumulator sum = 0;
  FOR_EACH_OF_REST sum = MULTIPLY_ADD(a[i], b[i], sum);
  for (int v = 0; v < VECTORS; ++v) {
    for (int lane = 0; lane < LANES; ++lane) sum += ((accumulator*)sums)[v * LANES + lane];
  }
  SUM_OF_GROUP(sum)
  if (item == 0) parts[GROUP_ID(0)] = sum;
}

// One group.
KERNEL GROUP_SHAPE(GROUP_X, 1, 1) void dot_total(GLOBAL const accumulator* RESTRICT parts,
                                                 GLOBAL output_element* RESTRICT c, int count) {
  accumulator sum = 0;
  for (int i = (int)LOCAL_ID(0); i < count; i += GROUP_X) sum += parts[i];
  SUM_OF_GROUP(sum)
  if (LOCAL_ID(0) == 0) c[0] = sum;
}
