// Kernels for the tests of the Vulkan adapter; KERNEL says which. Bindings and push constants are in the order of
// the launch's arguments.
#version 450
#extension GL_EXT_shader_16bit_storage : enable

#define ADD 1
#define COUNT 2
#define FIXED 3
#define WORDS 4
#define HALVES 5

#if KERNEL == FIXED
layout(local_size_x = 8, local_size_y = 2) in;
#else
layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;
#endif
layout(constant_id = 3) const int SCALE = 1;
layout(constant_id = 4) const uint COUNT_UP = 1;
layout(constant_id = 5) const bool NEGATE = false;
layout(constant_id = 6) const float RATE = 1.0;

#if KERNEL == ADD
layout(std430, binding = 0) readonly buffer A { float a[]; };
layout(std430, binding = 1) readonly buffer B { float b[]; };
layout(std430, binding = 2) buffer C { float c[]; };
layout(push_constant) uniform Integers { int n; };
void main() {
  int i = int(gl_GlobalInvocationID.x);
  if (i < n) c[i] = a[i] + SCALE * (NEGATE ? -b[i] : b[i]);
}
#elif KERNEL == WORDS
// The last 16 bits of a buffer that may be no whole number of words.
layout(std430, binding = 0) readonly buffer In { uint words[]; };
layout(std430, binding = 1) buffer Out { uint last; };
layout(push_constant) uniform Integers { int element; };
void main() { last = words[element / 2] >> (16 * (element % 2)) & 0xffffu; }
#elif KERNEL == HALVES
layout(std430, binding = 0) buffer Halves { float16_t halves[]; };
void main() { halves[gl_GlobalInvocationID.x] = float16_t(float(halves[gl_GlobalInvocationID.x]) * 2); }
#else
layout(std430, binding = 0) buffer Counter { uint counter; };
void main() {
  if (gl_GlobalInvocationID == uvec3(0)) counter += COUNT_UP;
}
#endif
