// Convolution in more than the working precision: the truth that every implementation is held to.
// Must not know devices.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kernels/convolution/convolution.h"
#include "kernels/tolerance.h"

namespace moat {

/// An output's place; its element is the same in every layout's strides.
struct Place {
  std::int64_t n = 0;
  std::int64_t k = 0;
  std::int64_t p = 0;
  std::int64_t q = 0;
};
[[nodiscard]] Place output_place(const ConvolutionShape& shape, std::size_t element);
[[nodiscard]] std::size_t output_element(const ConvolutionShape& shape, const Place& place);

/// Image `n` as double, channels outermost whatever the layout: c × h × w.
[[nodiscard]] std::vector<double> image_of(const ConvolutionProblem& problem,
                                           std::span<const std::byte> input, std::int64_t n);
/// The weights as double, k × c/groups × r × s whatever the layout.
[[nodiscard]] std::vector<double> filters_of(const ConvolutionProblem& problem,
                                             std::span<const std::byte> weights);

/// Calls visit(output, image) for every output of a plane, p × q, and the element of the h × w plane of the
/// image that filter element (r, s) meets there; not where it meets padding.
template <class Visit>
void for_each_meeting(const ConvolutionShape& shape, std::int64_t r, std::int64_t s, Visit&& visit) {
  const std::int64_t columns = shape.q();
  for (std::int64_t p = 0; p < shape.p(); ++p) {
    const std::int64_t y = p * shape.stride.h + r * shape.dilation.h - shape.pad.h;
    if (y < 0 || y >= shape.h) continue;
    for (std::int64_t q = 0; q < columns; ++q) {
      const std::int64_t x = q * shape.stride.w + s * shape.dilation.w - shape.pad.w;
      if (x < 0 || x >= shape.w) continue;
      visit(static_cast<std::size_t>(p * columns + q), static_cast<std::size_t>(y * shape.w + x));
    }
  }
}

/// Output plane `k` of an image: p × q outputs.
void convolve_plane(const ConvolutionShape& shape, std::span<const double> image,
                    std::span<const double> filters, std::int64_t k, std::span<Dot> out);
/// One output, from the stored inputs.
[[nodiscard]] Dot convolution_dot(const ConvolutionProblem& problem, std::span<const std::byte> input,
                                  std::span<const std::byte> weights, const Place& place);

}  // namespace moat
