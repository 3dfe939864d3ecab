// Attention for processors with vector registers and caches: one work-item per group, which owns a tile of
// QUERIES rows and walks through the keys BLOCK_KEYS at a time with an online softmax, so that scores never leave
// its local memory. `rows` is the number of queries of one key-value head, those of one query head after the
// other: they lie next to each other and see the same keys and values.
//
// Everything is kept transposed, the lanes of a vector being queries: keys and values are then read as they lie and
// spread over the lanes, and the softmax needs no sum across lanes.
#define QUERIES (QUERY_VECTORS * VECTOR_WIDTH)
#define PANEL_DIM (KEY_DIM > VALUE_DIM ? KEY_DIM : VALUE_DIM)
#define PANEL_KEYS (BLOCK_KEYS > TILE_KEYS ? BLOCK_KEYS : TILE_KEYS)
#define LOG2_E 0x1.715476p+0f
// Keys and values are read where they lie; if they have to be converted, from a panel in local memory.
#define CONVERTS (INPUT_TYPE != ACCUMULATE_TYPE)
#if CONVERTS
#define OPERAND LOCAL const float
#define OPERAND_VECTOR LOCAL const unaligned_float
#else
#define OPERAND GLOBAL const float
#define OPERAND_VECTOR GLOBAL const unaligned_float
#endif

// Local memory of a group. Vectors number [i * QUERY_VECTORS + j]: lane l of j is query j * VECTOR_WIDTH + l.
typedef struct {
  LOCAL VECTOR(float) * query;   // i: element of a query, times scale and log2(e)
  LOCAL VECTOR(float) * weight;  // i: key of the block; room for TILE_KEYS before the first
  LOCAL VECTOR(float) * output;  // i: element of an output
  LOCAL VECTOR(float) * most;    // largest score so far
  LOCAL VECTOR(float) * sum;     // of weights so far
  LOCAL VECTOR(float) * shrink;  // what earlier weights are multiplied by because of a new largest score
  LOCAL VECTOR(int) * visible;   // keys that the query sees
  LOCAL float* panel;            // PANEL_KEYS keys or values, if they are converted
} state;

// SCORE(name, KEYS): the scores of KEYS keys. A macro, because loop bounds must be literal for the sums to stay in
// registers.
#define SCORE(NAME, KEYS)                                                                                        \
  INLINE void NAME(OPERAND * key, LOCAL const VECTOR(float) * query, LOCAL VECTOR(float) * score) {     \
    VECTOR(float) sums[KEYS][QUERY_VECTORS];                                                                     \
    UNROLL for (int i = 0; i < KEYS; ++i) UNROLL for (int j = 0; j < QUERY_VECTORS; ++j) {                       \
      sums[i][j] = SPREAD(float, 0);                                                                             \
    }                                                                                                            \
    for (int p = 0; p < KEY_DIM; ++p) {                                                                          \
      VECTOR(float) row[QUERY_VECTORS];                                                                          \
      UNROLL for (int j = 0; j < QUERY_VECTORS; ++j) row[j] = query[p * QUERY_VECTORS + j];                      \
      UNROLL for (int i = 0; i < KEYS; ++i) {                                                                    \
        VECTOR(float) element = SPREAD(float, key[i * KEY_DIM + p]);                                             \
        UNROLL for (int j = 0; j < QUERY_VECTORS; ++j) sums[i][j] = MULTIPLY_ADD(element, row[j], sums[i][j]);   \
      }                                                                                                          \
    }                                                                                                            \
    UNROLL for (int i = 0; i < KEYS; ++i) UNROLL for (int j = 0; j < QUERY_VECTORS; ++j) {                       \
      score[i * QUERY_VECTORS + j] = sums[i][j];                                                                 \
    }                                                                                                            \
  }
SCORE(score_tile, TILE_KEYS)

