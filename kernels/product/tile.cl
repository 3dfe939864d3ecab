// The tile of processors with vector registers and caches, for inclusion: TILE_M x TILE_N sums in registers, and how
// panels of both factors are brought into shape for it. Must not know where the factors come from (block.cl does).
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
      VECTOR(factor) square[VECTOR_WIDTH];
      UNROLL for (int i = 0; i < VECTOR_WIDTH; ++i) {
        square[i] = LOAD_INPUTS(b + MIN(j + i, columns - 1) * pitch + k);
      }
      transpose(square);
      UNROLL for (int i = 0; i < VECTOR_WIDTH; ++i) {
        ALIGNED_VECTOR(factor, to + (k + i) * TILE_N + j) = square[i];
      }
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
