// The floor: one work-item per output, one dot product each, nothing shared.
// Group number i * column_groups + j computes GROUP_Y x GROUP_X outputs.
KERNEL GROUP_SHAPE(GROUP_X, GROUP_Y, 1) void naive(GLOBAL const input_element* RESTRICT a,
                                                   GLOBAL const input_element* RESTRICT b,
                                                   GLOBAL output_element* RESTRICT c, int m, int n, int k,
                                                   int batch, int column_groups) {
  size_t group_row = GROUP_ID(0) / column_groups;
  size_t row = group_row * GROUP_Y + LOCAL_ID(1);
  size_t column = (GROUP_ID(0) - group_row * column_groups) * GROUP_X + LOCAL_ID(0);
  if (row >= (size_t)m || column >= (size_t)n) return;
  // From one factor to the next.
  size_t a_step = TRANSPOSE_A ? m : 1;
  size_t b_step = TRANSPOSE_B ? 1 : n;
  for (size_t entry = GROUP_ID(1); entry < (size_t)batch; entry += GROUPS(1)) {
    GLOBAL const input_element* a_row = a + entry * m * k + row * (TRANSPOSE_A ? 1 : k);
    GLOBAL const input_element* b_column = b + entry * k * n + column * (TRANSPOSE_B ? k : 1);
    accumulator sum = 0;
    for (int i = 0; i < k; ++i) {
      sum = MULTIPLY_ADD(LOAD_INPUT(a_row, i * a_step), LOAD_INPUT(b_column, i * b_step), sum);
    }
    STORE_OUTPUT(sum, c + entry * m * n, row * n + column);
  }
}
