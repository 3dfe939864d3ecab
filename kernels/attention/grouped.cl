// Attention for processors with many work-items and local memory: a group of GROUP_X x GROUP_Y work-items owns
// GROUP_ROWS rows and walks through the keys GROUP_KEYS at a time with an online softmax. Each work-item keeps
// TILE_M x TILE_N scores and TILE_M x COLUMNS outputs. `rows` as in fused.cl.
#define GROUP_ROWS (TILE_M * GROUP_Y)
#define GROUP_KEYS (TILE_N * GROUP_X)
#define COLUMNS ((VALUE_DIM + GROUP_X - 1) / GROUP_X)
#define WORK_ITEMS (GROUP_X * GROUP_Y)
#define LOG2_E 0x1.715476p+0f

// SLAB[step][line]: elements from, from + 1 … of LINES rows of a matrix with PITCH columns; zeros beyond its END rows.
// Neighbouring work-items read neighbours; one element of padding keeps their writes in different banks.
#define FILL(SLAB, LINES, MATRIX, BEGIN, END, PITCH)                                                   \
  for (int i = item; i < (LINES)*BLOCK_D; i += WORK_ITEMS) {                                           \
    int line = i / BLOCK_D;                                                                            \
    int step = i - line * BLOCK_D;                                                                     \
    int exists = (BEGIN) + line < (END) && from_d + step < (PITCH);                                    \
    SLAB[step][line] = exists ? LOAD_INPUT(MATRIX, (size_t)((BEGIN) + line) * (PITCH) + from_d + step) : 0; \
  }

