// attention/grouped.cl as a shader: a group of GROUP_X x GROUP_Y work-items owns GROUP_ROWS rows and walks through the
// keys GROUP_KEYS at a time with an online softmax. Each work-item keeps TILE_M x TILE_N scores and TILE_M x COLUMNS
// outputs.
#version 460
#include "dialect/vulkan.glsl"
#include "attention/tensors.glsl"
CONSTANT(7, TILE_M);
CONSTANT(8, TILE_N);
CONSTANT(9, BLOCK_D);
const int GROUP_ROWS = TILE_M * GROUP_Y;
const int GROUP_KEYS = TILE_N * GROUP_X;
const int COLUMNS = (VALUE_DIM + GROUP_X - 1) / GROUP_X;
const int WORK_ITEMS = GROUP_X * GROUP_Y;
const int PITCH_Q = GROUP_ROWS + 1;  // one element of padding keeps writes in different banks
const int PITCH_K = GROUP_KEYS + 1;
const int PITCH_V = COLUMNS * GROUP_X;
LOCAL float slab_q[BLOCK_D * PITCH_Q];
LOCAL float slab_k[BLOCK_D * PITCH_K];
LOCAL float slab_v[BLOCK_D * PITCH_V];
LOCAL float weights[GROUP_ROWS * PITCH_K];
LOCAL float most[GROUP_ROWS];
LOCAL float sum[GROUP_ROWS];
LOCAL float shrink[GROUP_ROWS];

// SLAB[step][line]: elements from, from + 1 … of LINES rows of a matrix with KEY_DIM columns that begins at OFFSET; zeros
// beyond its END rows.
#define FILL(SLAB, PITCH, LINES, MATRIX, OFFSET, BEGIN, END)                                          \
  for (int i = item; i < LINES * BLOCK_D; i += WORK_ITEMS) {                                          \
    int line = i / BLOCK_D;                                                                           \
    int step = i - line * BLOCK_D;                                                                    \
    float element = 0;                                                                                \
    if ((BEGIN) + line < (END) && from_d + step < KEY_DIM) {                                          \
      element = LOAD_INPUT(MATRIX, (OFFSET) + uint((BEGIN) + line) * KEY_DIM + from_d + step);        \
    }                                                                                                 \
    SLAB[step * PITCH + line] = element;                                                              \
  }

