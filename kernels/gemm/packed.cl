// GEMM for processors with vector registers and caches: one work-item per group, which owns a rectangle of C
// (group_rows x group_columns), packs what it needs into its own part of `scratch` as it goes, and keeps a
// tile of TILE_M x TILE_N sums in registers. No group waits for another, so one launch is all.
//
// For each block of BLOCK_K steps of the inner dimension: a panel of A (TILE_M rows) stays in the first-level
// cache while all panels of B (TILE_N columns each, together in the second level) pass by. While the group's
// first panel of A is multiplied, the panels of B are read from the matrix and written to scratch.
#define LINE ((int)(64 / sizeof(input_element)))  // elements in a cache line
#define TILE_VECTORS (TILE_N / VECTOR_WIDTH)
// Panels of A keep A's layout, because transposing costs more than it saves: from row to row and from step to
// step of K. A transposed A is packed A_PANELS panels at a time, so that whole cache lines are read.
#if TRANSPOSE_A
#define A_ROW 1
#define A_STEP ((TILE_M + VECTOR_WIDTH - 1) / VECTOR_WIDTH * VECTOR_WIDTH)
#define A_PANEL (A_STEP * BLOCK_K)
#else
#define A_ROW BLOCK_K
#define A_STEP 1
#define A_PANEL (TILE_M * BLOCK_K)
#endif
// Looking ahead: the lines of the next panels are fetched AHEAD at a time, in AHEAD_STEPS times in all.
#if TRANSPOSE_A
#define AHEAD ((A_PANELS * TILE_M - 1) / LINE + 2)
#define AHEAD_PITCH(pitch) LINE
#define AHEAD_STEP(pitch) (pitch)
#define AHEAD_STEPS(depth) (depth)
#else
#define AHEAD TILE_M
#define AHEAD_PITCH(pitch) (pitch)
#define AHEAD_STEP(pitch) LINE
#define AHEAD_STEPS(depth) (((depth)-1) / LINE + 1)
#endif
// Sums that outlive a block of K must be in the accumulate type; where C is not, they wait in scratch.
#define PARTIAL_IN_C (ACCUMULATE_TYPE == OUTPUT_TYPE)

// Where the sums of a tile go: its first element, elements from row to row, and how much of it exists.
typedef struct {
  GLOBAL accumulator* at;
  size_t pitch;
  int rows;
  int columns;
  int first;  // overwrite; otherwise add
} tile;

// Element (0, 0) of B's panel in the matrix, and where in A to look ahead during this tile.
typedef struct {
  GLOBAL const input_element* b;
  size_t b_pitch;
  GLOBAL const input_element* ahead;
  size_t a_pitch;
  int ahead_steps;
} origin;

// Ways to get B: from its panel; from the matrix, filling the panel; from the matrix alone.
#define FROM_PANEL 0
#define FILL_PANEL 1
#define FROM_MATRIX 2

