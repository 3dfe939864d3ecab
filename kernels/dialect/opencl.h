// The dialect's words in OpenCL C. Every c_like kernel is written in these words only, so that another
// language needs one more file beside this one and no change to a kernel. Must not know any operator.
#include "dialect/types.h"
#define KERNEL __kernel
#define GROUP_SHAPE(x, y, z) __attribute__((reqd_work_group_size(x, y, z)))
#define INLINE static inline __attribute__((always_inline))
#define GLOBAL __global
#define LOCAL __local
#define RESTRICT restrict
#define GLOBAL_ID(dimension) get_global_id(dimension)
#define GROUP_ID(dimension) get_group_id(dimension)
#define GROUPS(dimension) get_num_groups(dimension)
#define LOCAL_ID(dimension) get_local_id(dimension)
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE)
#define UNROLL _Pragma("unroll")
#define MIN(a, b) min(a, b)
#define MAX(a, b) max(a, b)
#define EXP(x) exp(x)  // this and the next are off by at most 3 ulp
#define EXP2(x) exp2(x)
#define INFINITE INFINITY
#define BITS_AS_FLOAT(bits) as_float(bits)
// Of two numbers; b if either is NaN.
#define LARGER(a, b) ((a) > (b) ? (a) : (b))
// One fused operation where the device has it: contraction is OpenCL C's default.
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))

// Hints that never fault, for kernels given PREFETCH.
// Not OpenCL C's prefetch(), which several compilers drop.
#ifndef __has_builtin
#define __has_builtin(x) 0
#endif
#if PREFETCH && __has_builtin(__builtin_prefetch)
#define PREFETCH_L1(pointer) __builtin_prefetch(pointer, 0, 3)
#define PREFETCH_L2(pointer) __builtin_prefetch(pointer, 0, 2)
#else
#define PREFETCH_L1(pointer)
#define PREFETCH_L2(pointer)
#endif

// Stores `vector` to `to`, an lvalue aligned to its size, without keeping it in the caches, where there is a
// way to say so.
#if __has_builtin(__builtin_nontemporal_store)
#define STREAM_OUT(vector, to) __builtin_nontemporal_store(vector, &(to))
#else
#define STREAM_OUT(vector, to) to = (vector)
#endif

// For kernels that compute in f16, which has_f16 allows.
#if ACCUMULATE_TYPE == F16
#pragma OPENCL EXTENSION cl_khr_fp16 : enable
#endif

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

// A kernel's element types arrive as integers, INPUT_TYPE, ACCUMULATE_TYPE and OUTPUT_TYPE (dialect/types.h).
#define INPUT JOIN(TYPE_, INPUT_TYPE)
#define ACCUMULATE JOIN(TYPE_, ACCUMULATE_TYPE)
#define OUTPUT JOIN(TYPE_, OUTPUT_TYPE)

// As stored. f16 needs no extension for loads and stores, only for arithmetic.
#define element_f64 double
#define element_f32 float
#define element_f16 half
#define element_bf16 ushort
#define element_i8 char
#define element_i32 int
#define input_element JOIN(element_, INPUT)
#define accumulator JOIN(element_, ACCUMULATE)
#define output_element JOIN(element_, OUTPUT)

// LOAD_INPUT gives an accumulator, STORE_OUTPUT takes one and rounds to nearest, ties to even.
#define LOAD_f64(pointer, index) (pointer)[index]
#define LOAD_f32(pointer, index) (pointer)[index]
#define LOAD_f16(pointer, index) vload_half(index, pointer)
#define LOAD_bf16(pointer, index) as_float((uint)(pointer)[index] << 16)
#define LOAD_i8(pointer, index) ((int)(pointer)[index])
#define LOAD_INPUT(pointer, index) JOIN(LOAD_, INPUT)(pointer, index)
#define STORE_f64(value, pointer, index) (pointer)[index] = (value)
#define STORE_f32(value, pointer, index) (pointer)[index] = (value)
#define STORE_f16(value, pointer, index) vstore_half_rte(value, index, pointer)
#define STORE_bf16(value, pointer, index) (pointer)[index] = to_bf16(value)
#define STORE_i32(value, pointer, index) (pointer)[index] = (value)
#define STORE_OUTPUT(value, pointer, index) JOIN(STORE_, OUTPUT)(value, pointer, index)