// ADD_VALUES(name, COLUMNS): adds the weighted values of `keys` keys to COLUMNS columns of the output.
#define ADD_VALUES(NAME, COLUMNS)                                                                                \
  INLINE void NAME(OPERAND * value, LOCAL const VECTOR(float) * weight, int keys,                       \
                   LOCAL const VECTOR(float) * shrink, LOCAL VECTOR(float) * output) {                           \
    VECTOR(float) sums[COLUMNS][QUERY_VECTORS];                                                                  \
    UNROLL for (int i = 0; i < COLUMNS; ++i) UNROLL for (int j = 0; j < QUERY_VECTORS; ++j) {                    \
      sums[i][j] = output[i * QUERY_VECTORS + j] * shrink[j];                                                    \
    }                                                                                                            \
    for (int key = 0; key < keys; ++key) {                                                                       \
      VECTOR(float) row[QUERY_VECTORS];                                                                          \
      UNROLL for (int j = 0; j < QUERY_VECTORS; ++j) row[j] = weight[key * QUERY_VECTORS + j];                   \
      UNROLL for (int i = 0; i < COLUMNS; ++i) {                                                                 \
        VECTOR(float) element = SPREAD(float, value[key * VALUE_DIM + i]);                                       \
        UNROLL for (int j = 0; j < QUERY_VECTORS; ++j) sums[i][j] = MULTIPLY_ADD(element, row[j], sums[i][j]);   \
      }                                                                                                          \
    }                                                                                                            \
    UNROLL for (int i = 0; i < COLUMNS; ++i) UNROLL for (int j = 0; j < QUERY_VECTORS; ++j) {                    \
      output[i * QUERY_VECTORS + j] = sums[i][j];                                                                \
    }                                                                                                            \
  }
ADD_VALUES(add_values, TILE_VALUES)
#if VALUE_DIM % TILE_VALUES != 0
ADD_VALUES(add_last_values, VALUE_DIM % TILE_VALUES)
#endif

// `count` neighbouring elements as floats.
INLINE void bring(GLOBAL const input_element* from, int count, LOCAL float* to) {
  int i = 0;
  for (; i + VECTOR_WIDTH <= count; i += VECTOR_WIDTH) {
    *(LOCAL unaligned_float*)(to + i) = LOAD_INPUTS(from + i);
  }
  for (; i < count; ++i) to[i] = LOAD_INPUT(from, i);
}

// Queries first, first + 1 … of `count`; where there are no more, zeros.
INLINE void bring_queries(GLOBAL const input_element* q, int count, float scale, LOCAL VECTOR(float) * query) {
  for (int j = 0; j < QUERY_VECTORS; ++j) {
    int p = 0;
    int readable = count - j * VECTOR_WIDTH;
    for (; p + VECTOR_WIDTH <= KEY_DIM; p += VECTOR_WIDTH) {
      VECTOR(float) square[VECTOR_WIDTH];
      UNROLL for (int i = 0; i < VECTOR_WIDTH; ++i) {
        square[i] = SPREAD(float, 0);
        if (i < readable) square[i] = LOAD_INPUTS(q + (j * VECTOR_WIDTH + i) * KEY_DIM + p);
      }
      transpose(square);
      UNROLL for (int i = 0; i < VECTOR_WIDTH; ++i) query[(p + i) * QUERY_VECTORS + j] = square[i] * scale;
    }
    for (; p < KEY_DIM; ++p) {
      for (int i = 0; i < VECTOR_WIDTH; ++i) {
        float element = i < readable ? LOAD_INPUT(q, (j * VECTOR_WIDTH + i) * KEY_DIM + p) : 0;
        ((LOCAL float*)query)[(p * QUERY_VECTORS + j) * VECTOR_WIDTH + i] = element * scale;
      }
    }
  }
}

// Turns the scores of `keys` keys, the first of them number `from`, into weights.
INLINE void weigh(state s, int from, int keys, int masked) {
  for (int j = 0; j < QUERY_VECTORS; ++j) {
    LOCAL VECTOR(float)* weight = s.weight + j;
    VECTOR(float) before = s.most[j];
    VECTOR(float) most = before;
    if (masked) {
      VECTOR(int) visible = s.visible[j] - from;
      for (int i = 0; i < keys; ++i) {
        VECTOR(float) score = weight[i * QUERY_VECTORS];
        weight[i * QUERY_VECTORS] = i < visible ? score : SPREAD(float, -INFINITE);
      }
    }
    for (int i = 0; i < keys; ++i) most = LARGER(weight[i * QUERY_VECTORS], most);
    // Where there is no score yet but -infinity, the difference would be NaN.
    VECTOR(float) base = most == -INFINITE ? SPREAD(float, 0) : most;
    VECTOR(float) shrink = exp2s(before - base);
    VECTOR(float) sum = s.sum[j] * shrink;
    for (int i = 0; i < keys; ++i) {
      VECTOR(float) next = exp2s(weight[i * QUERY_VECTORS] - base);
      sum += next;
      weight[i * QUERY_VECTORS] = next;
    }
    s.most[j] = most;
    s.sum[j] = sum;
    s.shrink[j] = shrink;
  }
}

