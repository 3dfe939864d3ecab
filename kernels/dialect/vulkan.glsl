// The words that all shaders share: element types as stored and as computed with, groups, buffers. The GLSL sibling of
// opencl.h. glslc compiles a shader once per triple of INPUT_TYPE, ACCUMULATE_TYPE and OUTPUT_TYPE
// (dialect/types.h) and, for devices without 16- or 8-bit elements, once more with WORDS: elements are then parts of 32-bit
// words. Everything else is a specialisation constant. Must not know any operator.
#extension GL_EXT_control_flow_attributes : require
#if !WORDS
#extension GL_EXT_shader_16bit_storage : require
#extension GL_EXT_shader_8bit_storage : require
#extension GL_EXT_shader_explicit_arithmetic_types_int8 : require
#extension GL_EXT_shader_explicit_arithmetic_types_int16 : require
#endif

#include "dialect/types.h"

// Specialisation constants 0 and 1 are the group's shape; a kernel's own begin at 2.
layout(local_size_x_id = 0, local_size_y_id = 1) in;
#define CONSTANT(id, name) layout(constant_id = id) const int name = 1

#define UNROLL [[unroll]]
#define KEEP_LOOP [[dont_unroll]]  // unrolled, it would take a driver long to compile
#define LOCAL shared
// A grid that is longer than the device counts in its first dimension goes on in the third (kernels/planning.h);
// groups beyond its end find nothing to do.
#define GROUP_ID_0 (gl_WorkGroupID.x + gl_WorkGroupID.z * gl_NumWorkGroups.x)
#define GROUP_ID_1 gl_WorkGroupID.y
#define GROUPS_1 gl_NumWorkGroups.y
#define LOCAL_ID_0 gl_LocalInvocationID.x
#define LOCAL_ID_1 gl_LocalInvocationID.y
#define BARRIER() barrier()
#define INFINITE uintBitsToFloat(0x7f800000u)
// Of two numbers; b if either is NaN.
#define LARGER(a, b) ((a) > (b) ? (a) : (b))
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))

#if ACCUMULATE_TYPE == F64
#define accumulator double
#elif ACCUMULATE_TYPE == F32
#define accumulator float
#elif ACCUMULATE_TYPE == F16
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#define accumulator float16_t
#else
#define accumulator int
#endif

// input_element and output_element as stored; LOAD_INPUT gives an accumulator. `array` is a buffer's.
#if INPUT_TYPE == F64
#define input_element double
#define LOAD_INPUT(array, index) array[index]
#elif INPUT_TYPE == F32
#define input_element float
#define LOAD_INPUT(array, index) array[index]
#elif INPUT_TYPE == I8
#if WORDS
#define input_element int
#define LOAD_INPUT(array, index) bitfieldExtract(array[(index) >> 2], int((index)&3) * 8, 8)
#else
#define input_element int8_t
#define LOAD_INPUT(array, index) int(array[index])
#endif
#else
#if WORDS
#define input_element uint
#define INPUT_BITS(array, index) (array[(index) >> 1] >> (((index)&1) * 16) & 0xffff)
#else
#define input_element uint16_t
#define INPUT_BITS(array, index) uint(array[index])
#endif
#if INPUT_TYPE == BF16
#define LOAD_INPUT(array, index) uintBitsToFloat(INPUT_BITS(array, index) << 16)
#else
#define LOAD_INPUT(array, index) accumulator(unpackHalf2x16(INPUT_BITS(array, index)).x)
#endif
#endif

// STORE_OUTPUT takes an accumulator and rounds to nearest, ties to even, whatever the device's own conversions do.
#if OUTPUT_TYPE == F64
#define output_element double
#elif OUTPUT_TYPE == F32
#define output_element float
#elif OUTPUT_TYPE == I32
#define output_element int
#elif WORDS
#define output_element uint
#else
#define output_element uint16_t
#endif
#if OUTPUT_TYPE == BF16
#define OUTPUT_BITS(value) to_bf16(value)
#else
#define OUTPUT_BITS(value) to_f16(value)
#endif
#if OUTPUT_TYPE == F64 || OUTPUT_TYPE == F32 || OUTPUT_TYPE == I32
#define STORE_OUTPUT(value, array, index) array[index] = value
#elif WORDS
// The other half of the word is another work-item's.
#define STORE_OUTPUT(value, array, index)                                            \
  {                                                                                  \
    uint store_shift = uint((index)&1) * 16u;                                        \
    uint store_bits = OUTPUT_BITS(value) << store_shift;                             \
    atomicAnd(array[(index) >> 1], ~(0xffffu << store_shift));                       \
    atomicOr(array[(index) >> 1], store_bits);                                       \
  }
#else
#define STORE_OUTPUT(value, array, index) array[index] = uint16_t(OUTPUT_BITS(value))
#endif

uint to_bf16(float value) {
  uint bits = floatBitsToUint(value);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return bits >> 16 | 0x40u;
  return (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
}

uint to_f16(float value) {
  uint bits = floatBitsToUint(value);
  uint sign = bits >> 16 & 0x8000u;
  bits &= 0x7fffffffu;
  if (bits > 0x7f800000u) return sign | 0x7e00u;  // NaN
  if (bits >= 0x47800000u) return sign | 0x7c00u;  // 2^16 and more
  // Below 2^-14 f16 counts in steps of 2^-24, which is what f32 does between 1/2 and 1: the sum rounds.
  if (bits < 0x38800000u) return sign | (floatBitsToUint(uintBitsToFloat(bits) + 0.5) - 0x3f000000u);
  return sign | (bits - 0x38000000u + 0xfffu + (bits >> 13 & 1u)) >> 13;
}