INLINE ushort to_bf16(float value) {
  uint bits = as_uint(value);
  return isnan(value) ? (ushort)(bits >> 16 | 0x40) : (ushort)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

// Vectors, for kernels given a VECTOR_WIDTH. `factor` is what products are made of: f32 for i8, whose
// products and short sums are exact in it.
#ifdef VECTOR_WIDTH
#define VECTOR(type) JOIN(type, VECTOR_WIDTH)
#define factor_f64 double
#define factor_f32 float
#define factor_f16 float
#define factor_bf16 float
#define factor_i8 float
#define factor JOIN(factor_, INPUT)
// The vector at an address that is a multiple of its size, or only of its elements'. Not vload and vstore,
// which some compilers take to pieces.
#define ALIGNED_VECTOR(type, pointer) (*(GLOBAL VECTOR(type)*)(pointer))
#define VECTOR_AT(type, pointer) (*(GLOBAL JOIN(unaligned_, type)*)(pointer))
typedef VECTOR(char) unaligned_char __attribute__((aligned(1)));
typedef VECTOR(ushort) unaligned_ushort __attribute__((aligned(2)));
typedef VECTOR(int) unaligned_int __attribute__((aligned(4)));
typedef VECTOR(float) unaligned_float __attribute__((aligned(4)));
#if INPUT_TYPE == F64
typedef VECTOR(double) unaligned_double __attribute__((aligned(8)));
#endif
#define SPREAD(type, value) ((VECTOR(type))(value))
#define CONVERT(type, vector) VECTOR(JOIN(convert_, type))(vector)
// The low (high) halves of a and b, interleaved: a0 b0 a1 b1 ...
// By elements, since shuffles of two vectors are not standard (compilers find them again),
// and Oclgrind 21.10 takes every shuffle's element 12 for undefined.
#define INTERLEAVE_LOW(type, a, b) ((VECTOR(type))(VECTOR(LOW_)(a, b)))
#define INTERLEAVE_HIGH(type, a, b) ((VECTOR(type))(VECTOR(HIGH_)(a, b)))
#define LOW_2(a, b) (a).s0, (b).s0
#define LOW_4(a, b) LOW_2(a, b), (a).s1, (b).s1
#define LOW_8(a, b) LOW_4(a, b), (a).s2, (b).s2, (a).s3, (b).s3
#define LOW_16(a, b) LOW_8(a, b), (a).s4, (b).s4, (a).s5, (b).s5, (a).s6, (b).s6, (a).s7, (b).s7
#define HIGH_2(a, b) (a).s1, (b).s1
#define HIGH_4(a, b) (a).s2, (b).s2, (a).s3, (b).s3
#define HIGH_8(a, b) (a).s4, (b).s4, (a).s5, (b).s5, (a).s6, (b).s6, (a).s7, (b).s7
#define HIGH_16(a, b)                                                                                     \
  (a).s8, (b).s8, (a).s9, (b).s9, (a).sa, (b).sa, (a).sb, (b).sb, (a).sc, (b).sc, (a).sd, (b).sd, (a).se, \
      (b).se, (a).sf, (b).sf
// Like LOAD_INPUT and STORE_OUTPUT, of VECTOR_WIDTH neighbours; loads give factors.
#define LOADS_f64(pointer) VECTOR_AT(double, pointer)
#define LOADS_f32(pointer) VECTOR_AT(float, pointer)
#define LOADS_f16(pointer) VECTOR(vload_half)(0, pointer)
#define LOADS_bf16(pointer) VECTOR(as_float)(CONVERT(uint, VECTOR_AT(ushort, pointer)) << 16)
#define LOADS_i8(pointer) CONVERT(float, VECTOR_AT(char, pointer))
#define LOAD_INPUTS(pointer) JOIN(LOADS_, INPUT)(pointer)
#define STORES_f64(vector, pointer) VECTOR_AT(double, pointer) = (vector)
#define STORES_f32(vector, pointer) VECTOR_AT(float, pointer) = (vector)
#define STORES_f16(vector, pointer) JOIN(VECTOR(vstore_half), _rte)(vector, 0, pointer)
#define STORES_bf16(vector, pointer) VECTOR_AT(ushort, pointer) = to_bf16s(vector)
#define STORES_i32(vector, pointer) VECTOR_AT(int, pointer) = (vector)
#define STORE_OUTPUTS(vector, pointer) JOIN(STORES_, OUTPUT)(vector, pointer)

// In place: element j of vector i becomes element i of vector j. Interleaving vector i with vector
// i + VECTOR_WIDTH / 2, log2(VECTOR_WIDTH) times, transposes.
INLINE void transpose(VECTOR(factor) * square) {
  VECTOR(factor) next[VECTOR_WIDTH];
  UNROLL for (int step = 1; step < VECTOR_WIDTH; step *= 2) {
    UNROLL for (int i = 0; i < VECTOR_WIDTH / 2; ++i) {
      next[2 * i] = INTERLEAVE_LOW(factor, square[i], square[i + VECTOR_WIDTH / 2]);
      next[2 * i + 1] = INTERLEAVE_HIGH(factor, square[i], square[i + VECTOR_WIDTH / 2]);
    }
    UNROLL for (int i = 0; i < VECTOR_WIDTH; ++i) square[i] = next[i];
  }
}

// SUM_LANES(type, sums): of VECTOR_WIDTH vectors; in the end lane i of sums[0] has the sum of vector i's
// lanes. Adding what interleaves of vector i and vector i + pairs halves their number. (Bounds must be
// literal for the sums to stay in registers.)
#define SUM_LANES(type, sums)                                            \
  UNROLL for (int pairs = VECTOR_WIDTH / 2; pairs > 0; pairs /= 2) {     \
    UNROLL for (int i = 0; i < VECTOR_WIDTH / 2; ++i) {                  \
      if (i < pairs) {                                                   \
        (sums)[i] = INTERLEAVE_LOW(type, (sums)[i], (sums)[i + pairs]) + \
                    INTERLEAVE_HIGH(type, (sums)[i], (sums)[i + pairs]); \
      }                                                                  \
    }                                                                    \
  }

#define EXP2_1 0x1.62e42ap-1f
#define EXP2_2 0x1.ebf9bcp-3f
#define EXP2_3 0x1.c6b752p-5f
#define EXP2_4 0x1.3cea88p-7f
#define EXP2_5 0x1.5bba14p-10f
// 2^x for x <= 0, off by at most 2 ulp; 0 where the result is below the smallest normal number; NaN stays
// NaN. Adding 1.5 * 2^23 rounds x to an integer, which is then in the low bits; the polynomial is the best of
// degree 5 for the relative error over [-1/2, 1/2] (9e-8) that is exact at 0.
INLINE VECTOR(float) exp2s(VECTOR(float) x) {
  VECTOR(float) shifted = x + 0x1.8p23f;
  VECTOR(float) part = x - (shifted - 0x1.8p23f);
  VECTOR(float) power = VECTOR(as_float)((VECTOR(as_int)(shifted) << 23) + 0x3f800000);
  VECTOR(float) sum = MULTIPLY_ADD(part, SPREAD(float, EXP2_5), SPREAD(float, EXP2_4));
  sum = MULTIPLY_ADD(part, sum, SPREAD(float, EXP2_3));
  sum = MULTIPLY_ADD(part, sum, SPREAD(float, EXP2_2));
  sum = MULTIPLY_ADD(part, sum, SPREAD(float, EXP2_1));
  sum = MULTIPLY_ADD(part, sum, SPREAD(float, 1));
  return x < -126.0f ? SPREAD(float, 0) : sum * power;
}

INLINE VECTOR(ushort) to_bf16s(VECTOR(float) vector) {
  VECTOR(uint) bits = VECTOR(as_uint)(vector);
  VECTOR(uint) rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  return CONVERT(ushort, isnan(vector) ? bits >> 16 | 0x40 : rounded);
}
#endif
