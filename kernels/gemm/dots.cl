// GEMM of few rows where both matrices lie along K (A as stored, B transposed), as when one token or a few pass
// through a projection: each output is a dot product, and B is read once, in order, and never packed. One
// work-item per group, which owns group_columns columns of C and keeps ROWS x COLUMNS vectors of sums.
KERNEL GROUP_SHAPE(1, 1, 1) void dots(GLOBAL const input_element* RESTRICT a,
                                      GLOBAL const input_element* RESTRICT b,
                                      GLOBAL output_element* RESTRICT c, int m, int n, int k, int batch,
                                      int group_columns) {
  int first = GROUP_ID(0) * group_columns;
  int last = MIN(first + group_columns, n);
  for (size_t entry = GROUP_ID(1); entry < (size_t)batch; entry += GROUPS(1)) {
    for (int column = first; column < last; column += COLUMNS) {
      for (int row = 0; row < m; row += ROWS) {
        // What does not exist repeats the last that does, and is not written.
        GLOBAL const input_element* a_rows[ROWS];
        GLOBAL const input_element* b_rows[COLUMNS];
        VECTOR(factor) sums[ROWS][COLUMNS];
        UNROLL for (int i = 0; i < ROWS; ++i) a_rows[i] = a + (entry * m + MIN(row + i, m - 1)) * k;
        UNROLL for (int j = 0; j < COLUMNS; ++j) b_rows[j] = b + (entry * n + MIN(column + j, n - 1)) * k;
        UNROLL for (int i = 0; i < ROWS; ++i) {
          UNROLL for (int j = 0; j < COLUMNS; ++j) sums[i][j] = SPREAD(factor, 0);
        }
        int step = 0;
        for (; step + VECTOR_WIDTH <= k; step += VECTOR_WIDTH) {
          VECTOR(factor) right[COLUMNS];
          UNROLL for (int j = 0; j < COLUMNS; ++j) {
            right[j] = LOAD_INPUTS(b_rows[j] + step);
            PREFETCH_L1(b_rows[j] + step + AHEAD);
          }
          UNROLL for (int i = 0; i < ROWS; ++i) {
            VECTOR(factor) left = LOAD_INPUTS(a_rows[i] + step);
            UNROLL for (int j = 0; j < COLUMNS; ++j) sums[i][j] = MULTIPLY_ADD(left, right[j], sums[i][j]);
          }
        }
        VECTOR(factor) found[ROWS * COLUMNS];  // in memory, where an index need not be literal
        UNROLL for (int i = 0; i < ROWS; ++i) {
          UNROLL for (int j = 0; j < COLUMNS; ++j) found[i * COLUMNS + j] = sums[i][j];
        }
        for (int i = 0; i < MIN(ROWS, m - row); ++i) {
          for (int j = 0; j < MIN(COLUMNS, last - column); ++j) {
            accumulator sum = 0;
            for (int lane = 0; lane < VECTOR_WIDTH; ++lane) {
              sum += (accumulator)((factor*)found)[(i * COLUMNS + j) * VECTOR_WIDTH + lane];
            }
            size_t left = (entry * m + row + i) * k;
            size_t right = (entry * n + column + j) * k;
            for (int rest = step; rest < k; ++rest) {
              sum += LOAD_INPUT(a, left + rest) * LOAD_INPUT(b, right + rest);
            }
            STORE_OUTPUT(sum, c, (entry * m + row + i) * n + column + j);
          }
        }
      }
    }
  }
}
