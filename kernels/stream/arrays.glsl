// The arrays of one stream entry and what it does with an element of each, for inclusion. Entries with one
// input have no b.
#define HAS_B (ENTRY_add || ENTRY_triad || ENTRY_dot_parts)
layout(binding = 0) readonly buffer A { input_element a[]; };
#if HAS_B
layout(binding = 1) readonly buffer B { input_element b[]; };
#define BINDING_OF_C 2
#else
#define BINDING_OF_C 1
#endif
layout(binding = BINDING_OF_C) buffer C { output_element c[]; };
// The same arrays by pairs of elements, which are as many accesses for twice as much where a device has 64-bit
// integers.
#if PAIRS
#extension GL_EXT_shader_explicit_arithmetic_types_int64 : require
layout(binding = 0) readonly buffer PairsOfA { uint64_t pairs_of_a[]; };
#if HAS_B
layout(binding = 1) readonly buffer PairsOfB { uint64_t pairs_of_b[]; };
#endif
#if !ENTRY_dot_parts
layout(binding = BINDING_OF_C) buffer PairsOfC { uint64_t pairs_of_c[]; };
#endif
#define PAIR(array, index) uintBitsToFloat(unpack32(array[(index) >> 1]))
#endif
#if INPUT_TYPE == F64
#define SCALAR 0.4LF
#else
#define SCALAR 0.4
#endif
#if ENTRY_copy
#define VALUE(of_a, of_b) of_a
#elif ENTRY_mul
#define VALUE(of_a, of_b) (SCALAR * of_a)
#elif ENTRY_add
#define VALUE(of_a, of_b) (of_a + of_b)
#elif ENTRY_triad
#define VALUE(of_a, of_b) MULTIPLY_ADD(SCALAR, of_b, of_a)
#endif
layout(push_constant) uniform Integers {
  uint n;
#if CHUNKED && !ENTRY_dot_total
  uint chunk;
#endif
};
