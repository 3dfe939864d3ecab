// GEMM for processors with vector registers and caches: one work-item per group, which owns a rectangle of C
// (group_rows x group_columns), packs what it needs into its own part of `scratch` as it goes, and keeps a
// tile of TILE_M x TILE_N sums in registers. No group waits for another, so one launch is all.
#include "product/tile.cl"

// A block of a stored matrix: its first element, the end of the tensor, elements from one stored row to the next.
typedef struct {
  GLOBAL const input_element* at;
  GLOBAL const input_element* end;
  size_t pitch;
} matrix;
typedef matrix left_source;
typedef matrix right_source;
#define AHEAD_LEFT 1
#define RIGHT_IS_MATRIX (TRANSPOSE_B ? 0 : 2)

INLINE void pack_left(matrix left, int row, int rows, int depth, GLOBAL factor* to) {
  pack_a(left.at + row * (TRANSPOSE_A ? 1 : left.pitch), left.end, left.pitch, rows, depth, to);
}
INLINE GLOBAL const input_element* right_at(matrix right, int column) {
  return right.at + column * (TRANSPOSE_B ? right.pitch : 1);
}
INLINE void pack_right(matrix right, int column, int columns, int depth, GLOBAL factor* to) {
  pack_b(right_at(right, column), right.end, right.pitch, columns, depth, to);
}
#include "product/block.cl"

// Group (i, j) of row_groups x column_groups has number i * column_groups + j. A group's scratch: the panels
// of B, partial sums where C cannot hold them, panels of A.
KERNEL GROUP_SHAPE(1, 1, 1) void packed(GLOBAL const input_element* RESTRICT a,
                                        GLOBAL const input_element* RESTRICT b,
                                        GLOBAL output_element* RESTRICT c, GLOBAL factor* RESTRICT scratch,
                                        int m, int n, int k, int batch, int group_rows, int group_columns,
                                        int column_groups, int group_scratch) {
  size_t group_row = GROUP_ID(0) / column_groups;
  size_t row = group_row * group_rows;
  size_t column = (GROUP_ID(0) - group_row * column_groups) * group_columns;
  int rows = MIN(group_rows, m - (int)row);
  int columns = MIN(group_columns, n - (int)column);
  GLOBAL factor* panels_b = scratch + (GROUP_ID(1) * GROUPS(0) + GROUP_ID(0)) * group_scratch;
  GLOBAL factor* partial = panels_b + (size_t)BLOCK_K * group_columns;
  GLOBAL factor* panels_a = partial + (PARTIAL_IN_C ? 0 : (size_t)group_rows * group_columns);
  size_t a_pitch = TRANSPOSE_A ? m : k;
  size_t b_pitch = TRANSPOSE_B ? k : n;
  int blocks = (k - 1) / BLOCK_K + 1;
  int depth = (k - 1) / blocks + 1;  // equal blocks: a last one of few steps would cost as much as a long one
  for (size_t entry = GROUP_ID(1); entry < (size_t)batch; entry += GROUPS(1)) {
    GLOBAL const input_element* a_from = a + entry * m * k + row * (TRANSPOSE_A ? 1 : a_pitch);
    GLOBAL const input_element* b_from = b + entry * k * n + column * (TRANSPOSE_B ? b_pitch : 1);
    GLOBAL output_element* c_to = c + entry * m * n + row * n + column;
#if PARTIAL_IN_C
    GLOBAL accumulator* sums = c_to;
    size_t sums_pitch = n;
#else
    GLOBAL accumulator* sums = (GLOBAL accumulator*)partial;
    size_t sums_pitch = group_columns;
#endif
    for (int block = 0; block < blocks; ++block) {
      size_t from = (size_t)block * depth;
      int steps = MIN(depth, k - (int)from);
      matrix left = {a_from + from * (TRANSPOSE_A ? a_pitch : 1), a + (size_t)batch * m * k, a_pitch};
      matrix right = {b_from + from * (TRANSPOSE_B ? 1 : b_pitch), b + (size_t)batch * k * n, b_pitch};
      multiply_block(left, right, steps, sums, sums_pitch, rows, columns, block == 0, panels_a, panels_b);
    }
#if !PARTIAL_IN_C
    round_off(sums, sums_pitch, rows, columns, c_to, n);
#endif
  }
}
