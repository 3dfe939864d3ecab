// convolution/shape.cl for shaders: what every convolution kernel is told of its problem, and where elements lie. For
// inclusion.
CONSTANT(9, NHWC);
layout(binding = 0) readonly buffer Input { input_element of_input[]; };
layout(binding = 1) readonly buffer Weights { input_element of_weights[]; };
layout(binding = 2) buffer Output { output_element of_output[]; };
layout(push_constant) uniform Integers {
  int n, c, h, w, k, r, s, stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w, groups, p, q, column_groups;
#if IN_PARTS
  uint first_step, last_step;
#endif
};
#define GROUP_C (c / groups)  // channels, in and out, of one of the groups
#define GROUP_K (k / groups)

// Elements of the tensors, in NCHW with KCRS or in NHWC with KRSC.
uint element_at(int outer, int channels, int height, int width, int channel, int y, int x) {
  return NHWC == 1 ? ((uint(outer) * height + y) * width + x) * channels + channel
                   : ((uint(outer) * channels + channel) * height + y) * width + x;
}
#define INPUT_AT(image, channel, y, x) element_at(image, c, h, w, channel, y, x)
#define WEIGHT_AT(channel, of_group, y, x) element_at(channel, GROUP_C, r, s, of_group, y, x)
#define OUTPUT_AT(image, channel, y, x) element_at(image, k, p, q, channel, y, x)
