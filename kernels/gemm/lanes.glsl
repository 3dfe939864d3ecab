// The tile of devices whose work-items exchange registers, for inclusion: no local memory, no barrier. Each of the
// group's GROUP_Y subgroups of GROUP_X work-items computes TILE_M rows and TILE_N * GROUP_X columns. A step of the left
// factor is loaded once by the subgroup, spread over its work-items, and every element broadcast. The including file
// defines LEFT, RIGHT and STORE as slab.glsl says.
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_ballot : require
const int GROUP_ROWS = TILE_M * GROUP_Y;
const int GROUP_COLUMNS = TILE_N * GROUP_X;
const int LEFT_LOADS = (TILE_M + GROUP_X - 1) / GROUP_X;

// A group's outputs, from (first_row, first_column) of m x n sums of k products. Beyond the last row and column the
// last is loaded again, and not stored.
#define MULTIPLY_TILES(m, n, k)                                                                          \
  {                                                                                                      \
    uint lane = gl_SubgroupInvocationID;                                                                 \
    uint from_row = first_row + gl_SubgroupID * TILE_M;                                                  \
    uint from_column = first_column + lane;                                                              \
    accumulator sums[TILE_M * TILE_N];                                                                   \
    UNROLL for (int i = 0; i < TILE_M * TILE_N; ++i) sums[i] = accumulator(0);                           \
    for (uint step = 0; step < (k); ++step) {                                                            \
      accumulator of_a[LEFT_LOADS];                                                                      \
      UNROLL for (int i = 0; i < LEFT_LOADS; ++i) {                                                      \
        uint row = min(from_row + i * GROUP_X + lane, (m)-1);                                            \
        of_a[i] = LEFT(row, step);                                                                       \
      }                                                                                                  \
      accumulator of_b[TILE_N];                                                                          \
      UNROLL for (int j = 0; j < TILE_N; ++j) {                                                          \
        uint column = min(from_column + j * GROUP_X, (n)-1);                                             \
        of_b[j] = RIGHT(column, step);                                                                   \
      }                                                                                                  \
      UNROLL for (int i = 0; i < TILE_M; ++i) {                                                          \
        accumulator one = subgroupBroadcast(of_a[i / GROUP_X], i % GROUP_X);                             \
        UNROLL for (int j = 0; j < TILE_N; ++j) {                                                        \
          sums[i * TILE_N + j] = MULTIPLY_ADD(one, of_b[j], sums[i * TILE_N + j]);                       \
        }                                                                                                \
      }                                                                                                  \
    }                                                                                                    \
    UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < TILE_N; ++j) {                    \
      uint row = from_row + i;                                                                           \
      uint column = from_column + j * GROUP_X;                                                           \
      if (row < (m) && column < (n)) STORE(row, column, sums[i * TILE_N + j]);                           \
    }                                                                                                    \
  }