// Whether one of `count` values is infinite or NaN: such a one counts nothing only where it is not seen at all.
INLINE int has_special(OPERAND* value, int count) {
  VECTOR(float) sums = SPREAD(float, 0);
  int i = 0;
  for (; i + VECTOR_WIDTH <= count; i += VECTOR_WIDTH) sums += *(OPERAND_VECTOR*)(value + i) * 0;
  float sum = 0;
  for (; i < count; ++i) sum += value[i] * 0;
  for (int lane = 0; lane < VECTOR_WIDTH; ++lane) sum += ((float*)&sums)[lane];
  return sum != 0;
}

// Like add_values for all columns, where some queries do not see all keys and a value is infinite or NaN.
INLINE void add_special_values(state s, OPERAND* value, int from, int keys) {
  for (int column = 0; column < VALUE_DIM; ++column) {
    for (int j = 0; j < QUERY_VECTORS; ++j) {
      VECTOR(float) sum = s.output[column * QUERY_VECTORS + j] * s.shrink[j];
      for (int i = 0; i < keys; ++i) {
        VECTOR(float) element = SPREAD(float, value[i * VALUE_DIM + column]);
        sum = from + i < s.visible[j] ? MULTIPLY_ADD(element, s.weight[i * QUERY_VECTORS + j], sum) : sum;
      }
      s.output[column * QUERY_VECTORS + j] = sum;
    }
  }
}

// One block of keys and values; masked: not every query sees all of them.
INLINE void attend_block(state s, GLOBAL const input_element* k, GLOBAL const input_element* v, int from, int keys,
                         int masked) {
  // The last tile ends with the last key: it may begin in the tile before it, whose scores it computes again, or
  // before the block. Only the very first keys may be fewer than a tile's; what follows them exists and is not seen.
  int last = MAX(keys - TILE_KEYS, -from);
#if CONVERTS
  int begin = MIN(last, 0);
  bring(k + begin * KEY_DIM, MAX(keys, TILE_KEYS) * KEY_DIM, s.panel);
  OPERAND* key = s.panel - begin * KEY_DIM;
#else
  OPERAND* key = k;
#endif
  for (int i = 0; i < keys; i += TILE_KEYS) {
    int at = MIN(i, last);
    score_tile(key + at * KEY_DIM, s.query, s.weight + at * QUERY_VECTORS);
  }
  weigh(s, from, keys, masked);
#if CONVERTS
  bring(v, keys * VALUE_DIM, s.panel);
  OPERAND* value = s.panel;
#else
  OPERAND* value = v;
#endif
  if (masked && has_special(value, keys * VALUE_DIM)) {
    add_special_values(s, value, from, keys);
    return;
  }
  int column = 0;
  for (; column + TILE_VALUES <= VALUE_DIM; column += TILE_VALUES) {
    add_values(value + column, s.weight, keys, s.shrink, s.output + column * QUERY_VECTORS);
  }
#if VALUE_DIM % TILE_VALUES != 0
  add_last_values(value + column, s.weight, keys, s.shrink, s.output + column * QUERY_VECTORS);
#endif
}

// Divides by the sums of weights and writes `count` rows.
INLINE void write_outputs(state s, int count, GLOBAL output_element* o) {
  for (int j = 0; j < QUERY_VECTORS; ++j) {
    int rows = MIN(VECTOR_WIDTH, count - j * VECTOR_WIDTH);
    VECTOR(float) part = 1 / s.sum[j];
    int column = 0;
    for (; column + VECTOR_WIDTH <= VALUE_DIM; column += VECTOR_WIDTH) {
      VECTOR(float) square[VECTOR_WIDTH];
      UNROLL for (int i = 0; i < VECTOR_WIDTH; ++i) square[i] = s.output[(column + i) * QUERY_VECTORS + j] * part;
      transpose(square);
      UNROLL for (int i = 0; i < VECTOR_WIDTH; ++i) {
        if (i < rows) STORE_OUTPUTS(square[i], o + (j * VECTOR_WIDTH + i) * VALUE_DIM + column);
      }
    }
    for (; column < VALUE_DIM; ++column) {
      VECTOR(float) element = s.output[column * QUERY_VECTORS + j] * part;
      for (int i = 0; i < rows; ++i) {
        STORE_OUTPUT(((float*)&element)[i], o, (j * VECTOR_WIDTH + i) * VALUE_DIM + column);
      }
    }
  }
}

