// The tile of processors with many work-items and local memory, for inclusion: a group of GROUP_X x GROUP_Y work-items
// brings a slab of the left factor and one of the right, BLOCK_K deep, to local memory, and each work-item keeps
// TILE_M x TILE_N sums. The group's outputs are GROUP_ROWS x GROUP_COLUMNS.
#define GROUP_ROWS (TILE_M * GROUP_Y)
#define GROUP_COLUMNS (TILE_N * GROUP_X)
#define WORK_ITEMS (GROUP_X * GROUP_Y)

// Brings SIZE lines of a factor, from BEGIN on, to local memory. ELEMENT(line, step), an accumulator, is asked for by
// neighbouring work-items along K or across it: as neighbours lie in memory. One element of padding keeps their writes
// in different banks. What is outside the matrix (of `LINES` lines) counts as zero.
#define FILL(SLAB, SIZE, BEGIN, LINES, K, ALONG_K, ELEMENT)                                        \
  for (int i = item; i < SIZE * BLOCK_K; i += WORK_ITEMS) {                                        \
    int outer = i / (ALONG_K ? BLOCK_K : SIZE);                                                    \
    int inner = i - outer * (ALONG_K ? BLOCK_K : SIZE);                                            \
    int across = ALONG_K ? outer : inner;                                                          \
    int step = ALONG_K ? inner : outer;                                                            \
    size_t line = BEGIN + across;                                                                  \
    size_t depth = from + step;                                                                    \
    SLAB[step][across] = line < (size_t)(LINES) && depth < (size_t)(K) ? ELEMENT(line, depth) : 0; \
  }

// A group's outputs, from (first_row, first_column) of M x N sums of K products: LEFT(row, step), RIGHT(column, step)
// and STORE(row, column, sum) are macros. slab_a and slab_b are the kernel's: local memory is declared there.
#define MULTIPLY_SLABS(M, N, K, LEFT, LEFT_ALONG_K, RIGHT, RIGHT_ALONG_K, STORE)                    \
  {                                                                                                 \
    int x = (int)LOCAL_ID(0);                                                                       \
    int y = (int)LOCAL_ID(1);                                                                       \
    int item = y * GROUP_X + x;                                                                     \
    accumulator sums[TILE_M][TILE_N];                                                               \
    UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < TILE_N; ++j) sums[i][j] = 0; \
    for (size_t from = 0; from < (size_t)(K); from += BLOCK_K) {                                    \
      FILL(slab_a, GROUP_ROWS, first_row, M, K, LEFT_ALONG_K, LEFT)                                 \
      FILL(slab_b, GROUP_COLUMNS, first_column, N, K, RIGHT_ALONG_K, RIGHT)                         \
      BARRIER();                                                                                    \
      for (int step = 0; step < BLOCK_K; ++step) {                                                  \
        accumulator of_a[TILE_M];                                                                   \
        accumulator of_b[TILE_N];                                                                   \
        UNROLL for (int i = 0; i < TILE_M; ++i) of_a[i] = slab_a[step][y + i * GROUP_Y];            \
        UNROLL for (int j = 0; j < TILE_N; ++j) of_b[j] = slab_b[step][x + j * GROUP_X];            \
        UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < TILE_N; ++j) {           \
          sums[i][j] = MULTIPLY_ADD(of_a[i], of_b[j], sums[i][j]);                                  \
        }                                                                                           \
      }                                                                                             \
      BARRIER(); /* before the slabs are filled anew */                                             \
    }                                                                                               \
    UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < TILE_N; ++j) {               \
      size_t row = first_row + y + i * GROUP_Y;                                                     \
      size_t column = first_column + x + j * GROUP_X;                                               \
      if (row < (size_t)(M) && column < (size_t)(N)) STORE(row, column, sums[i][j]);                \
    }                                                                                               \
  }
