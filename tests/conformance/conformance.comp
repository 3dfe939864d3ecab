// conformance.cl for Vulkan: the same kernels, one module each; KERNEL says which. Every constant is there in every
// module, since the tests give all of them.
#version 450

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;
layout(constant_id = 3) const int SIZE_X = 1;
layout(constant_id = 4) const int SIZE_Y = 1;

#define ADD 1
#define TRIPLE_AND_ADD 2
#define MARK 3
#define COMBINE 4
#define SPIN 5

layout(std430, set = 0, binding = 0) buffer Cells { int cells[]; };

#if KERNEL == COMBINE
layout(std430, set = 0, binding = 1) readonly buffer In { int values[]; };
layout(push_constant) uniform Integers { int scale; int offset; };
#else
layout(push_constant) uniform Integers { int amount; };
#endif

void main() {
  uvec3 id = gl_GlobalInvocationID;
#if KERNEL == ADD
  if (id.x == 0) cells[0] += amount;
#elif KERNEL == TRIPLE_AND_ADD
  if (id.x == 0) cells[0] = cells[0] * 3 + amount;
#elif KERNEL == SPIN
  int value = cells[0];
  for (int i = 0; i < amount; ++i) value = (value ^ i) + 1;
  if (id.x == 0) cells[0] = value;
#elif KERNEL == MARK
  int x = int(id.x);
  int y = int(id.y);
  int z = int(id.z);
  cells[(z * SIZE_Y + y) * SIZE_X + x] += x + 100 * y + 10000 * z + amount;
#else
  if (id.x == 0) cells[0] = values[0] * scale + offset;
#endif
}
