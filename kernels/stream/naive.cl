// The floor: one work-item per element; for the dot product one per RUN products, and one that adds up what
// they found.
#if INPUT_TYPE == F64
#define SCALAR 0.4
#else
#define SCALAR 0.4f
#endif

KERNEL GROUP_SHAPE(GROUP_X, 1, 1) void copy(GLOBAL const input_element* RESTRICT a,
                                            GLOBAL output_element* RESTRICT c, int n) {
  size_t i = GLOBAL_ID(0);
  if (i < (size_t)n) c[i] = a[i];
}

KERNEL GROUP_SHAPE(GROUP_X, 1, 1) void mul(GLOBAL const input_element* RESTRICT a,
                                           GLOBAL output_element* RESTRICT c, int n) {
  size_t i = GLOBAL_ID(0);
  if (i < (size_t)n) c[i] = SCALAR * a[i];
}

KERNEL GROUP_SHAPE(GROUP_X, 1, 1) void add(GLOBAL const input_element* RESTRICT a,
                                           GLOBAL const input_element* RESTRICT b,
                                           GLOBAL output_element* RESTRICT c, int n) {
  size_t i = GLOBAL_ID(0);
  if (i < (size_t)n) c[i] = a[i] + b[i];
}

KERNEL GROUP_SHAPE(GROUP_X, 1, 1) void triad(GLOBAL const input_element* RESTRICT a,
                                             GLOBAL const input_element* RESTRICT b,
                                             GLOBAL output_element* RESTRICT c, int n) {
  size_t i = GLOBAL_ID(0);
  if (i < (size_t)n) c[i] = MULTIPLY_ADD(SCALAR, b[i], a[i]);
}

KERNEL GROUP_SHAPE(GROUP_X, 1, 1) void dot_parts(GLOBAL const input_element* RESTRICT a,
                                                 GLOBAL const input_element* RESTRICT b,
                                                 GLOBAL accumulator* RESTRICT parts, int n) {
  size_t first = GLOBAL_ID(0) * RUN;
  if (first >= (size_t)n) return;
  size_t last = MIN(first + RUN, (size_t)n);
  accumulator sum = 0;
  for (size_t i = first; i < last; ++i) sum = MULTIPLY_ADD(a[i], b[i], sum);
  parts[GLOBAL_ID(0)] = sum;
}

KERNEL GROUP_SHAPE(1, 1, 1) void dot_total(GLOBAL const accumulator* RESTRICT parts,
                                           GLOBAL output_element* RESTRICT c, int count) {
  accumulator sum = 0;
  for (int i = 0; i < count; ++i) sum += parts[i];
  c[0] = sum;
}
