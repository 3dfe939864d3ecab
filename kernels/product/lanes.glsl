// The tile of devices whose work-items exchange registers, for inclusion: no local memory, no barrier. Each of the
// group's GROUP_Y subgroups of GROUP_X work-items computes TILE_M rows and TILE_N * GROUP_X columns. Elements of the left
// factor are loaded once by the subgroup, spread over its work-items as they lie in memory, and broadcast. The including
// file defines LEFT, RIGHT, STORE, PLACE and LEFT_ALONG_K as slab.glsl says.
#include "product/parts.glsl"
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_ballot : require
const int GROUP_ROWS = TILE_M * GROUP_Y;
const int GROUP_COLUMNS = TILE_N * GROUP_X;
const int LEFT_LOADS = (TILE_M + GROUP_X - 1) / GROUP_X;

// One step of K: the products of TILE_M elements ONE(i) of the left factor with TILE_N of the right.
#define ADD_STEP(n, step, ONE)                                                                 \
  {                                                                                            \
    accumulator of_b[TILE_N];                                                                  \
    UNROLL for (int j = 0; j < TILE_N; ++j) {                                                  \
      uint column = min(from_column + j * GROUP_X, (n)-1);                                     \
      of_b[j] = RIGHT(column, step);                                                           \
    }                                                                                          \
    UNROLL for (int i = 0; i < TILE_M; ++i) {                                                  \
      accumulator one = ONE(i);                                                                \
      UNROLL for (int j = 0; j < TILE_N; ++j) {                                                \
        sums[i * TILE_N + j] = MULTIPLY_ADD(one, of_b[j], sums[i * TILE_N + j]);               \
      }                                                                                        \
    }                                                                                          \
  }
#define OF_STEP(i) subgroupBroadcast(steps_of_row[i], ahead)
#define OF_ROW(i) subgroupBroadcast(rows_of_step[i / GROUP_X], i % GROUP_X)

// A group's outputs, from (first_row, first_column) of m x n sums of k products. Beyond the last row, column and step
// the last is loaded again, and not used.
#define MULTIPLY_TILES(m, n, k)                                                                \
  {                                                                                            \
    uint lane = gl_SubgroupInvocationID;                                                       \
    uint from_row = first_row + gl_SubgroupID * TILE_M;                                        \
    uint from_column = first_column + lane;                                                    \
    accumulator sums[TILE_M * TILE_N];                                                         \
    UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < TILE_N; ++j) {          \
      BEGIN_SUM(m, n, from_row + i, from_column + j * GROUP_X, sums[i * TILE_N + j])           \
    }                                                                                          \
    if (LEFT_ALONG_K) {                                                                        \
      for (uint from = first_step; from < last_step; from += GROUP_X) {                        \
        accumulator steps_of_row[TILE_M];                                                      \
        UNROLL for (int i = 0; i < TILE_M; ++i) {                                              \
          uint row = min(from_row + i, (m)-1);                                                 \
          uint of_lane = min(from + lane, (k)-1);                                              \
          steps_of_row[i] = LEFT(row, of_lane);                                                \
        }                                                                                      \
        uint steps = min(uint(GROUP_X), last_step - from);                                     \
        for (uint ahead = 0; ahead < steps; ++ahead) ADD_STEP(n, from + ahead, OF_STEP)        \
      }                                                                                        \
    } else {                                                                                   \
      for (uint step = first_step; step < last_step; ++step) {                                 \
        accumulator rows_of_step[LEFT_LOADS];                                                  \
        UNROLL for (int i = 0; i < LEFT_LOADS; ++i) {                                          \
          uint row = min(from_row + i * GROUP_X + lane, (m)-1);                                \
          rows_of_step[i] = LEFT(row, step);                                                   \
        }                                                                                      \
        ADD_STEP(n, step, OF_ROW)                                                              \
      }                                                                                        \
    }                                                                                          \
    UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < TILE_N; ++j) {          \
      END_SUM(m, n, k, from_row + i, from_column + j * GROUP_X, sums[i * TILE_N + j])          \
    }                                                                                          \
  }
