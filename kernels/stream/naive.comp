// stream/naive.cl as shaders, one for each entry: one work-item per element; for the dot product one per RUN products,
// and one that adds up what they found.
#version 460
#include "dialect/vulkan.glsl"
#include "stream/arrays.glsl"
CONSTANT(2, GROUP_X);
CONSTANT(3, RUN);

void main() {
  uint i = GROUP_ID_0 * GROUP_X + LOCAL_ID_0;
#if ENTRY_dot_parts
  uint first = i * RUN;
  if (first >= n) return;
  uint last = min(first + RUN, n);
  accumulator sum = accumulator(0);
  for (uint at = first; at < last; ++at) sum = MULTIPLY_ADD(a[at], b[at], sum);
  c[i] = sum;
#elif ENTRY_dot_total
  if (i != 0) return;
  accumulator sum = accumulator(0);
  for (uint at = 0; at < n; ++at) sum += a[at];
  c[0] = sum;
#else
  if (i < n) c[i] = VALUE(a[i], b[i]);
#endif
}
