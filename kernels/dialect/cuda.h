// The dialect's words in CUDA C++, as NVRTC compiles it: without any header. Must not know any operator.
#include "dialect/types.h"
typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

#define KERNEL extern "C" __global__
#define GROUP_SHAPE(x, y, z) __launch_bounds__((x) * (y) * (z))
#define INLINE static __device__ __forceinline__
#define GLOBAL
#define LOCAL __shared__
#define RESTRICT __restrict__
#define DIMENSION_0 x
#define DIMENSION_1 y
#define DIMENSION_2 z
#define COMPONENT(of, dimension) ((size_t)(of).JOIN(DIMENSION_, dimension))
#define GROUP_ID(dimension) COMPONENT(blockIdx, dimension)
#define GROUPS(dimension) COMPONENT(gridDim, dimension)
#define LOCAL_ID(dimension) COMPONENT(threadIdx, dimension)
#define GLOBAL_ID(dimension) (GROUP_ID(dimension) * COMPONENT(blockDim, dimension) + LOCAL_ID(dimension))
#define BARRIER() __syncthreads()
#define UNROLL _Pragma("unroll")
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define EXP(x) expf(x)  // this and the next are off by at most 2 ulp
#define EXP2(x) exp2f(x)
#define INFINITE __int_as_float(0x7f800000)
#define BITS_AS_FLOAT(bits) __int_as_float(bits)
// Of two numbers; b if either is NaN.
#define LARGER(a, b) ((a) > (b) ? (a) : (b))
// One fused operation: contraction is NVRTC's default.
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#define PREFETCH_L1(pointer)
#define PREFETCH_L2(pointer)

// A kernel's element types arrive as integers, INPUT_TYPE, ACCUMULATE_TYPE and OUTPUT_TYPE (dialect/types.h).
#define INPUT JOIN(TYPE_, INPUT_TYPE)
#define ACCUMULATE JOIN(TYPE_, ACCUMULATE_TYPE)
#define OUTPUT JOIN(TYPE_, OUTPUT_TYPE)

// As stored: f16 and bf16 are bits, converted at load and store.
#define element_f64 double
#define element_f32 float
#define element_f16 ushort
#define element_bf16 ushort
#define element_i8 signed char
#define element_i32 int
#define input_element JOIN(element_, INPUT)
#define accumulator JOIN(element_, ACCUMULATE)
#define output_element JOIN(element_, OUTPUT)

INLINE float from_f16(ushort bits) {
  float value;
  asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(bits));
  return value;
}
INLINE ushort to_f16(float value) {
  ushort bits;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(value));
  return bits;
}
INLINE ushort to_bf16(float value) {
  uint bits = __float_as_uint(value);
  return value != value ? (ushort)(bits >> 16 | 0x40) : (ushort)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

// LOAD_INPUT gives an accumulator, STORE_OUTPUT takes one and rounds to nearest, ties to even.
#define LOAD_f64(pointer, index) (pointer)[index]
#define LOAD_f32(pointer, index) (pointer)[index]
#define LOAD_f16(pointer, index) from_f16((pointer)[index])
#define LOAD_bf16(pointer, index) __uint_as_float((uint)(pointer)[index] << 16)
#define LOAD_i8(pointer, index) ((int)(pointer)[index])
#define LOAD_INPUT(pointer, index) JOIN(LOAD_, INPUT)(pointer, index)
#define STORE_f64(value, pointer, index) (pointer)[index] = (value)
#define STORE_f32(value, pointer, index) (pointer)[index] = (value)
#define STORE_f16(value, pointer, index) (pointer)[index] = to_f16(value)
#define STORE_bf16(value, pointer, index) (pointer)[index] = to_bf16(value)
#define STORE_i32(value, pointer, index) (pointer)[index] = (value)
#define STORE_OUTPUT(value, pointer, index) JOIN(STORE_, OUTPUT)(value, pointer, index)
