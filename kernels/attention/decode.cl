// Attention of few queries on processors with vector registers: a matter of reading keys and values once, as they
// lie. One work-item per group, which owns at most ROWS rows and one part of the keys; TILE_ROWS of them share every
// key and value that is loaded. The lanes of a vector are elements of a key or value, and for the softmax keys. `rows`
// as in fused.cl; needs at least VECTOR_WIDTH keys.
#define KEY_VECTORS (KEY_DIM / VECTOR_WIDTH)
#define VALUE_VECTORS (VALUE_DIM / VECTOR_WIDTH)
#define KEY_REST (KEY_DIM % VECTOR_WIDTH)
#define VALUE_REST (VALUE_DIM % VECTOR_WIDTH)
#define LOG2_E 0x1.715476p+0f
#define AT(pointer) (*(LOCAL unaligned_float*)(pointer))
// A tile's scores are one vector: TILE_ROWS rows of KEYS keys. Its values are COLUMNS vectors of each row: registers.
#define KEYS (VECTOR_WIDTH / TILE_ROWS)
#define SUMS ((VECTOR_WIDTH == 16 ? 16 : 8) / TILE_ROWS)
#define COLUMNS (SUMS < VALUE_VECTORS ? SUMS : VALUE_VECTORS)
// A row's weights: those of a block, between one vector that the block's last scores may begin in and one of slack.
#define WEIGHTS (BLOCK_KEYS + 2 * VECTOR_WIDTH)

// Scores of KEYS keys and TILE_ROWS rows, in lane row * KEYS + key.
INLINE VECTOR(float) score(GLOBAL const input_element* k, LOCAL const float* query) {
  VECTOR(float) sums[VECTOR_WIDTH];
  UNROLL for (int i = 0; i < VECTOR_WIDTH; ++i) sums[i] = SPREAD(float, 0);
  // Key after key, as they lie in memory.
  UNROLL for (int key = 0; key < KEYS; ++key) {
    UNROLL for (int p = 0; p < KEY_VECTORS; ++p) {
      VECTOR(float) element = LOAD_INPUTS(k + key * KEY_DIM + p * VECTOR_WIDTH);
      PREFETCH_L1(k + key * KEY_DIM + p * VECTOR_WIDTH + AHEAD);
      UNROLL for (int row = 0; row < TILE_ROWS; ++row) {
        sums[row * KEYS + key] =
            MULTIPLY_ADD(element, AT(query + row * KEY_DIM + p * VECTOR_WIDTH), sums[row * KEYS + key]);
      }
    }
  }
#if KEY_REST != 0
  for (int i = 0; i < VECTOR_WIDTH; ++i) {
    float rest = 0;
    for (int p = KEY_DIM - KEY_REST; p < KEY_DIM; ++p) {
      rest = MULTIPLY_ADD(LOAD_INPUT(k, i % KEYS * KEY_DIM + p), query[i / KEYS * KEY_DIM + p], rest);
    }
    ((float*)&sums[i])[0] += rest;
  }
#endif
  SUM_LANES(float, sums)
  return sums[0];
}

// The largest of all lanes, in each.
INLINE VECTOR(float) largest_lane(VECTOR(float) vector) {
  UNROLL for (int step = 1; step < VECTOR_WIDTH; step *= 2) {
    VECTOR(float) low = INTERLEAVE_LOW(float, vector, vector);
    VECTOR(float) high = INTERLEAVE_HIGH(float, vector, vector);
    vector = LARGER(low, high);
  }
  return vector;
}

// Scores of keys [0, count) for all rows of the tile; up to KEYS more on both sides. `exist`: keys from the first one on.
INLINE void score_block(GLOBAL const input_element* k, LOCAL const float* query, int count, int exist,
                        LOCAL float* weight) {
  for (int i = 0; i < count; i += KEYS) {
    int at = MIN(i, exist - KEYS);
    VECTOR(float) scores = score(k + at * KEY_DIM, query);
#if TILE_ROWS == 1
    AT(weight + at) = scores;
#else
    UNROLL for (int row = 0; row < TILE_ROWS; ++row) {
      UNROLL for (int key = 0; key < KEYS; ++key) {
        weight[row * WEIGHTS + at + key] = ((float*)&scores)[row * KEYS + key];
      }
    }
#endif
  }
}

