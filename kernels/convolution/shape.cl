// What every convolution kernel is told of its problem, and where elements lie. For inclusion.
typedef struct {
  int n, c, h, w, k, r, s;
  int stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w;
  int group_c, group_k;  // channels, in and out, of one of the `groups`
  int groups, p, q;
} convolution;

// Parameters of a kernel, in this order (portable.cpp), and the structure they make.
#define SHAPE_PARAMETERS                                                                             \
  int n, int c, int h, int w, int k, int r, int s, int stride_h, int stride_w, int pad_h, int pad_w, \
      int dilation_h, int dilation_w, int groups, int p, int q
#define SHAPE                                                                                          \
  {n,     c,          h,          w,          k,          r,      s, stride_h, stride_w, pad_h, pad_w, \
   dilation_h, dilation_w, c / groups, k / groups, groups, p, q}

// Elements of the tensors, in NCHW with KCRS or in NHWC with KRSC.
INLINE size_t element_at(size_t outer, int channels, int height, int width, int channel, int y, int x) {
#if NHWC
  return ((outer * height + y) * width + x) * channels + channel;
#else
  return ((outer * channels + channel) * height + y) * width + x;
#endif
}
#define INPUT_AT(shape, image, channel, y, x) element_at(image, (shape).c, (shape).h, (shape).w, channel, y, x)
#define WEIGHT_AT(shape, filter, channel, y, x) \
  element_at(filter, (shape).group_c, (shape).r, (shape).s, channel, y, x)
#define OUTPUT_AT(shape, image, channel, y, x) element_at(image, (shape).k, (shape).p, (shape).q, channel, y, x)