// Of `count` rows, for combine.cl: VALUE_DIM weighted sums, largest score, sum of weights.
INLINE void write_parts(state s, int count, GLOBAL float* parts, size_t pitch) {
  for (int i = 0; i < count; ++i) {
    GLOBAL float* to = parts + i * pitch;
    for (int column = 0; column < VALUE_DIM; ++column) to[column] = ((LOCAL float*)s.output)[column * QUERIES + i];
    to[VALUE_DIM] = ((LOCAL float*)s.most)[i];
    to[VALUE_DIM + 1] = ((LOCAL float*)s.sum)[i];
  }
}

// Group (i, j): tile i / splits of the rows, part i % splits of the keys; key-value heads j, j + GROUPS(1) …
KERNEL GROUP_SHAPE(1, 1, 1) void fused(GLOBAL const input_element* RESTRICT q,
                                       GLOBAL const input_element* RESTRICT k,
                                       GLOBAL const input_element* RESTRICT v, GLOBAL output_element* RESTRICT o,
                                       GLOBAL float* RESTRICT parts, int heads, int rows, int queries, int keys,
                                       int scale, int splits, int split_keys) {
  LOCAL VECTOR(float) query[KEY_DIM * QUERY_VECTORS];
  LOCAL VECTOR(float) weight[(TILE_KEYS + PANEL_KEYS) * QUERY_VECTORS];
  LOCAL VECTOR(float) output[VALUE_DIM * QUERY_VECTORS];
  LOCAL VECTOR(float) most[QUERY_VECTORS];
  LOCAL VECTOR(float) sum[QUERY_VECTORS];
  LOCAL VECTOR(float) shrink[QUERY_VECTORS];
  LOCAL VECTOR(int) visible[QUERY_VECTORS];
  LOCAL float panel[CONVERTS ? PANEL_KEYS * PANEL_DIM : 1];
  state s = {query, weight + TILE_KEYS * QUERY_VECTORS, output, most, sum, shrink, visible, panel};
  // Tiles of a causal mask grow: a long one after a short one keeps any run of them balanced.
  int tiles = (int)GROUPS(0) / splits;
  int tile = (int)GROUP_ID(0) / splits;
  int part = (int)GROUP_ID(0) - tile * splits;
  tile = tile % 2 == 0 ? tile / 2 : tiles - 1 - tile / 2;
  int first = tile * QUERIES;
  int count = MIN(QUERIES, rows - first);
  int least = keys;
  int end = 0;
  for (int i = 0; i < QUERIES; ++i) {
    int sees = CAUSAL ? keys - queries + MIN(first + i, rows - 1) % queries + 1 : keys;
    ((LOCAL int*)visible)[i] = sees;
    least = MIN(least, sees);
    end = sees > end ? sees : end;
  }
  end = MIN(end, (part + 1) * split_keys);
  for (size_t head = GROUP_ID(1); head < (size_t)heads; head += GROUPS(1)) {
    size_t row = head * rows + first;
    bring_queries(q + row * KEY_DIM, count, BITS_AS_FLOAT(scale) * LOG2_E, query);
    for (int i = 0; i < VALUE_DIM * QUERY_VECTORS; ++i) output[i] = SPREAD(float, 0);
    for (int j = 0; j < QUERY_VECTORS; ++j) {
      most[j] = SPREAD(float, -INFINITE);
      sum[j] = SPREAD(float, 0);
    }
    for (int from = part * split_keys; from < end; from += BLOCK_KEYS) {
      int block = MIN(BLOCK_KEYS, end - from);
      size_t key = head * keys + from;
      attend_block(s, k + key * KEY_DIM, v + key * VALUE_DIM, from, block, from + block > least);
    }
    if (splits == 1) {
      write_outputs(s, count, o + row * VALUE_DIM);
    } else {
      size_t pitch = (size_t)splits * (VALUE_DIM + 2);
      write_parts(s, count, parts + row * pitch + (size_t)part * (VALUE_DIM + 2), pitch);
    }
  }
}
