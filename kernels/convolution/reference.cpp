// Convolution in double: for the types there are, as good as exact.
#include "kernels/convolution/reference.h"

#include <cmath>

namespace moat {
namespace {

// `outer` of a tensor as double, channels × height × width.
std::vector<double> planes_of(Type type, std::span<const std::byte> bytes, const Strides& strides,
                              std::int64_t outer, std::int64_t channels, std::int64_t height,
                              std::int64_t width) {
  std::vector<double> values(static_cast<std::size_t>(channels * height * width));
  std::size_t to = 0;
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t y = 0; y < height; ++y) {
      for (std::int64_t x = 0; x < width; ++x, ++to) {
        values[to] = load(
            type, bytes,
            static_cast<std::size_t>(outer * strides[0] + c * strides[1] + y * strides[2] + x * strides[3]));
      }
    }
  }
  return values;
}

}  // namespace

Place output_place(const ConvolutionShape& shape, std::size_t element) {
  const Strides strides = output_strides(shape);
  const auto index = static_cast<std::int64_t>(element);
  return {index / strides[0], index / strides[1] % shape.k, index / strides[2] % shape.p(),
          index / strides[3] % shape.q()};
}

std::size_t output_element(const ConvolutionShape& shape, const Place& place) {
  const Strides strides = output_strides(shape);
  return static_cast<std::size_t>(place.n * strides[0] + place.k * strides[1] + place.p * strides[2] +
                                  place.q * strides[3]);
}

std::vector<double> image_of(const ConvolutionProblem& problem, std::span<const std::byte> input,
                             std::int64_t n) {
  const ConvolutionShape& s = problem.shape();
  return planes_of(problem.types().input, input, input_strides(s), n, s.c, s.h, s.w);
}

std::vector<double> filters_of(const ConvolutionProblem& problem, std::span<const std::byte> weights) {
  const ConvolutionShape& s = problem.shape();
  std::vector<double> filters;
  filters.reserve(static_cast<std::size_t>(s.k * s.depth()));
  for (std::int64_t k = 0; k < s.k; ++k) {
    const std::vector<double> one =
        planes_of(problem.types().input, weights, weights_strides(s), k, s.group_c(), s.r, s.s);
    filters.insert(filters.end(), one.begin(), one.end());
  }
  return filters;
}

void convolve_plane(const ConvolutionShape& shape, std::span<const double> image,
                    std::span<const double> filters, std::int64_t k, std::span<Dot> out) {
  for (Dot& dot : out) dot = {};
  const std::int64_t first_channel = k / shape.group_k() * shape.group_c();
  auto filter = filters.begin() + k * shape.depth();
  for (std::int64_t c = 0; c < shape.group_c(); ++c) {
    const double* plane = image.data() + (first_channel + c) * shape.h * shape.w;
    for (std::int64_t r = 0; r < shape.r; ++r) {
      for (std::int64_t s = 0; s < shape.s; ++s) {
        const double weight = *filter++;
        for_each_meeting(shape, r, s, [&](std::size_t output, std::size_t pixel) {
          const double product = weight * plane[pixel];
          out[output].value += product;
          out[output].magnitude += std::fabs(product);
          out[output].energy += product * product;
        });
      }
    }
  }
}

Dot convolution_dot(const ConvolutionProblem& problem, std::span<const std::byte> input,
                    std::span<const std::byte> weights, const Place& place) {
  const ConvolutionShape& shape = problem.shape();
  const Strides in = input_strides(shape);
  const Strides filter = weights_strides(shape);
  const Type type = problem.types().input;
  const std::int64_t first_channel = place.k / shape.group_k() * shape.group_c();
  Dot dot;
  for (std::int64_t r = 0; r < shape.r; ++r) {
    const std::int64_t y = place.p * shape.stride.h + r * shape.dilation.h - shape.pad.h;
    if (y < 0 || y >= shape.h) continue;
    for (std::int64_t s = 0; s < shape.s; ++s) {
      const std::int64_t x = place.q * shape.stride.w + s * shape.dilation.w - shape.pad.w;
      if (x < 0 || x >= shape.w) continue;
      for (std::int64_t c = 0; c < shape.group_c(); ++c) {
        const std::int64_t at = place.n * in[0] + (first_channel + c) * in[1] + y * in[2] + x * in[3];
        const std::int64_t at_filter = place.k * filter[0] + c * filter[1] + r * filter[2] + s * filter[3];
        const double product = load(type, input, static_cast<std::size_t>(at)) *
                               load(type, weights, static_cast<std::size_t>(at_filter));
        dot.value += product;
        dot.magnitude += std::fabs(product);
        dot.energy += product * product;
      }
    }
  }
  return dot;
}

}  // namespace moat
