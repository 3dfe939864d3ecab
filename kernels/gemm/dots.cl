// GEMM of few rows where both matrices lie along K (A as stored, B transposed), as when one token or a few pass
// through a projection: each output is a dot product, and B is read once and never packed. One work-item per group,
// which owns group_columns columns of C and keeps ROWS x COLUMNS vectors of sums. Where all rows of A exceed the
// first-level cache, K comes in blocks of BLOCK_K, and sums wait in scratch: group_columns x m of each group.
#define FOUND ((ROWS * COLUMNS - 1) / VECTOR_WIDTH + 1)

KERNEL GROUP_SHAPE(1, 1, 1) void dots(GLOBAL const input_element* RESTRICT a,
                                      GLOBAL const input_element* RESTRICT b,
                                      GLOBAL output_element* RESTRICT c, GLOBAL accumulator* RESTRICT scratch,
                                      int m, int n, int k, int batch, int group_columns) {
  int first = GROUP_ID(0) * group_columns;
  int last = MIN(first + group_columns, n);
  GLOBAL accumulator* waiting = scratch + (GROUP_ID(1) * GROUPS(0) + GROUP_ID(0)) * (size_t)group_columns * m;
  // Of a block in the same rows of B, but of all of K further along them.
  size_t ahead = k > BLOCK_K ? (size_t)COLUMNS * k : AHEAD;
  for (size_t entry = GROUP_ID(1); entry < (size_t)batch; entry += GROUPS(1)) {
    int from = 0;
    do {  // once even where K is 0; and no step past the end, which 32 bits might not hold
      int end = MIN(BLOCK_K, k - from) + from;
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
          int step = from;
          for (; step + VECTOR_WIDTH <= end; step += VECTOR_WIDTH) {
            VECTOR(factor) right[COLUMNS];
            UNROLL for (int j = 0; j < COLUMNS; ++j) {
              right[j] = LOAD_INPUTS(b_rows[j] + step);
              PREFETCH_L1(b_rows[j] + step + ahead);
            }
            UNROLL for (int i = 0; i < ROWS; ++i) {
              VECTOR(factor) left = LOAD_INPUTS(a_rows[i] + step);
              UNROLL for (int j = 0; j < COLUMNS; ++j) sums[i][j] = MULTIPLY_ADD(left, right[j], sums[i][j]);
            }
          }
          VECTOR(accumulator) found[FOUND];  // VECTOR_WIDTH sums in each
          UNROLL for (int v = 0; v < FOUND; ++v) {
            VECTOR(accumulator) lanes[VECTOR_WIDTH];
            UNROLL for (int i = 0; i < VECTOR_WIDTH; ++i) {
              int which = v * VECTOR_WIDTH + i < ROWS * COLUMNS ? v * VECTOR_WIDTH + i : 0;
              lanes[i] = CONVERT(accumulator, sums[which / COLUMNS][which % COLUMNS]);
            }
            SUM_LANES(accumulator, lanes)
            found[v] = lanes[0];
          }
          for (int i = 0; i < MIN(ROWS, m - row); ++i) {
            for (int j = 0; j < MIN(COLUMNS, last - column); ++j) {
              accumulator sum = ((accumulator*)found)[i * COLUMNS + j];
              size_t left = (entry * m + row + i) * k;
              size_t right = (entry * n + column + j) * k;
              for (int rest = step; rest < end; ++rest) {
                sum += LOAD_INPUT(a, left + rest) * LOAD_INPUT(b, right + rest);
              }
              GLOBAL accumulator* before = waiting + (size_t)(column + j - first) * m + row + i;
              if (from > 0) sum += *before;
              if (end < k) {
                *before = sum;
              } else {
                STORE_OUTPUT(sum, c, (entry * m + row + i) * n + column + j);
              }
            }
          }
        }
      }
      from = end;
    } while (from < k);
  }
}