// Turns a row's `count` scores into weights. Returns by what its output shrinks.
INLINE VECTOR(float) weigh(LOCAL float* weight, int count, LOCAL VECTOR(float) * most, LOCAL VECTOR(float) * sum) {
  if (count <= 0) return SPREAD(float, 1);
  AT(weight + count) = SPREAD(float, -INFINITE);
  VECTOR(float) before = *most;
  VECTOR(float) base = before;
  for (int i = 0; i < count; i += VECTOR_WIDTH) base = LARGER(AT(weight + i), base);
  base = largest_lane(base);
  *most = base;
  // Where there is no score yet but -infinity, the difference would be NaN.
  base = base == -INFINITE ? SPREAD(float, 0) : base;
  VECTOR(float) shrink = exp2s(before - base);
  VECTOR(float) total = *sum * shrink;
  for (int i = 0; i < count; i += VECTOR_WIDTH) {
    VECTOR(float) next = exp2s(AT(weight + i) - base);
    AT(weight + i) = next;
    total += next;
  }
  *sum = total;
  return shrink;
}

// ADD_COLUMNS(name, COUNT): adds the weighted values of `keys` keys to COUNT vectors of each row's output, after
// shrinking it. A macro, because loop bounds must be literal for the sums to stay in registers.
#define ADD_COLUMNS(NAME, COUNT)                                                                                     \
  INLINE void NAME(GLOBAL const input_element* v, LOCAL const float* weight, int keys, const VECTOR(float) * shrink, \
                   LOCAL float* output) {                                                                            \
    VECTOR(float) sums[TILE_ROWS][COUNT];                                                                            \
    UNROLL for (int row = 0; row < TILE_ROWS; ++row) UNROLL for (int i = 0; i < COUNT; ++i) {                        \
      sums[row][i] = AT(output + row * VALUE_DIM + i * VECTOR_WIDTH) * shrink[row];                                  \
    }                                                                                                                \
    for (int key = 0; key < keys; ++key) {                                                                           \
      VECTOR(float) element[COUNT];                                                                                  \
      UNROLL for (int i = 0; i < COUNT; ++i) {                                                                       \
        element[i] = LOAD_INPUTS(v + key * VALUE_DIM + i * VECTOR_WIDTH);                                            \
        PREFETCH_L1(v + key * VALUE_DIM + i * VECTOR_WIDTH + AHEAD);                                                 \
      }                                                                                                              \
      UNROLL for (int row = 0; row < TILE_ROWS; ++row) {                                                             \
        VECTOR(float) share = SPREAD(float, weight[row * WEIGHTS + key]);                                            \
        UNROLL for (int i = 0; i < COUNT; ++i) sums[row][i] = MULTIPLY_ADD(element[i], share, sums[row][i]);         \
      }                                                                                                              \
    }                                                                                                                \
    UNROLL for (int row = 0; row < TILE_ROWS; ++row) UNROLL for (int i = 0; i < COUNT; ++i) {                        \
      AT(output + row * VALUE_DIM + i * VECTOR_WIDTH) = sums[row][i];                                                \
    }                                                                                                                \
  }
#if VALUE_VECTORS != 0
ADD_COLUMNS(add_columns, COLUMNS)
ADD_COLUMNS(add_column, 1)
#endif

INLINE void add_values(GLOBAL const input_element* v, LOCAL const float* weight, int keys, const VECTOR(float) * shrink,
                       LOCAL float* output) {
#if VALUE_VECTORS != 0
  int i = 0;
  for (; i + COLUMNS <= VALUE_VECTORS; i += COLUMNS) {
    add_columns(v + i * VECTOR_WIDTH, weight, keys, shrink, output + i * VECTOR_WIDTH);
  }
  for (; i < VALUE_VECTORS; ++i) add_column(v + i * VECTOR_WIDTH, weight, keys, shrink, output + i * VECTOR_WIDTH);
#endif
#if VALUE_REST != 0
  for (int row = 0; row < TILE_ROWS; ++row) {
    for (int column = VALUE_DIM - VALUE_REST; column < VALUE_DIM; ++column) {
      float sum = output[row * VALUE_DIM + column] * ((const float*)&shrink[row])[0];
      for (int key = 0; key < keys; ++key) {
        sum = MULTIPLY_ADD(weight[row * WEIGHTS + key], LOAD_INPUT(v, key * VALUE_DIM + column), sum);
      }
      output[row * VALUE_DIM + column] = sum;
    }
  }
#endif
}

