// Attention of few queries on processors with vector registers: a matter of reading keys and values once, as they
// lie. One work-item per group, which owns at most ROWS rows and one part of the keys. The lanes of a vector are
// elements of a key or value, and for the softmax keys. `rows` as in fused.cl; needs at least VECTOR_WIDTH keys.
#define KEY_VECTORS (KEY_DIM / VECTOR_WIDTH)
#define VALUE_VECTORS (VALUE_DIM / VECTOR_WIDTH)
#define KEY_REST (KEY_DIM % VECTOR_WIDTH)
#define VALUE_REST (VALUE_DIM % VECTOR_WIDTH)
#define LOG2_E 0x1.715476p+0f
#define AT(pointer) (*(LOCAL unaligned_float*)(pointer))

// Scores of VECTOR_WIDTH keys.
INLINE VECTOR(float) score(GLOBAL const input_element* k, LOCAL const float* query) {
  VECTOR(float) sums[VECTOR_WIDTH];
  UNROLL for (int i = 0; i < VECTOR_WIDTH; ++i) sums[i] = SPREAD(float, 0);
  // Key after key, as they lie in memory.
  UNROLL for (int i = 0; i < VECTOR_WIDTH; ++i) {
    UNROLL for (int p = 0; p < KEY_VECTORS; ++p) {
      VECTOR(float) element = LOAD_INPUTS(k + i * KEY_DIM + p * VECTOR_WIDTH);
      sums[i] = MULTIPLY_ADD(element, AT(query + p * VECTOR_WIDTH), sums[i]);
    }
  }
#if KEY_REST != 0
  for (int i = 0; i < VECTOR_WIDTH; ++i) {
    float rest = 0;
    for (int p = KEY_DIM - KEY_REST; p < KEY_DIM; ++p) {
      rest = MULTIPLY_ADD(LOAD_INPUT(k, i * KEY_DIM + p), query[p], rest);
    }
    ((float*)&sums[i])[0] += rest;
  }
#endif
  // Adding what interleaves of vector i and vector i + pairs halves their number; in the end lane i has the sum of
  // vector i.
  // (Bounds must be literal for the sums to stay in registers.)
  UNROLL for (int pairs = VECTOR_WIDTH / 2; pairs > 0; pairs /= 2) {
    UNROLL for (int i = 0; i < VECTOR_WIDTH / 2; ++i) {
      if (i < pairs) {
        sums[i] = INTERLEAVE_LOW(float, sums[i], sums[i + pairs]) + INTERLEAVE_HIGH(float, sums[i], sums[i + pairs]);
      }
    }
  }
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

// Adds the weighted values of `keys` keys to one row of the output, after shrinking it.
INLINE void add_values(GLOBAL const input_element* v, LOCAL const float* weight, int keys, VECTOR(float) shrink,
                       LOCAL float* output) {
#if VALUE_VECTORS != 0
  VECTOR(float) sums[VALUE_VECTORS];
  UNROLL for (int i = 0; i < VALUE_VECTORS; ++i) sums[i] = AT(output + i * VECTOR_WIDTH) * shrink;
  for (int key = 0; key < keys; ++key) {
    VECTOR(float) element = SPREAD(float, weight[key]);
    UNROLL for (int i = 0; i < VALUE_VECTORS; ++i) {
      sums[i] = MULTIPLY_ADD(LOAD_INPUTS(v + key * VALUE_DIM + i * VECTOR_WIDTH), element, sums[i]);
    }
  }
  UNROLL for (int i = 0; i < VALUE_VECTORS; ++i) AT(output + i * VECTOR_WIDTH) = sums[i];
#endif
#if VALUE_REST != 0
  for (int column = VALUE_DIM - VALUE_REST; column < VALUE_DIM; ++column) {
    float sum = output[column] * ((float*)&shrink)[0];
    for (int key = 0; key < keys; ++key) {
      sum = MULTIPLY_ADD(weight[key], LOAD_INPUT(v, key * VALUE_DIM + column), sum);
    }
    output[column] = sum;
  }
#endif
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
  // A block's scores, then weights, of one row. The last vector of scores begins VECTOR_WIDTH before the last key,
  // be that before the block; behind the last key comes one vector of -infinity.
  LOCAL float area[BLOCK_KEYS + 2 * VECTOR_WIDTH];
  LOCAL float* weight = area + VECTOR_WIDTH;
  int part = (int)GROUP_ID(0) % splits;
  int first = (int)GROUP_ID(0) / splits * ROWS;
  int count = MIN(ROWS, rows - first);
  int end = MIN(keys, (part + 1) * split_keys);
  float factor_of_q = BITS_AS_FLOAT(scale) * LOG2_E;
  for (size_t head = GROUP_ID(1); head < (size_t)heads; head += GROUPS(1)) {
    GLOBAL const input_element* of_q = q + (head * rows + first) * KEY_DIM;
    for (int i = 0; i < count * KEY_DIM; ++i) query[i] = LOAD_INPUT(of_q, i) * factor_of_q;
    for (int i = 0; i < count * VALUE_DIM; ++i) output[i] = 0;
    for (int i = 0; i < count; ++i) {
      most[i] = SPREAD(float, -INFINITE);
      sum[i] = SPREAD(float, 0);
    }
    for (int from = part * split_keys; from < end; from += BLOCK_KEYS) {
      GLOBAL const input_element* of_k = k + (head * keys + from) * KEY_DIM;
      GLOBAL const input_element* of_v = v + (head * keys + from) * VALUE_DIM;
      for (int row = 0; row < count; ++row) {
        int visible = CAUSAL ? keys - queries + (first + row) % queries + 1 : keys;
        int block = MIN(MIN(BLOCK_KEYS, end - from), visible - from);
        if (block <= 0) continue;
        for (int i = 0; i < block; i += VECTOR_WIDTH) {
          int at = MIN(i, MAX(block - VECTOR_WIDTH, -from));
          AT(weight + at) = score(of_k + at * KEY_DIM, query + row * KEY_DIM);
        }
        AT(weight + block) = SPREAD(float, -INFINITE);
        VECTOR(float) before = most[row];
        VECTOR(float) base = before;
        for (int i = 0; i < block; i += VECTOR_WIDTH) base = LARGER(AT(weight + i), base);
        base = largest_lane(base);
        most[row] = base;
        // Where there is no score yet but -infinity, the difference would be NaN.
        base = base == -INFINITE ? SPREAD(float, 0) : base;
        VECTOR(float) shrink = exp2s(before - base);
        VECTOR(float) total = sum[row] * shrink;
        for (int i = 0; i < block; i += VECTOR_WIDTH) {
          VECTOR(float) next = exp2s(AT(weight + i) - base);
          AT(weight + i) = next;
          total += next;
        }
        sum[row] = total;
        add_values(of_v, weight, block, shrink, output + row * VALUE_DIM);
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
