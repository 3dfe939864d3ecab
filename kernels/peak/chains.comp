// peak/chains.cl as a shader: chains of multiply-adds as kernels/peak/peak.h describes them, CHAINS of them in each
// work-item's registers, for f16 in pairs. With DOT four products of i8 are one integer dot product.
#version 460
#include "dialect/vulkan.glsl"
CONSTANT(2, GROUP_X);
CONSTANT(3, CHAINS);
CONSTANT(4, VECTOR_WIDTH);

#if INPUT_TYPE == I8
#define number int  // arithmetic modulo 2^32
#define STATE int
#if DOT
#include "dialect/dot.glsl"
const int COEFFICIENTS = 37 | 91 << 8 | 113 << 16 | 19 << 24;
#define PRODUCTS(from) DOT_OF_BYTES(from, COEFFICIENTS)
#else
#define BYTE(from, place) bitfieldExtract(from, 8 * (place), 8)
#define PRODUCTS(from) (BYTE(from, 0) * 37 + BYTE(from, 1) * 91 + BYTE(from, 2) * 113 + BYTE(from, 3) * 19)
#endif
#define ADD_PRODUCT(to, from) to += PRODUCTS(from)
#define ADD_OTHER_PRODUCT(to, from) to += PRODUCTS(from)
#else
#define number accumulator
#if INPUT_TYPE == F64
#define STATE double
#define COEFFICIENT 0.6180339887498949LF
#elif INPUT_TYPE == F16
#define STATE f16vec2
#define COEFFICIENT float16_t(0.6181640625)
#else
#define STATE float
#define COEFFICIENT 0.6180340
#endif
#define ADD_PRODUCT(to, from) to = MULTIPLY_ADD(COEFFICIENT, from, to)
#define ADD_OTHER_PRODUCT(to, from) to = MULTIPLY_ADD(-COEFFICIENT, from, to)
#endif

layout(binding = 0) readonly buffer Start { number start[]; };
layout(binding = 1) buffer End { number end[]; };
layout(push_constant) uniform Integers { uint count, pairs; };

void main() {
  STATE x[CHAINS];
  STATE y[CHAINS];
  uint first = (GROUP_ID_0 * CHAINS * GROUP_X + LOCAL_ID_0) * VECTOR_WIDTH;
  UNROLL for (int i = 0; i < CHAINS; ++i) {
    uint at = first + i * GROUP_X * VECTOR_WIDTH;
    x[i] = STATE(0);
    y[i] = STATE(0);
    if (at < count) {
#if INPUT_TYPE == F16
      uint next = at + VECTOR_WIDTH - 1;
      x[i] = f16vec2(start[at], start[next]);
      y[i] = f16vec2(start[count + at], start[count + next]);
#else
      x[i] = start[at];
      y[i] = start[count + at];
#endif
    }
  }
  for (uint pair = 0; pair < pairs; ++pair) {
    UNROLL for (int i = 0; i < CHAINS; ++i) ADD_PRODUCT(x[i], y[i]);
    UNROLL for (int i = 0; i < CHAINS; ++i) ADD_OTHER_PRODUCT(y[i], x[i]);
  }
  UNROLL for (int i = 0; i < CHAINS; ++i) {
    uint at = first + i * GROUP_X * VECTOR_WIDTH;
    if (at < count) {
#if INPUT_TYPE == F16
      uint next = at + VECTOR_WIDTH - 1;
      end[next] = x[i].y;  // if that is `at`, overwritten
      end[count + next] = y[i].y;
      end[at] = x[i].x;
      end[count + at] = y[i].x;
#else
      end[at] = x[i];
      end[count + at] = y[i];
#endif
    }
  }
}