// Group (i, j): rows GROUP_ROWS * (i / splits) on, part i % splits of the keys; key-value heads j, j + GROUPS(1) …
KERNEL GROUP_SHAPE(GROUP_X, GROUP_Y, 1) void grouped(GLOBAL const input_element* RESTRICT q,
                                                     GLOBAL const input_element* RESTRICT k,
                                                     GLOBAL const input_element* RESTRICT v,
                                                     GLOBAL output_element* RESTRICT o, GLOBAL float* RESTRICT parts,
                                                     int heads, int rows, int queries, int keys, int scale, int splits,
                                                     int split_keys) {
  LOCAL float slab_q[BLOCK_D][GROUP_ROWS + 1];
  LOCAL float slab_k[BLOCK_D][GROUP_KEYS + 1];
  LOCAL float slab_v[BLOCK_D][COLUMNS * GROUP_X];
  LOCAL float weights[GROUP_ROWS][GROUP_KEYS + 1];
  LOCAL float most[GROUP_ROWS];
  LOCAL float sum[GROUP_ROWS];
  LOCAL float shrink[GROUP_ROWS];
  int x = (int)LOCAL_ID(0);
  int y = (int)LOCAL_ID(1);
  int item = y * GROUP_X + x;
  int part = (int)GROUP_ID(0) % splits;
  int first = (int)GROUP_ID(0) / splits * GROUP_ROWS;
  // Keys that this work-item's rows see, and the last that any row of the group sees.
  int visible[TILE_M];
  UNROLL for (int i = 0; i < TILE_M; ++i) {
    visible[i] = CAUSAL ? keys - queries + (first + y + i * GROUP_Y) % queries + 1 : keys;
  }
  int end = keys;
#if CAUSAL
  int last = MIN(first + GROUP_ROWS, rows) - 1;
  if (first / queries == last / queries) end = keys - queries + last % queries + 1;
#endif
  end = MIN(end, (part + 1) * split_keys);
  for (size_t head = GROUP_ID(1); head < (size_t)heads; head += GROUPS(1)) {
    GLOBAL const input_element* of_q = q + head * rows * KEY_DIM;
    GLOBAL const input_element* of_k = k + head * keys * KEY_DIM;
    GLOBAL const input_element* of_v = v + head * keys * VALUE_DIM;
    float output[TILE_M][COLUMNS];
    UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < COLUMNS; ++j) output[i][j] = 0;
    for (int row = item; row < GROUP_ROWS; row += WORK_ITEMS) {
      most[row] = -INFINITE;
      sum[row] = 0;
    }
    for (int from = part * split_keys; from < end; from += GROUP_KEYS) {
      float scores[TILE_M][TILE_N];
      UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < TILE_N; ++j) scores[i][j] = 0;
      for (int from_d = 0; from_d < KEY_DIM; from_d += BLOCK_D) {
        FILL(slab_q, GROUP_ROWS, of_q, first, rows, KEY_DIM)
        FILL(slab_k, GROUP_KEYS, of_k, from, end, KEY_DIM)
        BARRIER();
        for (int step = 0; step < BLOCK_D; ++step) {
          float of_row[TILE_M];
          float of_key[TILE_N];
          UNROLL for (int i = 0; i < TILE_M; ++i) of_row[i] = slab_q[step][y + i * GROUP_Y];
          UNROLL for (int j = 0; j < TILE_N; ++j) of_key[j] = slab_k[step][x + j * GROUP_X];
          UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < TILE_N; ++j) {
            scores[i][j] = MULTIPLY_ADD(of_row[i], of_key[j], scores[i][j]);
          }
        }
        BARRIER();  // before the slabs are filled anew
      }
      UNROLL for (int i = 0; i < TILE_M; ++i) UNROLL for (int j = 0; j < TILE_N; ++j) {
        int key = x + j * GROUP_X;
        float score = scores[i][j] * (BITS_AS_FLOAT(scale) * LOG2_E);
        scores[i][j] = from + key < MIN(end, visible[i]) ? score : -INFINITE;
        weights[y + i * GROUP_Y][key] = scores[i][j];
      }
      BARRIER();
      for (int row = item; row < GROUP_ROWS; row += WORK_ITEMS) {
        float before = most[row];
        float larger = before;
        for (int key = 0; key < GROUP_KEYS; ++key) larger = LARGER(weights[row][key], larger);
        most[row] = larger;
        shrink[row] = larger == -INFINITE ? 0 : EXP2(before - larger);
      }
      BARRIER();
      UNROLL for (int i = 0; i < TILE_M; ++i) {
        int row = y + i * GROUP_Y;
        // Where there is no score yet but -infinity, the difference would be NaN.
        float base = most[row] == -INFINITE ? 0 : most[row];
        UNROLL for (int j = 0; j < TILE_N; ++j) weights[row][x + j * GROUP_X] = EXP2(scores[i][j] - base);
        UNROLL for (int j = 0; j < COLUMNS; ++j) output[i][j] *= shrink[row];
      }
      BARRIER();
      for (int row = item; row < GROUP_ROWS; row += WORK_ITEMS) {
        float total = sum[row] * shrink[row];
        for (int key = 0; key < GROUP_KEYS; ++key) total += weights[row][key];
        sum[row] = total;
      }
      for (int from_key = 0; from_key < GROUP_KEYS; from_key += BLOCK_D) {
        for (int i = item; i < BLOCK_D * COLUMNS * GROUP_X; i += WORK_ITEMS) {
          int step = i / (COLUMNS * GROUP_X);
          int column = i - step * (COLUMNS * GROUP_X);
          int key = from + from_key + step;
          int exists = key < end && column < VALUE_DIM;
          slab_v[step][column] = exists ? LOAD_INPUT(of_v, (size_t)key * VALUE_DIM + column) : 0;
        }
        BARRIER();
        for (int step = 0; step < BLOCK_D && from_key + step < GROUP_KEYS; ++step) {
          UNROLL for (int i = 0; i < TILE_M; ++i) {
            // A value that is not seen counts nothing, not even if it is NaN.
            if (from + from_key + step >= visible[i]) continue;
            float weight = weights[y + i * GROUP_Y][from_key + step];
            UNROLL for (int j = 0; j < COLUMNS; ++j) {
              output[i][j] = MULTIPLY_ADD(weight, slab_v[step][x + j * GROUP_X], output[i][j]);
            }
          }
        }
        BARRIER();  // before the slab and the weights are filled anew
      }
    }
    BARRIER();
    UNROLL for (int i = 0; i < TILE_M; ++i) {
      int of_group = y + i * GROUP_Y;
      if (first + of_group >= rows) continue;
      size_t row = head * rows + first + of_group;
      GLOBAL float* to = parts + (row * splits + part) * (VALUE_DIM + 2);
      UNROLL for (int j = 0; j < COLUMNS; ++j) {
        int column = x + j * GROUP_X;
        if (column >= VALUE_DIM) continue;
        if (splits == 1) {
          STORE_OUTPUT(output[i][j] / sum[of_group], o + row * VALUE_DIM, column);
        } else {
          to[column] = output[i][j];
        }
      }
      if (splits > 1 && x == 0) {
        to[VALUE_DIM] = most[of_group];
        to[VALUE_DIM + 1] = sum[of_group];
      }
    }
    BARRIER();  // before the next head begins anew
  }
}
