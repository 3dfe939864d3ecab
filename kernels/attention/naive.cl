// The floor: three plain steps, each with one work-item per result, and all scores in memory. `rows` is the
// number of queries of one key-value head, which lie next to each other, `queries` those of one query head.
// Group number i of dimension 0 has GROUP_X results; dimension 1 walks through the heads.

// Keys that a row sees.
INLINE int visible_keys(int row, int queries, int keys) {
  return CAUSAL ? keys - queries + row % queries + 1 : keys;
}

KERNEL GROUP_SHAPE(GROUP_X, 1, 1) void scores(GLOBAL const input_element* RESTRICT q,
                                              GLOBAL const input_element* RESTRICT k,
                                              GLOBAL accumulator* RESTRICT scores, int heads, int rows, int queries,
                                              int keys, int scale) {
  size_t at = GROUP_ID(0) * GROUP_X + LOCAL_ID(0);
  size_t row = at / keys;
  size_t key = at - row * keys;
  if (row >= (size_t)rows || key >= (size_t)visible_keys((int)row, queries, keys)) return;
  for (size_t head = GROUP_ID(1); head < (size_t)heads; head += GROUPS(1)) {
    GLOBAL const input_element* of_q = q + (head * rows + row) * KEY_DIM;
    GLOBAL const input_element* of_k = k + (head * keys + key) * KEY_DIM;
    accumulator sum = 0;
    for (int i = 0; i < KEY_DIM; ++i) sum = MULTIPLY_ADD(LOAD_INPUT(of_q, i), LOAD_INPUT(of_k, i), sum);
    scores[(head * rows + row) * keys + key] = sum * BITS_AS_FLOAT(scale);
  }
}

KERNEL GROUP_SHAPE(GROUP_X, 1, 1) void softmax(GLOBAL accumulator* RESTRICT scores, int heads, int rows, int queries,
                                               int keys) {
  size_t row = GROUP_ID(0) * GROUP_X + LOCAL_ID(0);
  if (row >= (size_t)rows) return;
  int visible = visible_keys((int)row, queries, keys);
  for (size_t head = GROUP_ID(1); head < (size_t)heads; head += GROUPS(1)) {
    GLOBAL accumulator* of_row = scores + (head * rows + row) * keys;
    accumulator most = of_row[0];
    for (int i = 1; i < visible; ++i) most = LARGER(of_row[i], most);
    accumulator sum = 0;
    for (int i = 0; i < visible; ++i) {
      accumulator weight = EXP(of_row[i] - most);
      of_row[i] = weight;
      sum += weight;
    }
    for (int i = 0; i < visible; ++i) of_row[i] /= sum;
  }
}

KERNEL GROUP_SHAPE(GROUP_X, 1, 1) void product(GLOBAL const accumulator* RESTRICT weights,
                                               GLOBAL const input_element* RESTRICT v,
                                               GLOBAL output_element* RESTRICT o, int heads, int rows, int queries,
                                               int keys) {
  size_t at = GROUP_ID(0) * GROUP_X + LOCAL_ID(0);
  size_t row = at / VALUE_DIM;
  size_t column = at - row * VALUE_DIM;
  if (row >= (size_t)rows) return;
  int visible = visible_keys((int)row, queries, keys);
  for (size_t head = GROUP_ID(1); head < (size_t)heads; head += GROUPS(1)) {
    GLOBAL const accumulator* of_row = weights + (head * rows + row) * keys;
    GLOBAL const input_element* of_v = v + head * keys * VALUE_DIM;
    accumulator sum = 0;
    for (int i = 0; i < visible; ++i) {
      sum = MULTIPLY_ADD(of_row[i], LOAD_INPUT(of_v, (size_t)i * VALUE_DIM + column), sum);
    }
    STORE_OUTPUT(sum, o + (head * rows + row) * VALUE_DIM, column);
  }
}
