// GEMM for processors with many work-items and local memory (slab.cl). Group number i * column_groups + j computes
// GROUP_ROWS x GROUP_COLUMNS outputs of each batch entry that is its own.
#include "product/slab.cl"

#define LEFT(row, step) LOAD_INPUT(a_entry, TRANSPOSE_A ? (step)*m + (row) : (row)*k + (step))
#define RIGHT(column, step) LOAD_INPUT(b_entry, TRANSPOSE_B ? (column)*k + (step) : (step)*n + (column))
#define STORE(row, column, sum) STORE_OUTPUT(sum, c_entry, (row)*n + (column))

KERNEL GROUP_SHAPE(GROUP_X, GROUP_Y, 1) void tiled(GLOBAL const input_element* RESTRICT a,
                                                   GLOBAL const input_element* RESTRICT b,
                                                   GLOBAL output_element* RESTRICT c, int m, int n, int k,
                                                   int batch, int column_groups) {
  LOCAL accumulator slab_a[BLOCK_K][GROUP_ROWS + 1];
  LOCAL accumulator slab_b[BLOCK_K][GROUP_COLUMNS + 1];
  size_t group_row = GROUP_ID(0) / column_groups;
  size_t first_row = group_row * GROUP_ROWS;
  size_t first_column = (GROUP_ID(0) - group_row * column_groups) * GROUP_COLUMNS;
  for (size_t entry = GROUP_ID(1); entry < (size_t)batch; entry += GROUPS(1)) {
    GLOBAL const input_element* a_entry = a + entry * m * k;
    GLOBAL const input_element* b_entry = b + entry * k * n;
    GLOBAL output_element* c_entry = c + entry * m * n;
    MULTIPLY_SLABS(m, n, k, LEFT, !TRANSPOSE_A, RIGHT, TRANSPOSE_B, STORE)
  }
}
