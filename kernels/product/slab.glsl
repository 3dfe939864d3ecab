// product/slab.cl for shaders, for inclusion: a group of GROUP_X x GROUP_Y work-items brings a slab of the left factor and
// one of the right, BLOCK_K deep, to local memory, and each work-item keeps TILE_M x TILE_N sums. The including file
// defines LEFT(row, step) and RIGHT(column, step), accumulators, STORE(row, column, sum), PLACE(row, column), the output's
// index, and LEFT_ALONG_K and RIGHT_ALONG_K: whether neighbours in memory lie along K.
#include "product/parts.glsl"
CONSTANT(6, BLOCK_K);
const int GROUP_ROWS = TILE_M * GROUP_Y;
const int GROUP_COLUMNS = TILE_N * GROUP_X;
const int WORK_ITEMS = GROUP_X * GROUP_Y;
const int PITCH_A = GROUP_ROWS + 1;  // one element of padding keeps writes in different banks
const int PITCH_B = GROUP_COLUMNS + 1;
// With DOT an element of local memory has four steps of i8.
#if DOT
#include "dialect/dot.glsl"
#define AT_ONCE 4
#define PACK(element, place) (((element)&0xff) << 8 * (place))
#define ADD_PRODUCTS(a, b, sum) (sum + DOT_OF_BYTES(a, b))
#else
#define AT_ONCE 1
#define PACK(element, place) (element)
#define ADD_PRODUCTS(a, b, sum) MULTIPLY_ADD(a, b, sum)
#endif
const int STEPS = (BLOCK_K + AT_ONCE - 1) / AT_ONCE;
LOCAL accumulator slab_a[STEPS * PITCH_A];
LOCAL accumulator slab_b[STEPS * PITCH_B];

// Brings SIZE lines of a factor, from BEGIN on, to local memory; what is outside the matrix (of LINES lines) counts as
// zero.
#define FILL(SLAB, PITCH, SIZE, BEGIN, LINES, K, ALONG_K, ELEMENT)                              \
  for (int i = item; i < SIZE * STEPS; i += WORK_ITEMS) {                                       \
    int inner_size = ALONG_K ? STEPS : SIZE;                                                    \
    int outer = i / inner_size;                                                                 \
    int inner = i - outer * inner_size;                                                         \
    int across = ALONG_K ? outer : inner;                                                       \
    int step = ALONG_K ? inner : outer;                                                         \
    uint line = BEGIN + across;                                                                 \
    accumulator element = accumulator(0);                                                       \
    UNROLL for (int place = 0; place < AT_ONCE; ++place) {                                      \
      uint depth = from + step * AT_ONCE + place;                                               \
      if (line < (LINES) && depth < (K)) element += PACK(ELEMENT(line, depth), place);          \
    }                                                                                           \
    SLAB[step * PITCH + across] = element;                                                      \
  }

// A group's outputs, from (first_row, first_column) of m x n sums of k products.
#define MULTIPLY_TILES(m, n, k)                                                                 \
  {                                                                                             \
    int x = int(LOCAL_ID_0);                                                                    \
    int y = int(LOCAL_ID_1);                                                                    \
    int item = y * GROUP_X + x;                                                                 \
    accumulator sums[TILE_M * TILE_N];                                                          \
    UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < TILE_N; ++j) {           \
      BEGIN_SUM(m, n, first_row + y + i * GROUP_Y, first_column + x + j * GROUP_X,              \
                sums[i * TILE_N + j])                                                           \
    }                                                                                           \
    for (uint from = first_step; from < last_step; from += STEPS * AT_ONCE) {                   \
      FILL(slab_a, PITCH_A, GROUP_ROWS, first_row, m, last_step, LEFT_ALONG_K, LEFT)            \
      FILL(slab_b, PITCH_B, GROUP_COLUMNS, first_column, n, last_step, RIGHT_ALONG_K, RIGHT)    \
      BARRIER();                                                                                \
      for (int step = 0; step < STEPS; ++step) {                                                \
        accumulator of_a[TILE_M];                                                               \
        UNROLL for (int i = 0; i < TILE_M; ++i) of_a[i] = slab_a[step * PITCH_A + y + i * GROUP_Y]; \
        UNROLL for (int j = 0; j < TILE_N; ++j) {                                               \
          accumulator of_b = slab_b[step * PITCH_B + x + j * GROUP_X];                          \
          UNROLL for (int i = 0; i < TILE_M; ++i) {                                             \
            sums[i * TILE_N + j] = ADD_PRODUCTS(of_a[i], of_b, sums[i * TILE_N + j]);           \
          }                                                                                     \
        }                                                                                       \
      }                                                                                         \
      BARRIER(); /* before the slabs are filled anew */                                         \
    }                                                                                           \
    UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < TILE_N; ++j) {           \
      END_SUM(m, n, k, first_row + y + i * GROUP_Y, first_column + x + j * GROUP_X,             \
              sums[i * TILE_N + j])                                                             \
    }                                                                                           \
  }
