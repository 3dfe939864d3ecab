// attention/naive.cl as shaders, one for each entry: three plain steps, each with one work-item per result, and all
// scores in memory. The arguments are that file's.
#version 460
#include "dialect/vulkan.glsl"
CONSTANT(2, GROUP_X);
CONSTANT(3, CAUSAL);
CONSTANT(4, KEY_DIM);
CONSTANT(5, VALUE_DIM);
#if ENTRY_scores
layout(binding = 0) readonly buffer Q { input_element q[]; };
layout(binding = 1) readonly buffer K { input_element k[]; };
layout(binding = 2) buffer Scores { accumulator weights[]; };
#elif ENTRY_softmax
layout(binding = 0) buffer Weights { accumulator weights[]; };
#else
layout(binding = 0) readonly buffer Weights { accumulator weights[]; };
layout(binding = 1) readonly buffer V { input_element v[]; };
layout(binding = 2) buffer O { output_element o[]; };
#endif
layout(push_constant) uniform Integers {
  int heads, rows, queries, keys;
#if ENTRY_scores
  int scale;
#endif
};

// Keys that a row sees.
uint visible_keys(uint row) { return CAUSAL == 1 ? keys - queries + row % queries + 1 : keys; }

void main() {
  uint at = GROUP_ID_0 * GROUP_X + LOCAL_ID_0;
#if ENTRY_scores
  uint row = at / keys;
  uint key = at - row * keys;
  if (row >= rows || key >= visible_keys(row)) return;
  for (uint head = GROUP_ID_1; head < heads; head += GROUPS_1) {
    uint of_q = (head * rows + row) * KEY_DIM;
    uint of_k = (head * keys + key) * KEY_DIM;
    accumulator sum = accumulator(0);
    for (int i = 0; i < KEY_DIM; ++i) sum = MULTIPLY_ADD(LOAD_INPUT(q, of_q + i), LOAD_INPUT(k, of_k + i), sum);
    weights[(head * rows + row) * keys + key] = sum * intBitsToFloat(scale);
  }
#elif ENTRY_softmax
  uint row = at;
  if (row >= rows) return;
  uint visible = visible_keys(row);
  for (uint head = GROUP_ID_1; head < heads; head += GROUPS_1) {
    uint of_row = (head * rows + row) * keys;
    accumulator most = weights[of_row];
    for (uint i = 1; i < visible; ++i) most = LARGER(weights[of_row + i], most);
    accumulator sum = accumulator(0);
    for (uint i = 0; i < visible; ++i) {
      accumulator weight = exp(weights[of_row + i] - most);
      weights[of_row + i] = weight;
      sum += weight;
    }
    for (uint i = 0; i < visible; ++i) weights[of_row + i] /= sum;
  }
#else
  uint row = at / VALUE_DIM;
  uint column = at - row * VALUE_DIM;
  if (row >= rows) return;
  uint visible = visible_keys(row);
  for (uint head = GROUP_ID_1; head < heads; head += GROUPS_1) {
    uint of_row = (head * rows + row) * keys;
    uint of_v = head * keys * VALUE_DIM + column;
    accumulator sum = accumulator(0);
    for (uint i = 0; i < visible; ++i) {
      sum = MULTIPLY_ADD(weights[of_row + i], LOAD_INPUT(v, of_v + i * VALUE_DIM), sum);
    }
    STORE_OUTPUT(sum, o, (head * rows + row) * VALUE_DIM + column);
  }
#endif
}
