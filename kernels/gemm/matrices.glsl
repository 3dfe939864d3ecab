// The tile of devices that multiply small matrices at once (dialect/matrix.glsl), for inclusion. A group has GROUP_Y
// subgroups of GROUP_X work-items, ACROSS of them side by side; each keeps TILE_M x TILE_N matrices of sums, of
// SHAPE_M x SHAPE_N elements. Slabs of both factors, BLOCK_K deep, go through local memory, where what is outside a
// matrix counts as zero, so that sizes need not be multiples. The including file defines LEFT_ELEMENT(row, step) and
// RIGHT_ELEMENT(column, step), as stored, and STORE, LEFT_ALONG_K and RIGHT_ALONG_K as slab.glsl says.
CONSTANT(6, BLOCK_K);
CONSTANT(9, ACROSS);
CONSTANT(10, SHAPE_M);
CONSTANT(11, SHAPE_N);
CONSTANT(12, SHAPE_K);
const int OWN_ROWS = TILE_M * SHAPE_M;
const int OWN_COLUMNS = TILE_N * SHAPE_N;
const int GROUP_ROWS = GROUP_Y / ACROSS * OWN_ROWS;
const int GROUP_COLUMNS = ACROSS * OWN_COLUMNS;
const int WORK_ITEMS = GROUP_X * GROUP_Y;
// Rows begin at multiples of 16 bytes, as loads of matrices want it, and neighbours in different banks.
const int PAD = INPUT_TYPE == I8 ? 16 : 8;
const int PITCH_A = BLOCK_K + PAD;
const int PITCH_B = GROUP_COLUMNS + PAD;
const int SHAPE_SUMS = SHAPE_M * SHAPE_N;
LOCAL matrix_element slab_a[GROUP_ROWS * PITCH_A];
LOCAL matrix_element slab_b[BLOCK_K * PITCH_B];
LOCAL accumulator slab_c[GROUP_Y * SHAPE_SUMS];

// Brings ROWS x COLUMNS elements to local memory, in the order in which they lie in memory: along the rows or across.
// ELEMENT(row, column) is loaded where IS_INSIDE(row, column).
#define FILL(SLAB, PITCH, ROWS, COLUMNS, ALONG_ROWS, IS_INSIDE, ELEMENT)                     \
  for (int i = item; i < (ROWS) * (COLUMNS); i += WORK_ITEMS) {                              \
    int inner_size = ALONG_ROWS ? COLUMNS : ROWS;                                            \
    int outer = i / inner_size;                                                              \
    int inner = i - outer * inner_size;                                                      \
    int row = ALONG_ROWS ? outer : inner;                                                    \
    int column = ALONG_ROWS ? inner : outer;                                                 \
    matrix_element element = matrix_element(0);                                              \
    if (IS_INSIDE(row, column)) element = ELEMENT(row, column);                              \
    SLAB[row * PITCH + column] = element;                                                    \
  }
#define IN_LEFT(row, step) (first_row + (row) < last_row && from + (step) < last_step)
#define IN_RIGHT(step, column) (first_column + (column) < last_column && from + (step) < last_step)
#define OF_LEFT(row, step) LEFT_ELEMENT(first_row + (row), from + (step))
#define OF_RIGHT(step, column) RIGHT_ELEMENT(first_column + (column), from + (step))

// A group's outputs, from (first_row, first_column) of m x n sums of k products.
#define MULTIPLY_TILES(m, n, k)                                                              \
  {                                                                                          \
    const uint last_row = m;                                                                 \
    const uint last_column = n;                                                              \
    int item = int(LOCAL_ID_1) * GROUP_X + int(LOCAL_ID_0);                                  \
    int subgroup = int(gl_SubgroupID);                                                       \
    int own_row = subgroup / ACROSS * OWN_ROWS;                                              \
    int own_column = subgroup % ACROSS * OWN_COLUMNS;                                        \
    SUM_MATRIX(SHAPE_M, SHAPE_N) sums[TILE_M * TILE_N];                                      \
    UNROLL for (int i = 0; i < TILE_M * TILE_N; ++i) {                                       \
      sums[i] = SUM_MATRIX(SHAPE_M, SHAPE_N)(accumulator(0));                                \
    }                                                                                        \
    for (uint from = 0; from < last_step; from += BLOCK_K) {                                 \
      FILL(slab_a, PITCH_A, GROUP_ROWS, BLOCK_K, LEFT_ALONG_K, IN_LEFT, OF_LEFT)             \
      FILL(slab_b, PITCH_B, BLOCK_K, GROUP_COLUMNS, !RIGHT_ALONG_K, IN_RIGHT, OF_RIGHT)      \
      BARRIER();                                                                             \
      UNROLL for (int step = 0; step < BLOCK_K; step += SHAPE_K) {                           \
        LEFT_MATRIX(SHAPE_M, SHAPE_K) of_a[TILE_M];                                          \
        UNROLL for (int i = 0; i < TILE_M; ++i) {                                            \
          LOAD_MATRIX(of_a[i], slab_a, (own_row + i * SHAPE_M) * PITCH_A + step, PITCH_A);   \
        }                                                                                    \
        UNROLL for (int j = 0; j < TILE_N; ++j) {                                            \
          RIGHT_MATRIX(SHAPE_K, SHAPE_N) of_b;                                               \
          LOAD_MATRIX(of_b, slab_b, step * PITCH_B + own_column + j * SHAPE_N, PITCH_B);     \
          UNROLL for (int i = 0; i < TILE_M; ++i) {                                          \
            sums[i * TILE_N + j] = ADD_MATRICES(of_a[i], of_b, sums[i * TILE_N + j]);        \
          }                                                                                  \
        }                                                                                    \
      }                                                                                      \
      BARRIER(); /* before the slabs are filled anew */                                      \
    }                                                                                        \
    UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < TILE_N; ++j) {        \
      STORE_MATRIX(sums[i * TILE_N + j], slab_c, subgroup * SHAPE_SUMS, SHAPE_N);            \
      BARRIER();                                                                             \
      for (int at = int(gl_SubgroupInvocationID); at < SHAPE_SUMS; at += GROUP_X) {          \
        uint row = first_row + own_row + i * SHAPE_M + at / SHAPE_N;                         \
        uint column = first_column + own_column + j * SHAPE_N + at % SHAPE_N;                \
        if (row < last_row && column < last_column) {                                        \
          STORE(row, column, slab_c[subgroup * SHAPE_SUMS + at]);                            \
        }                                                                                    \
      }                                                                                      \
      BARRIER(); /* before the next sums go the same way */                                  \
    }                                                                                        \
  }