// Group (i, j): rows GROUP_ROWS * (i / splits) on, part i % splits of the keys; key-value heads j, j + GROUPS_1 …
void main() {
  int x = int(LOCAL_ID_0);
  int y = int(LOCAL_ID_1);
  int item = y * GROUP_X + x;
  int part = int(GROUP_ID_0) % splits;
  int first = int(GROUP_ID_0) / splits * GROUP_ROWS;
  // Keys that this work-item's rows see, and the last that any row of the group sees.
  int visible[TILE_M];
  UNROLL for (int i = 0; i < TILE_M; ++i) {
    visible[i] = CAUSAL == 1 ? keys - queries + (first + y + i * GROUP_Y) % queries + 1 : keys;
  }
  int end = keys;
  if (CAUSAL == 1) {
    int last = min(first + GROUP_ROWS, rows) - 1;
    if (first / queries == last / queries) end = keys - queries + last % queries + 1;
  }
  end = min(end, (part + 1) * split_keys);
  for (uint head = GROUP_ID_1; head < heads; head += GROUPS_1) {
    uint of_q = head * rows * KEY_DIM;
    uint of_k = head * keys * KEY_DIM;
    uint of_v = head * keys * VALUE_DIM;
    float result[TILE_M * COLUMNS];
    UNROLL for (int i = 0; i < TILE_M * COLUMNS; ++i) result[i] = 0;
    for (int row = item; row < GROUP_ROWS; row += WORK_ITEMS) {
      most[row] = -INFINITE;
      sum[row] = 0;
    }
    for (int from = part * split_keys; from < end; from += GROUP_KEYS) {
      float scores[TILE_M * TILE_N];
      UNROLL for (int i = 0; i < TILE_M * TILE_N; ++i) scores[i] = 0;
      for (int from_d = 0; from_d < KEY_DIM; from_d += BLOCK_D) {
        FILL(slab_q, PITCH_Q, GROUP_ROWS, q, of_q, first, rows)
        FILL(slab_k, PITCH_K, GROUP_KEYS, k, of_k, from, end)
        BARRIER();
        for (int step = 0; step < BLOCK_D; ++step) {
          float of_row[TILE_M];
          UNROLL for (int i = 0; i < TILE_M; ++i) of_row[i] = slab_q[step * PITCH_Q + y + i * GROUP_Y];
          UNROLL for (int j = 0; j < TILE_N; ++j) {
            float of_key = slab_k[step * PITCH_K + x + j * GROUP_X];
            UNROLL for (int i = 0; i < TILE_M; ++i) {
              scores[i * TILE_N + j] = MULTIPLY_ADD(of_row[i], of_key, scores[i * TILE_N + j]);
            }
          }
        }
        BARRIER();  // before the slabs are filled anew
      }
      UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < TILE_N; ++j) {
        int key = x + j * GROUP_X;
        float score = scores[i * TILE_N + j] * (intBitsToFloat(scale) * LOG2_E);
        score = from + key < min(end, visible[i]) ? score : -INFINITE;
        scores[i * TILE_N + j] = score;
        weights[(y + i * GROUP_Y) * PITCH_K + key] = score;
      }
      BARRIER();
      for (int row = item; row < GROUP_ROWS; row += WORK_ITEMS) {
        float before = most[row];
        float larger = before;
        for (int key = 0; key < GROUP_KEYS; ++key) larger = LARGER(weights[row * PITCH_K + key], larger);
        most[row] = larger;
        shrink[row] = larger == -INFINITE ? 0 : exp2(before - larger);
      }
      BARRIER();
      UNROLL for (int i = 0; i < TILE_M; ++i) {
        int row = y + i * GROUP_Y;
        // Where there is no score yet but -infinity, the difference would be NaN.
        float base = most[row] == -INFINITE ? 0 : most[row];
        UNROLL for (int j = 0; j < TILE_N; ++j) {
          weights[row * PITCH_K + x + j * GROUP_X] = exp2(scores[i * TILE_N + j] - base);
        }
        UNROLL for (int j = 0; j < COLUMNS; ++j) result[i * COLUMNS + j] *= shrink[row];
      }
      BARRIER();
      for (int row = item; row < GROUP_ROWS; row += WORK_ITEMS) {
        float total = sum[row] * shrink[row];
        for (int key = 0; key < GROUP_KEYS; ++key) total += weights[row * PITCH_K + key];
        sum[row] = total;
      }
      for (int from_key = 0; from_key < GROUP_KEYS; from_key += BLOCK_D) {
        for (int i = item; i < BLOCK_D * PITCH_V; i += WORK_ITEMS) {
          int step = i / PITCH_V;
          int column = i - step * PITCH_V;
          int key = from + from_key + step;
          float element = 0;
          if (key < end && column < VALUE_DIM) element = LOAD_INPUT(v, of_v + uint(key) * VALUE_DIM + column);
          slab_v[i] = element;
        }
        BARRIER();
        for (int step = 0; step < BLOCK_D && from_key + step < GROUP_KEYS; ++step) {
          UNROLL for (int i = 0; i < TILE_M; ++i) {
            // A value that is not seen counts nothing, not even if it is NaN.
            if (from + from_key + step < visible[i]) {
              float weight = weights[(y + i * GROUP_Y) * PITCH_K + from_key + step];
              UNROLL for (int j = 0; j < COLUMNS; ++j) {
                result[i * COLUMNS + j] =
                    MULTIPLY_ADD(weight, slab_v[step * PITCH_V + x + j * GROUP_X], result[i * COLUMNS + j]);
              }
            }
          }
        }
        BARRIER();  // before the slab and the weights are filled anew
      }
    }
    BARRIER();
    UNROLL for (int i = 0; i < TILE_M; ++i) {
      int of_group = y + i * GROUP_Y;
      uint row = head * rows + first + of_group;
      if (first + of_group < rows) {
        uint to = (row * splits + part) * (VALUE_DIM + 2);
        UNROLL for (int j = 0; j < COLUMNS; ++j) {
          int column = x + j * GROUP_X;
          if (column < VALUE_DIM) {
            if (splits == 1) {
              STORE_OUTPUT(result[i * COLUMNS + j] / sum[of_group], o, row * VALUE_DIM + column);
            } else {
              parts[to + column] = result[i * COLUMNS + j];
            }
          }
        }
        if (splits > 1 && x == 0) {
          parts[to + VALUE_DIM] = most[of_group];
          parts[to + VALUE_DIM + 1] = sum[of_group];
        }
      }
    }
    BARRIER();  // before the next head begins anew
  }
}