// MULTIPLY(name, ROWS, VECTORS, WAY): a tile of ROWS x VECTORS * VECTOR_WIDTH. A macro, because loop bounds
// must be literal for the sums to stay in registers.
#define MULTIPLY(NAME, ROWS, VECTORS, WAY)                                                               \
  INLINE void NAME(GLOBAL const factor* a, GLOBAL factor* b, int depth, tile c, origin from) {           \
    VECTOR(factor) sums[ROWS][VECTORS];                                                                  \
    UNROLL for (int i = 0; i < ROWS; ++i) {                                                              \
      UNROLL for (int j = 0; j < VECTORS; ++j) sums[i][j] = SPREAD(factor, 0);                           \
    }                                                                                                    \
    for (int step = 0; step < from.ahead_steps; ++step) {                                                \
      UNROLL for (int i = 0; i < AHEAD; ++i) PREFETCH_L1(from.ahead + i * AHEAD_PITCH(from.a_pitch));    \
      from.ahead += AHEAD_STEP(from.a_pitch);                                                            \
    }                                                                                                    \
    for (int k = 0; k < depth; ++k) {                                                                    \
      VECTOR(factor) row[VECTORS];                                                                       \
      UNROLL for (int j = 0; j < VECTORS; ++j) {                                                         \
        if (WAY == FROM_PANEL) {                                                                         \
          row[j] = ALIGNED_VECTOR(factor, b + j * VECTOR_WIDTH);                                         \
        } else {                                                                                         \
          row[j] = LOAD_INPUTS(from.b + j * VECTOR_WIDTH);                                               \
        }                                                                                                \
        if (WAY == FILL_PANEL) {                                                                         \
          ALIGNED_VECTOR(factor, b + j * VECTOR_WIDTH) = row[j];                                         \
          PREFETCH_L2(from.b + TILE_N + j * VECTOR_WIDTH);                                               \
        }                                                                                                \
      }                                                                                                  \
      UNROLL for (int i = 0; i < ROWS; ++i) {                                                            \
        VECTOR(factor) element = SPREAD(factor, a[i * A_ROW]);                                           \
        UNROLL for (int j = 0; j < VECTORS; ++j) sums[i][j] = MULTIPLY_ADD(element, row[j], sums[i][j]); \
      }                                                                                                  \
      a += A_STEP;                                                                                       \
      b += TILE_N;                                                                                       \
      if (WAY != FROM_PANEL) from.b += from.b_pitch;                                                     \
    }                                                                                                    \
    if (c.columns >= VECTORS * VECTOR_WIDTH) {                                                           \
      UNROLL for (int i = 0; i < ROWS; ++i) if (i < c.rows) UNROLL for (int j = 0; j < VECTORS; ++j) {   \
        GLOBAL accumulator* to = c.at + i * c.pitch + j * VECTOR_WIDTH;                                  \
        VECTOR(accumulator) sum = CONVERT(accumulator, sums[i][j]);                                      \
        if (!c.first) sum += VECTOR_AT(accumulator, to);                                                 \
        VECTOR_AT(accumulator, to) = sum;                                                                \
      }                                                                                                  \
    } else {                                                                                             \
      VECTOR(factor) edge[ROWS * VECTORS];                                                               \
      UNROLL for (int i = 0; i < ROWS; ++i) UNROLL for (int j = 0; j < VECTORS; ++j) {                   \
        edge[i * VECTORS + j] = sums[i][j];                                                              \
      }                                                                                                  \
      for (int i = 0; i < c.rows; ++i)                                                                   \
        for (int j = 0; j < c.columns; ++j) {                                                            \
          accumulator sum = (accumulator)((factor*)edge)[i * VECTORS * VECTOR_WIDTH + j];                \
          c.at[i * c.pitch + j] = c.first ? sum : sum + c.at[i * c.pitch + j];                           \
        }                                                                                                \
    }                                                                                                    \
  }

