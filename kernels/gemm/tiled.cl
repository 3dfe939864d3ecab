// GEMM for processors with many work-items and local memory: a group of GROUP_X x GROUP_Y work-items brings a
// slab of A and one of B, BLOCK_K deep, to local memory, and each work-item keeps TILE_M x TILE_N sums.
// Group number i * column_groups + j computes GROUP_ROWS x GROUP_COLUMNS outputs.
#define GROUP_ROWS (TILE_M * GROUP_Y)
#define GROUP_COLUMNS (TILE_N * GROUP_X)
#define WORK_ITEMS (GROUP_X * GROUP_Y)

// Neighbouring work-items read neighbouring elements: along K if the matrix lies so, across it otherwise. One
// element of padding keeps their writes in different banks. What is outside the matrix counts as zero.
#define FILL(SLAB, SIZE, MATRIX, BEGIN, END, ALONG_K)            \
  for (int i = item; i < SIZE * BLOCK_K; i += WORK_ITEMS) {      \
    int outer = i / (ALONG_K ? BLOCK_K : SIZE);                  \
    int inner = i - outer * (ALONG_K ? BLOCK_K : SIZE);          \
    int across = ALONG_K ? outer : inner;                        \
    int step = ALONG_K ? inner : outer;                          \
    size_t line = BEGIN + across;                                \
    size_t depth = from + step;                                  \
    size_t at = ALONG_K ? line * k + depth : depth * END + line; \
    int exists = line < (size_t)(END) && depth < (size_t)k;      \
    SLAB[step][across] = exists ? LOAD_INPUT(MATRIX, at) : 0;    \
  }

KERNEL GROUP_SHAPE(GROUP_X, GROUP_Y, 1) void tiled(GLOBAL const input_element* RESTRICT a,
                                                   GLOBAL const input_element* RESTRICT b,
                                                   GLOBAL output_element* RESTRICT c, int m, int n, int k,
                                                   int batch, int column_groups) {
  LOCAL accumulator slab_a[BLOCK_K][GROUP_ROWS + 1];
  LOCAL accumulator slab_b[BLOCK_K][GROUP_COLUMNS + 1];
  size_t group_row = GROUP_ID(0) / column_groups;
  size_t first_row = group_row * GROUP_ROWS;
  size_t first_column = (GROUP_ID(0) - group_row * column_groups) * GROUP_COLUMNS;
  int x = (int)LOCAL_ID(0);
  int y = (int)LOCAL_ID(1);
  int item = y * GROUP_X + x;
  for (size_t entry = GROUP_ID(1); entry < (size_t)batch; entry += GROUPS(1)) {
    GLOBAL const input_element* a_entry = a + entry * m * k;
    GLOBAL const input_element* b_entry = b + entry * k * n;
    GLOBAL output_element* c_entry = c + entry * m * n;
    accumulator sums[TILE_M][TILE_N];
    UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < TILE_N; ++j) sums[i][j] = 0;
    for (size_t from = 0; from < (size_t)k; from += BLOCK_K) {
      FILL(slab_a, GROUP_ROWS, a_entry, first_row, m, !TRANSPOSE_A)
      FILL(slab_b, GROUP_COLUMNS, b_entry, first_column, n, TRANSPOSE_B)
      BARRIER();
      for (int step = 0; step < BLOCK_K; ++step) {
        accumulator of_a[TILE_M];
        accumulator of_b[TILE_N];
        UNROLL for (int i = 0; i < TILE_M; ++i) of_a[i] = slab_a[step][y + i * GROUP_Y];
        UNROLL for (int j = 0; j < TILE_N; ++j) of_b[j] = slab_b[step][x + j * GROUP_X];
        UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < TILE_N; ++j) {
          sums[i][j] = MULTIPLY_ADD(of_a[i], of_b[j], sums[i][j]);
        }
      }
      BARRIER();  // before the slabs are filled anew
    }
    UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < TILE_N; ++j) {
      size_t row = first_row + y + i * GROUP_Y;
      size_t column = first_column + x + j * GROUP_X;
      if (row < (size_t)m && column < (size_t)n) STORE_OUTPUT(sums[i][j], c_entry, row * n + column);
    }
  }
}