// Keys [first, end), which not every row of the tile sees: even a weight of 0 would let their NaN and infinity through.
INLINE void add_own_values(GLOBAL const input_element* v, LOCAL const float* weight, int first, int end,
                           LOCAL float* output) {
  for (int key = first; key < end; ++key) {
    for (int column = 0; column < VALUE_DIM; ++column) {
      output[column] = MULTIPLY_ADD(weight[key], LOAD_INPUT(v, key * VALUE_DIM + column), output[column]);
    }
  }
}

// Group (i, j): rows ROWS * (i / splits) on, part i % splits of the keys; key-value heads j, j + GROUPS(1) …
KERNEL GROUP_SHAPE(1, 1, 1) void decode(GLOBAL const input_element* RESTRICT q,
                                        GLOBAL const input_element* RESTRICT k,
                                        GLOBAL const input_element* RESTRICT v, GLOBAL output_element* RESTRICT o,
                                        GLOBAL float* RESTRICT parts, int heads, int rows, int queries, int keys,
                                        int scale, int splits, int split_keys) {
  LOCAL float query[ROWS * KEY_DIM];
  LOCAL float output[ROWS * VALUE_DIM];
  LOCAL VECTOR(float) most[ROWS];
  LOCAL VECTOR(float) sum[ROWS];
  LOCAL float area[TILE_ROWS * WEIGHTS];
  LOCAL float* weight = area + VECTOR_WIDTH;
  int part = (int)GROUP_ID(0) % splits;
  int first = (int)GROUP_ID(0) / splits * ROWS;
  int count = MIN(ROWS, rows - first);
  int end = MIN(keys, (part + 1) * split_keys);
  float factor_of_q = BITS_AS_FLOAT(scale) * LOG2_E;
  for (size_t head = GROUP_ID(1); head < (size_t)heads; head += GROUPS(1)) {
    GLOBAL const input_element* of_q = q + (head * rows + first) * KEY_DIM;
    for (int i = 0; i < count * KEY_DIM; ++i) query[i] = LOAD_INPUT(of_q, i) * factor_of_q;
    // The last tile may have rows that do not exist.
    for (int i = count * KEY_DIM; i < ROWS * KEY_DIM; ++i) query[i] = 0;
    for (int i = 0; i < ROWS * VALUE_DIM; ++i) output[i] = 0;
    for (int i = 0; i < ROWS; ++i) {
      most[i] = SPREAD(float, -INFINITE);
      sum[i] = SPREAD(float, 0);
    }
    for (int from = part * split_keys; from < end; from += BLOCK_KEYS) {
      GLOBAL const input_element* of_k = k + (head * keys + from) * KEY_DIM;
      GLOBAL const input_element* of_v = v + (head * keys + from) * VALUE_DIM;
      for (int row = 0; row < count; row += TILE_ROWS) {
        int counts[TILE_ROWS];
        int block = 0;
        int shared = BLOCK_KEYS;  // keys that all rows see
        for (int i = 0; i < TILE_ROWS; ++i) {
          int visible = CAUSAL ? keys - queries + (first + row + i) % queries + 1 : keys;
          counts[i] = MIN(MIN(BLOCK_KEYS, end - from), visible - from);
          block = MAX(block, counts[i]);
          shared = MIN(shared, MAX(counts[i], 0));
        }
        if (block == 0) continue;
        score_block(of_k, query + row * KEY_DIM, block, keys - from, weight);
        VECTOR(float) shrink[TILE_ROWS];
        for (int i = 0; i < TILE_ROWS; ++i) {
          shrink[i] = weigh(weight + i * WEIGHTS, counts[i], most + row + i, sum + row + i);
        }
        add_values(of_v, weight, shared, shrink, output + row * VALUE_DIM);
        for (int i = 0; i < TILE_ROWS; ++i) {
          add_own_values(of_v, weight + i * WEIGHTS, shared, counts[i], output + (row + i) * VALUE_DIM);
        }
      }
    }
    for (int row = 0; row < count; ++row) {
      float total = 0;
      for (int i = 0; i < VECTOR_WIDTH; ++i) total += ((LOCAL float*)(sum + row))[i];
      size_t at = head * rows + first + row;
      GLOBAL float* to = parts + (at * splits + part) * (VALUE_DIM + 2);
      for (int column = 0; column < VALUE_DIM; ++column) {
        float element = output[row * VALUE_DIM + column];
        if (splits == 1) {
          STORE_OUTPUT(element / total, o + at * VALUE_DIM, column);
        } else {
          to[column] = element;
        }
      }
      if (splits > 1) {
        to[VALUE_DIM] = ((LOCAL float*)(most + row))[0];
        to[VALUE_DIM + 1] = total;
      }
    }
  }
}
