// Kernels that leave traces of how they were launched, in the dialect's words. One work-item writes `cell`.
KERNEL void add(GLOBAL int* cell, int amount) {
  if (GLOBAL_ID(0) == 0) cell[0] += amount;
}

KERNEL void triple_and_add(GLOBAL int* cell, int amount) {
  if (GLOBAL_ID(0) == 0) cell[0] = cell[0] * 3 + amount;
}

// Keeps a work-item busy: each round waits for the one before it.
KERNEL void spin(GLOBAL int* cell, int rounds) {
  int value = cell[0];
  for (int i = 0; i < rounds; ++i) value = (value ^ i) + 1;
  if (GLOBAL_ID(0) == 0) cell[0] = value;
}

// SIZE_X and SIZE_Y are constants of the launch: work-items along the first two dimensions.
KERNEL void mark(GLOBAL int* out, int offset) {
  int x = (int)GLOBAL_ID(0);
  int y = (int)GLOBAL_ID(1);
  int z = (int)GLOBAL_ID(2);
  out[(z * SIZE_Y + y) * SIZE_X + x] += x + 100 * y + 10000 * z + offset;
}

KERNEL void combine(GLOBAL int* RESTRICT out, int scale, GLOBAL const int* RESTRICT in, int offset) {
  if (GLOBAL_ID(0) == 0) out[0] = in[0] * scale + offset;
}
