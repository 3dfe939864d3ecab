// GEMM's constants, buffers and elements, for inclusion by tiled.comp, lanes.comp and matrices.comp, which say what is
// done with them.
CONSTANT(2, GROUP_X);
CONSTANT(3, GROUP_Y);
CONSTANT(4, TILE_M);
CONSTANT(5, TILE_N);
CONSTANT(7, TRANSPOSE_A);
CONSTANT(8, TRANSPOSE_B);
layout(binding = 0) readonly buffer A { input_element a[]; };
layout(binding = 1) readonly buffer B { input_element b[]; };
layout(binding = 2) buffer C { output_element c[]; };
layout(binding = 3) buffer Partial { accumulator partial[]; };
layout(push_constant) uniform Integers { uint m, n, k, batch, column_groups, first_step, last_step; };

// Of batch entry `entry`.
#define LEFT_AT(row, step) (entry * m * k + (TRANSPOSE_A == 1 ? (step)*m + (row) : (row)*k + (step)))
#define RIGHT_AT(column, step) (entry * k * n + (TRANSPOSE_B == 1 ? (column)*k + (step) : (step)*n + (column)))
#define LEFT(row, step) LOAD_INPUT(a, LEFT_AT(row, step))
#define RIGHT(column, step) LOAD_INPUT(b, RIGHT_AT(column, step))
#define PLACE(row, column) (entry * m * n + (row)*n + (column))
#define STORE(row, column, sum) STORE_OUTPUT(sum, c, PLACE(row, column))
#define LEFT_ALONG_K (TRANSPOSE_A == 0)
#define RIGHT_ALONG_K (TRANSPOSE_B == 1)
