// Attention for devices whose work-items exchange registers: each of the group's GROUP_Y subgroups of GROUP_X work-items
// owns TILE_M rows and walks through the keys TILE_N * GROUP_X at a time with an online softmax. A work-item has TILE_N
// keys of each row, then COLUMNS outputs of each row; queries and weights are broadcast. Arguments as in grouped.cl.
#version 460
#include "dialect/vulkan.glsl"
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_ballot : require
#extension GL_KHR_shader_subgroup_arithmetic : require
#include "attention/tensors.glsl"
CONSTANT(7, TILE_M);
CONSTANT(8, TILE_N);
const int BLOCK_KEYS = TILE_N * GROUP_X;
const int QUERY_LOADS = (TILE_M + GROUP_X - 1) / GROUP_X;
const int COLUMNS = (VALUE_DIM + GROUP_X - 1) / GROUP_X;

// Adds what the values of keys from, from + 1 … weigh, one key after the other; SEEN says whether row i sees it.
#define ADD_VALUES(SEEN)                                                                             \
  UNROLL for (int j = 0; j < TILE_N; ++j) {                                                          \
    KEEP_LOOP for (uint i_of_key = 0; i_of_key < GROUP_X; ++i_of_key) {                              \
      uint key = from + j * GROUP_X + i_of_key;                                                      \
      if (key >= end) break;                                                                         \
      float values[COLUMNS];                                                                         \
      UNROLL for (int c = 0; c < COLUMNS; ++c) {                                                     \
        uint column = min(c * GROUP_X + lane, VALUE_DIM - 1);                                        \
        values[c] = LOAD_INPUT(v, of_v + key * VALUE_DIM + column);                                  \
      }                                                                                              \
      UNROLL for (int i = 0; i < TILE_M; ++i) {                                                      \
        float weight = subgroupBroadcast(scores[i * TILE_N + j], i_of_key);                          \
        if (SEEN) {                                                                                  \
          UNROLL for (int c = 0; c < COLUMNS; ++c) {                                                 \
            result[i * COLUMNS + c] = MULTIPLY_ADD(weight, values[c], result[i * COLUMNS + c]);      \
          }                                                                                          \
        }                                                                                            \
      }                                                                                              \
    }                                                                                                \
  }

// Group (i, j): rows TILE_M * GROUP_Y * (i / splits) on, part i % splits of the keys; key-value heads j, j + GROUPS_1 …
void main() {
  uint lane = gl_SubgroupInvocationID;
  uint part = GROUP_ID_0 % splits;
  uint first = (GROUP_ID_0 / splits * GROUP_Y + gl_SubgroupID) * TILE_M;
  // Keys that each row sees; what every row sees of this part, and what any does. Rows beyond the last are the last.
  uint visible[TILE_M];
  uint seen_by_all = keys;
  uint end = 0;
  UNROLL for (int i = 0; i < TILE_M; ++i) {
    uint row = min(first + i, uint(rows) - 1);
    visible[i] = CAUSAL == 1 ? keys - queries + row % queries + 1 : keys;
    seen_by_all = min(seen_by_all, visible[i]);
    end = max(end, visible[i]);
  }
  uint begin = part * split_keys;
  end = min(end, begin + split_keys);
  for (uint head = GROUP_ID_1; head < heads; head += GROUPS_1) {
    uint of_q = head * rows * KEY_DIM;
    uint of_k = head * keys * KEY_DIM;
    uint of_v = head * keys * VALUE_DIM;
    float result[TILE_M * COLUMNS];
    float most[TILE_M];
    float sum[TILE_M];  // of this work-item's keys
    UNROLL for (int i = 0; i < TILE_M * COLUMNS; ++i) result[i] = 0;
    UNROLL for (int i = 0; i < TILE_M; ++i) {
      most[i] = -INFINITE;
      sum[i] = 0;
    }
    for (uint from = begin; from < end; from += BLOCK_KEYS) {
      float scores[TILE_M * TILE_N];
      UNROLL for (int i = 0; i < TILE_M * TILE_N; ++i) scores[i] = 0;
      KEEP_LOOP for (uint d = 0; d < KEY_DIM; ++d) {
        float of_row[QUERY_LOADS];
        UNROLL for (int i = 0; i < QUERY_LOADS; ++i) {
          uint row = min(first + i * GROUP_X + lane, uint(rows) - 1);
          of_row[i] = LOAD_INPUT(q, of_q + row * KEY_DIM + d);
        }
        float of_key[TILE_N];
        UNROLL for (int j = 0; j < TILE_N; ++j) {
          uint key = min(from + j * GROUP_X + lane, uint(keys) - 1);
          of_key[j] = LOAD_INPUT(k, of_k + key * KEY_DIM + d);
        }
        UNROLL for (int i = 0; i < TILE_M; ++i) {
          float one = subgroupBroadcast(of_row[i / GROUP_X], i % GROUP_X);
          UNROLL for (int j = 0; j < TILE_N; ++j) {
            scores[i * TILE_N + j] = MULTIPLY_ADD(one, of_key[j], scores[i * TILE_N + j]);
          }
        }
      }
      UNROLL for (int i = 0; i < TILE_M; ++i) {
        float larger = -INFINITE;
        UNROLL for (int j = 0; j < TILE_N; ++j) {
          uint key = from + j * GROUP_X + lane;
          float score = scores[i * TILE_N + j] * (intBitsToFloat(scale) * LOG2_E);
          score = key < min(end, visible[i]) ? score : -INFINITE;
          scores[i * TILE_N + j] = score;
          larger = LARGER(score, larger);
        }
        larger = max(subgroupMax(larger), most[i]);
        float shrink = larger == -INFINITE ? 0 : exp2(most[i] - larger);
        most[i] = larger;
        // Where there is no score yet but -infinity, the difference would be NaN.
        float base = larger == -INFINITE ? 0 : larger;
        sum[i] *= shrink;
        UNROLL for (int j = 0; j < TILE_N; ++j) {
          float weight = exp2(scores[i * TILE_N + j] - base);
          scores[i * TILE_N + j] = weight;
          sum[i] += weight;
        }
        UNROLL for (int c = 0; c < COLUMNS; ++c) result[i * COLUMNS + c] *= shrink;
      }
      if (from + BLOCK_KEYS <= seen_by_all) {
        ADD_VALUES(true)
      } else {
        ADD_VALUES(key < visible[i])  // a value that is not seen counts nothing, not even if it is NaN
      }
    }
    UNROLL for (int i = 0; i < TILE_M; ++i) {
      float total = subgroupAdd(sum[i]);
      uint row = head * rows + first + i;
      if (first + i < rows) {
        uint to = (row * splits + part) * (VALUE_DIM + 2);
        UNROLL for (int c = 0; c < COLUMNS; ++c) {
          uint column = c * GROUP_X + lane;
          if (column < VALUE_DIM) {
            if (splits == 1) {
              STORE_OUTPUT(result[i * COLUMNS + c] / total, o, row * VALUE_DIM + column);
            } else {
              parts[to + column] = result[i * COLUMNS + c];
            }
          }
        }
        if (splits > 1 && lane == 0) {
          parts[to + VALUE_DIM] = most[i];
          parts[to + VALUE_DIM + 1] = total;
        }
      }
    }
  }
}
