// The second step of a problem whose keys are split: joins what the groups of the first step found on their parts
// of the keys. A group of GROUP_X work-items joins one row; `parts` has, for each row and part of the keys, VALUE_DIM
// weighted sums, the largest score in powers of two and the sum of weights.
KERNEL GROUP_SHAPE(GROUP_X, 1, 1) void combine(GLOBAL const float* RESTRICT parts,
                                               GLOBAL output_element* RESTRICT o, int rows, int splits) {
  if (GROUP_ID(0) >= (size_t)rows) return;
  size_t row = GROUP_ID(1) * rows + GROUP_ID(0);
  GLOBAL const float* part = parts + row * splits * (VALUE_DIM + 2);
  float most = -INFINITE;
  for (int i = 0; i < splits; ++i) most = LARGER(part[i * (VALUE_DIM + 2) + VALUE_DIM], most);
  // Where all scores are -infinity, the difference would be NaN already here, but the quotient is to be.
  float base = most == -INFINITE ? 0 : most;
  float sum = 0;
  for (int i = 0; i < splits; ++i) {
    GLOBAL const float* of_part = part + i * (VALUE_DIM + 2) + VALUE_DIM;
    sum += EXP2(of_part[0] - base) * of_part[1];
  }
  for (int column = (int)LOCAL_ID(0); column < VALUE_DIM; column += GROUP_X) {
    float output = 0;
    for (int i = 0; i < splits; ++i) {
      GLOBAL const float* of_part = part + i * (VALUE_DIM + 2);
      output = MULTIPLY_ADD(EXP2(of_part[VALUE_DIM] - base), of_part[column], output);
    }
    STORE_OUTPUT(output / sum, o + row * VALUE_DIM, column);
  }
}
