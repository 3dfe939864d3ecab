// What the portable attention shaders have in common: constants, tensors, arguments, and where results go. For
// inclusion. `rows` is the number of queries of one key-value head, which lie next to each other, `queries` those of one
// query head.
CONSTANT(2, GROUP_X);
CONSTANT(3, CAUSAL);
CONSTANT(4, KEY_DIM);
CONSTANT(5, VALUE_DIM);
CONSTANT(6, GROUP_Y);
layout(binding = 0) readonly buffer Q { input_element q[]; };
layout(binding = 1) readonly buffer K { input_element k[]; };
layout(binding = 2) readonly buffer V { input_element v[]; };
layout(binding = 3) buffer O { output_element o[]; };
layout(binding = 4) buffer Parts { float parts[]; };
layout(push_constant) uniform Integers { int heads, rows, queries, keys, scale, splits, split_keys; };
const float LOG2_E = 1.44269504;
