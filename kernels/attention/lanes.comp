// Attention for devices whose work-items exchange registers: each work-item owns one row, its scores, weights and sums.
// A subgroup of GROUP_X work-items walks through the keys TILE_N at a time with an online softmax; keys and values are
// loaded once by the subgroup, spread over its work-items, and every element broadcast. Arguments as in grouped.cl.
#version 460
#include "dialect/vulkan.glsl"
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_ballot : require
#extension GL_KHR_shader_subgroup_arithmetic : require
#include "attention/tensors.glsl"
CONSTANT(7, TILE_N);
const int KEY_LOADS = (KEY_DIM + GROUP_X - 1) / GROUP_X;
const int VALUE_LOADS = (VALUE_DIM + GROUP_X - 1) / GROUP_X;

float query[KEY_DIM];
float result[VALUE_DIM];
float most;
float sum;

// The products with keys from, from + 1 … of the key matrix at of_k.
#define SCORES(scores, KEYS)                                                                      \
  float scores[KEYS];                                                                             \
  UNROLL for (int j = 0; j < KEYS; ++j) scores[j] = 0;                                            \
  UNROLL for (int load = 0; load < KEY_LOADS; ++load) {                                           \
    float elements[KEYS];                                                                         \
    uint column = min(load * GROUP_X + lane, KEY_DIM - 1);                                        \
    UNROLL for (int j = 0; j < KEYS; ++j) elements[j] = LOAD_INPUT(k, of_k + (from + j) * KEY_DIM + column); \
    UNROLL for (int i = 0; i < GROUP_X; ++i) {                                                    \
      if (load * GROUP_X + i < KEY_DIM) {                                                         \
        UNROLL for (int j = 0; j < KEYS; ++j) {                                                   \
          scores[j] = MULTIPLY_ADD(query[load * GROUP_X + i], subgroupBroadcast(elements[j], i), scores[j]); \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
  }                                                                                               \
  UNROLL for (int j = 0; j < KEYS; ++j) scores[j] *= intBitsToFloat(scale) * LOG2_E;

// Turns scores into weights relative to the new largest score; `shrink` is what all before are multiplied with.
#define WEIGHTS(weights, shrink, KEYS)                                                            \
  float before = most;                                                                            \
  UNROLL for (int j = 0; j < KEYS; ++j) most = LARGER(weights[j], most);                          \
  float shrink = most == -INFINITE ? 0 : exp2(before - most);                                     \
  /* Where there is no score yet but -infinity, the difference would be NaN. */                   \
  float base = most == -INFINITE ? 0 : most;                                                      \
  sum *= shrink;                                                                                  \
  UNROLL for (int j = 0; j < KEYS; ++j) {                                                         \
    weights[j] = exp2(weights[j] - base);                                                         \
    sum += weights[j];                                                                            \
  }

// Adds what the keys' values weigh; ADD(result, weight, value) says whether a value is seen.
#define ADD_VALUES(weights, shrink, KEYS, ADD)                                                    \
  UNROLL for (int load = 0; load < VALUE_LOADS; ++load) {                                         \
    float elements[KEYS];                                                                         \
    uint column = min(load * GROUP_X + lane, VALUE_DIM - 1);                                      \
    UNROLL for (int j = 0; j < KEYS; ++j) elements[j] = LOAD_INPUT(v, of_v + (from + j) * VALUE_DIM + column); \
    UNROLL for (int i = 0; i < GROUP_X; ++i) {                                                    \
      if (load * GROUP_X + i < VALUE_DIM) {                                                       \
        float one = result[load * GROUP_X + i] * shrink;                                          \
        UNROLL for (int j = 0; j < KEYS; ++j) {                                                   \
          float value = subgroupBroadcast(elements[j], i);                                        \
          one = ADD(one, weights[j], value);                                                      \
        }                                                                                         \
        result[load * GROUP_X + i] = one;                                                         \
      }                                                                                           \
    }                                                                                             \
  }
#define ADD_ALWAYS(one, weight, value) MULTIPLY_ADD(weight, value, one)
// A value that is not seen counts nothing, not even if it is NaN.
#define ADD_SEEN(one, weight, value) (from < visible ? MULTIPLY_ADD(weight, value, one) : one)

// Group (i, j): rows GROUP_X * GROUP_Y * (i / splits) on, part i % splits of the keys; key-value heads j, j + GROUPS_1 …
void main() {
  uint lane = gl_SubgroupInvocationID;
  uint part = GROUP_ID_0 % splits;
  uint row = (GROUP_ID_0 / splits * GROUP_Y + gl_SubgroupID) * GROUP_X + lane;
  uint row_or_last = min(row, uint(rows) - 1);
  uint visible = CAUSAL == 1 ? keys - queries + row_or_last % queries + 1 : keys;
  // What every row of the subgroup sees of this part, and what any does.
  uint begin = part * split_keys;
  uint seen_by_all = min(subgroupMin(visible), begin + split_keys);
  uint end = min(subgroupMax(visible), begin + split_keys);
  for (uint head = GROUP_ID_1; head < heads; head += GROUPS_1) {
    uint of_q = (head * rows + row_or_last) * KEY_DIM;
    uint of_k = head * keys * KEY_DIM;
    uint of_v = head * keys * VALUE_DIM;
    UNROLL for (int i = 0; i < KEY_DIM; ++i) query[i] = LOAD_INPUT(q, of_q + i);
    UNROLL for (int i = 0; i < VALUE_DIM; ++i) result[i] = 0;
    most = -INFINITE;
    sum = 0;
    uint from = begin;
    for (; from + TILE_N <= seen_by_all; from += TILE_N) {
      SCORES(weights, TILE_N)
      WEIGHTS(weights, shrink, TILE_N)
      ADD_VALUES(weights, shrink, TILE_N, ADD_ALWAYS)
    }
    for (; from < end; ++from) {
      SCORES(weights, 1)
      if (from >= visible) weights[0] = -INFINITE;
      WEIGHTS(weights, shrink, 1)
      ADD_VALUES(weights, shrink, 1, ADD_SEEN)
    }
    if (row < rows) {
      uint at = head * rows + row;
      uint to = (at * splits + part) * (VALUE_DIM + 2);
      UNROLL for (int i = 0; i < VALUE_DIM; ++i) {
        if (splits == 1) {
          STORE_OUTPUT(result[i] / sum, o, at * VALUE_DIM + i);
        } else {
          parts[to + i] = result[i];
        }
      }
      if (splits > 1) {
        parts[to + VALUE_DIM] = most;
        parts[to + VALUE_DIM + 1] = sum;
      }
    }
  }
}