// MULTIPLY_HEIGHTS(name, VECTORS, WAY): the last tile of a column is as high as it needs to be, in thirds.
#define THIRD ((TILE_M + 2) / 3)
#define MULTIPLY_HEIGHTS(NAME, VECTORS, WAY)                                                   \
  MULTIPLY(NAME##_third, THIRD, VECTORS, WAY)                                                  \
  MULTIPLY(NAME##_thirds, MIN_CONSTANT(2 * THIRD, TILE_M), VECTORS, WAY)                       \
  MULTIPLY(NAME##_full, TILE_M, VECTORS, WAY)                                                  \
  INLINE void NAME(GLOBAL const factor* a, GLOBAL factor* b, int depth, tile c, origin from) { \
    if (c.rows > 2 * THIRD) {                                                                  \
      NAME##_full(a, b, depth, c, from);                                                       \
    } else if (c.rows > THIRD) {                                                               \
      NAME##_thirds(a, b, depth, c, from);                                                     \
    } else {                                                                                   \
      NAME##_third(a, b, depth, c, from);                                                      \
    }                                                                                          \
  }
#define MIN_CONSTANT(a, b) ((a) < (b) ? (a) : (b))

MULTIPLY(multiply_filling, TILE_M, TILE_VECTORS, FILL_PANEL)
MULTIPLY_HEIGHTS(multiply, TILE_VECTORS, FROM_PANEL)
MULTIPLY_HEIGHTS(multiply_narrow, 1, FROM_PANEL)
#if DIRECT_B
MULTIPLY_HEIGHTS(multiply_direct, TILE_VECTORS, FROM_MATRIX)
#endif

// How many of `depth` rows, `pitch` apart, can be read `width` elements wide if `left` elements remain from
// the first one to the end of the tensor. What is read beyond a row is never used, but has to exist.
INLINE int readable_rows(size_t left, size_t pitch, int width, int depth) {
  return left < (size_t)width ? 0 : (int)MIN((left - width) / pitch + 1, (size_t)depth);
}

// Panels of A for `rows` rows, at most A_PANELS * TILE_M; `a` is element (0, 0). Nobody reads the sums of
// rows that do not exist.
INLINE void pack_a(GLOBAL const input_element* a, GLOBAL const input_element* end, size_t pitch, int rows,
                   int depth, GLOBAL factor* to) {
#if TRANSPOSE_A
  int panels = (rows - 1) / TILE_M + 1;
  int readable = readable_rows(end - a, pitch, panels * TILE_M + VECTOR_WIDTH, depth);
  for (int k = 0; k < readable; ++k) {
    for (int panel = 0; panel < panels; ++panel) {
      UNROLL for (int i = 0; i < TILE_M; i += VECTOR_WIDTH) {
        VECTOR_AT(factor, to + panel * A_PANEL + k * A_STEP + i) = LOAD_INPUTS(a + panel * TILE_M + i);
      }
    }
    a += pitch;
  }
  for (int k = readable; k < depth; ++k) {
    for (int panel = 0; panel < panels; ++panel) {
      for (int i = 0; i < TILE_M; ++i) {
        to[panel * A_PANEL + k * A_STEP + i] = (factor)LOAD_INPUT(a, MIN(panel * TILE_M + i, rows - 1));
      }
    }
    a += pitch;
  }
#else
  for (int i = 0; i < TILE_M; ++i) {
    int k = 0;
    for (; k + VECTOR_WIDTH <= depth; k += VECTOR_WIDTH) VECTOR_AT(factor, to + k) = LOAD_INPUTS(a + k);
    for (; k < depth; ++k) to[k] = (factor)LOAD_INPUT(a, k);
    if (i + 1 < rows) a += pitch;
    to += BLOCK_K;
  }
#endif
}

// A panel of B: `columns` of TILE_N exist; nobody reads the sums of others.
INLINE void pack_b(GLOBAL const input_element* b, GLOBAL const input_element* end, size_t pitch, int columns,
                   int depth, GLOBAL factor* to) {
  int width = columns > VECTOR_WIDTH ? TILE_N : VECTOR_WIDTH;
#if TRANSPOSE_B
  for (int j = 0; j < width; j += VECTOR_WIDTH) {
    int k = 0;
    for (; k + VECTOR_WIDTH <= depth; k += VECTOR_WIDTH) {
      // Interleaving vector i with vector i + VECTOR_WIDTH / 2, log2(VECTOR_WIDTH) times, transposes.
      VECTOR(factor) from[VECTOR_WIDTH], next[VECTOR_WIDTH];
      UNROLL for (int i = 0; i < VECTOR_WIDTH; ++i) {
        from[i] = LOAD_INPUTS(b + MIN(j + i, columns - 1) * pitch + k);
      }
      UNROLL for (int step = 1; step < VECTOR_WIDTH; step *= 2) {
        UNROLL for (int i = 0; i < VECTOR_WIDTH / 2; ++i) {
          next[2 * i] = INTERLEAVE_LOW(from[i], from[i + VECTOR_WIDTH / 2]);
          next[2 * i + 1] = INTERLEAVE_HIGH(from[i], from[i + VECTOR_WIDTH / 2]);
        }
        UNROLL for (int i = 0; i < VECTOR_WIDTH; ++i) from[i] = next[i];
      }
      UNROLL for (int i = 0; i < VECTOR_WIDTH; ++i) ALIGNED_VECTOR(factor, to + (k + i) * TILE_N + j) =
          from[i];
    }
    for (; k < depth; ++k) {
      for (int i = 0; i < VECTOR_WIDTH; ++i) {
        to[k * TILE_N + j + i] = (factor)LOAD_INPUT(b, MIN(j + i, columns - 1) * pitch + k);
      }
    }
  }
#else
  int k = 0;
  for (int readable = readable_rows(end - b, pitch, width, depth); k < readable; ++k) {
    for (int j = 0; j < width; j += VECTOR_WIDTH) ALIGNED_VECTOR(factor, to + j) = LOAD_INPUTS(b + j);
    b += pitch;
    to += TILE_N;
  }
  for (; k < depth; ++k) {
    for (int j = 0; j < width; ++j) to[j] = (factor)LOAD_INPUT(b, MIN(j, columns - 1));
    b += pitch;
    to += TILE_N;
  }
#endif
}

// Rounds finished sums to C.
INLINE void round_off(GLOBAL const accumulator* sums, size_t pitch, int rows, int columns,
                      GLOBAL output_element* c, size_t c_pitch) {
  for (int i = 0; i < rows; ++i) {
    int j = 0;
    for (; j + VECTOR_WIDTH <= columns; j += VECTOR_WIDTH)
      STORE_OUTPUTS(VECTOR_AT(accumulator, sums + j), c + j);
    for (; j < columns; ++j) STORE_OUTPUT(sums[j], c, j);
    sums += pitch;
    c += c_pitch;
  }
}

// One block of K for the rectangle of `rows` x `columns` that begins at a, b and c.
INLINE void multiply_block(GLOBAL const input_element* a, GLOBAL const input_element* a_end, size_t a_pitch,
                           GLOBAL const input_element* b, GLOBAL const input_element* b_end, size_t b_pitch,
                           int depth, GLOBAL accumulator* c, size_t c_pitch, int rows, int columns, int first,
                           GLOBAL factor* panels_a, GLOBAL factor* panels_b) {
  // From one panel to the next in the matrix; the next panel of A is fetched in equal parts, one per tile.
  size_t a_panel = TRANSPOSE_A ? TILE_M : TILE_M * a_pitch;
  size_t b_panel = TRANSPOSE_B ? TILE_N * b_pitch : TILE_N;
  int tiles = (columns - 1) / TILE_N + 1;
  int ahead_steps = (AHEAD_STEPS(depth) - 1) / (tiles * A_PANELS) + 1;
  GLOBAL const input_element* ahead = a;
  GLOBAL factor* panel_a = panels_a;
  int packed = 0;  // panels of A from panel_a on
  for (int i = 0; i < rows; i += TILE_M) {
    tile to = {c, c_pitch, MIN(TILE_M, rows - i), 0, first};
    origin from = {b, b_pitch, 0, a_pitch, ahead_steps};
    GLOBAL factor* panel_b = panels_b;
    if (packed == 0) {
      packed = A_PANELS;
      panel_a = panels_a;
      ahead = a + A_PANELS * a_panel;
      pack_a(a, a_end, a_pitch, MIN(A_PANELS * TILE_M, rows - i), depth, panels_a);
    }
    from.ahead = ahead;
    for (int j = 0; j < columns; j += TILE_N) {
      to.columns = MIN(TILE_N, columns - j);
#if DIRECT_B
      if (to.columns == TILE_N) {
        multiply_direct(panel_a, panel_b, depth, to, from);
      } else
#elif !TRANSPOSE_B
      if (i == 0 && to.columns == TILE_N) {
        multiply_filling(panel_a, panel_b, depth, to, from);
      } else
#endif
      {
        if (i == 0) pack_b(from.b, b_end, b_pitch, to.columns, depth, panel_b);
        if (to.columns > VECTOR_WIDTH) {
          multiply(panel_a, panel_b, depth, to, from);
        } else {
          multiply_narrow(panel_a, panel_b, depth, to, from);
        }
      }
      to.at += TILE_N;
      from.b += b_panel;
      from.ahead += ahead_steps * AHEAD_STEP(a_pitch);
      panel_b += TILE_N * BLOCK_K;
    }
    ahead = from.ahead;
    a += a_panel;
    c += TILE_M * c_pitch;
    panel_a += A_PANEL;
    --packed;
  }
}

// Group (i, j) of row_groups x column_groups has number i * column_groups + j. A group's scratch: the panels
// of B, partial sums where C cannot hold them, panels of A.
KERNEL GROUP_SHAPE(1, 1, 1) void packed(GLOBAL const input_element* RESTRICT a,
                                        GLOBAL const input_element* RESTRICT b,
                                        GLOBAL output_element* RESTRICT c, GLOBAL factor* RESTRICT scratch,
                                        int m, int n, int k, int batch, int group_rows, int group_columns,
                                        int column_groups, int group_scratch) {
  size_t group_row = GROUP_ID(0) / column_groups;
  size_t row = group_row * group_rows;
  size_t column = (GROUP_ID(0) - group_row * column_groups) * group_columns;
  int rows = MIN(group_rows, m - (int)row);
  int columns = MIN(group_columns, n - (int)column);
  GLOBAL factor* panels_b = scratch + (GROUP_ID(1) * GROUPS(0) + GROUP_ID(0)) * group_scratch;
  GLOBAL factor* partial = panels_b + (size_t)BLOCK_K * group_columns;
  GLOBAL factor* panels_a = partial + (PARTIAL_IN_C ? 0 : (size_t)group_rows * group_columns);
  size_t a_pitch = TRANSPOSE_A ? m : k;
  size_t b_pitch = TRANSPOSE_B ? k : n;
  int blocks = (k - 1) / BLOCK_K + 1;
  int depth = (k - 1) / blocks + 1;  // equal blocks: a last one of few steps would cost as much as a long one
  for (size_t entry = GROUP_ID(1); entry < (size_t)batch; entry += GROUPS(1)) {
    GLOBAL const input_element* a_from = a + entry * m * k + row * (TRANSPOSE_A ? 1 : a_pitch);
    GLOBAL const input_element* b_from = b + entry * k * n + column * (TRANSPOSE_B ? b_pitch : 1);
    GLOBAL output_element* c_to = c + entry * m * n + row * n + column;
#if PARTIAL_IN_C
    GLOBAL accumulator* sums = c_to;
    size_t sums_pitch = n;
#else
    GLOBAL accumulator* sums = (GLOBAL accumulator*)partial;
    size_t sums_pitch = group_columns;
#endif
    for (int block = 0; block < blocks; ++block) {
      size_t from = (size_t)block * depth;
      int steps = MIN(depth, k - (int)from);
      multiply_block(a_from + from * (TRANSPOSE_A ? a_pitch : 1), a + (size_t)batch * m * k, a_pitch,
                     b_from + from * (TRANSPOSE_B ? 1 : b_pitch), b + (size_t)batch * k * n, b_pitch, steps,
                     sums, sums_pitch, rows, columns, block == 0, panels_a, panels_b);
    }
#if !PARTIAL_IN_C
    round_off(sums, sums_pitch, rows, columns, c_to, n);
#endif
  }
}
