// Chains of multiply-adds, as kernels/peak/peak.h describes them: a work-item keeps CHAINS of them in
// registers, each of VECTOR_WIDTH neighbours or, for the naive kernel, of one. Enough independent chains hide
// the latency of the arithmetic; nothing but it is in the loop.
#ifdef VECTOR_WIDTH
#define LANES VECTOR_WIDTH
#define STATE VECTOR(number)
#define AS_INT VECTOR(as_int)
#define AS_UINT VECTOR(as_uint)
#else
#define LANES 1
#define STATE number
#define AS_INT (int)
#define AS_UINT (uint)
#endif

#if INPUT_TYPE == I8
#define number uint  // arithmetic modulo 2^32
// The sum of four products with the signed bytes of `from`.
#define BYTE(from, place) ((AS_INT(from) << (24 - 8 * (place))) >> 24)
#define PRODUCTS(from) \
  AS_UINT(BYTE(from, 0) * 37 + BYTE(from, 1) * 91 + BYTE(from, 2) * 113 + BYTE(from, 3) * 19)
#define ADD_PRODUCT(to, from) to += PRODUCTS(from)
#define ADD_OTHER_PRODUCT(to, from) to += PRODUCTS(from)
#else
#define number accumulator
#if INPUT_TYPE == F64
#define COEFFICIENT 0.6180339887498949
#elif INPUT_TYPE == F16
#define COEFFICIENT ((half)0.6181640625f)
#else
#define COEFFICIENT 0.6180340f
#endif
#define ADD_PRODUCT(to, from) to = MULTIPLY_ADD(COEFFICIENT, from, to)
#define ADD_OTHER_PRODUCT(to, from) to = MULTIPLY_ADD(-COEFFICIENT, from, to)
#endif

#define STATE_AT(array, at) (*(GLOBAL STATE*)((array) + (at)))

KERNEL GROUP_SHAPE(GROUP_X, 1, 1) void chains(GLOBAL const number* RESTRICT start,
                                              GLOBAL number* RESTRICT end, int count, int pairs) {
  STATE x[CHAINS];
  STATE y[CHAINS];
  size_t first = (GROUP_ID(0) * CHAINS * GROUP_X + LOCAL_ID(0)) * LANES;
  UNROLL for (int i = 0; i < CHAINS; ++i) {
    size_t at = first + (size_t)i * GROUP_X * LANES;
    x[i] = 0;
    y[i] = 0;
    if (at < (size_t)count) {
      x[i] = STATE_AT(start, at);
      y[i] = STATE_AT(start, count + at);
    }
  }
  for (int pair = 0; pair < pairs; ++pair) {
    UNROLL for (int i = 0; i < CHAINS; ++i) ADD_PRODUCT(x[i], y[i]);
    UNROLL for (int i = 0; i < CHAINS; ++i) ADD_OTHER_PRODUCT(y[i], x[i]);
  }
  UNROLL for (int i = 0; i < CHAINS; ++i) {
    size_t at = first + (size_t)i * GROUP_X * LANES;
    if (at < (size_t)count) {
      STATE_AT(end, at) = x[i];
      STATE_AT(end, count + at) = y[i];
    }
  }
}
