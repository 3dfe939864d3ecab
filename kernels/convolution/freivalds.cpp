// The check of all outputs at the cost of one output channel per vector.
#include "kernels/convolution/freivalds.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/mersenne_twister.hpp>
#include <cmath>

namespace moat {

ConvolutionFreivalds::ConvolutionFreivalds(const ConvolutionProblem& problem,
                                           std::span<const std::byte> input,
                                           std::span<const std::byte> weights)
    : shape_(problem.shape()), types_(problem.types()), signs_(static_cast<std::size_t>(shape_.k)) {
  boost::random::mt19937 engine(0x436f6e76);
  for (Sums& signs : signs_) {
    const auto bits = engine();
    for (std::size_t v = 0; v < vectors; ++v) signs[v] = ((bits >> v) & 1U) != 0 ? 1 : -1;
  }
  // Filters summed over the output channels of their group, [c][r][s] over all input channels.
  const auto depth = static_cast<std::size_t>(shape_.depth());
  const auto group_k = static_cast<std::size_t>(shape_.group_k());
  const std::vector<double> filters = filters_of(problem, weights);
  std::vector<Sums> combined(static_cast<std::size_t>(shape_.groups) * depth);
  double squares = 0;
  for (std::size_t k = 0; k < signs_.size(); ++k) {
    if (k % group_k == 0) squares = 0;
    for (std::size_t i = 0; i < depth; ++i) {
      const double value = filters[k * depth + i];
      squares += value * value;
      for (std::size_t v = 0; v < vectors; ++v) combined[k / group_k * depth + i][v] += signs_[k][v] * value;
    }
    filter_norm_ = std::max(filter_norm_, std::sqrt(squares));
  }
  const auto pixels = static_cast<std::size_t>(shape_.n * shape_.p() * shape_.q());
  sums_.resize(pixels);
  patch_norms_.resize(pixels);
  for (std::int64_t n = 0; n < shape_.n; ++n) add_image(problem, input, n, combined);
  for (double& norm : patch_norms_) norm = std::sqrt(norm);
}

void ConvolutionFreivalds::add_image(const ConvolutionProblem& problem, std::span<const std::byte> input,
                                     std::int64_t n, std::span<const Sums> combined) {
  const std::vector<double> image = image_of(problem, input, n);
  const auto plane_size = static_cast<std::size_t>(shape_.h * shape_.w);
  const auto first = static_cast<std::size_t>(n * shape_.p() * shape_.q());
  std::vector<double> squares(plane_size);
  auto filter = combined.begin();
  for (std::size_t c = 0; c < static_cast<std::size_t>(shape_.c); ++c) {
    const double* plane = image.data() + c * plane_size;
    for (std::size_t i = 0; i < plane_size; ++i) squares[i] += plane[i] * plane[i];
    for (std::int64_t r = 0; r < shape_.r; ++r) {
      for (std::int64_t s = 0; s < shape_.s; ++s) {
        const Sums& weight = *filter++;
        for_each_meeting(shape_, r, s, [&](std::size_t output, std::size_t pixel) {
          for (std::size_t v = 0; v < vectors; ++v) sums_[first + output][v] += weight[v] * plane[pixel];
        });
      }
    }
  }
  for (std::int64_t r = 0; r < shape_.r; ++r) {
    for (std::int64_t s = 0; s < shape_.s; ++s) {
      for_each_meeting(shape_, r, s, [&](std::size_t output, std::size_t pixel) {
        patch_norms_[first + output] += squares[pixel];
      });
    }
  }
}

std::optional<std::string> ConvolutionFreivalds::refute(std::span<const std::byte> output,
                                                        const Exact& exact) const {
  constexpr int most_infinities = 1024;
  int infinities = 0;
  const Strides strides = output_strides(shape_);
  const auto plane = static_cast<std::size_t>(shape_.p() * shape_.q());
  for (std::size_t pixel = 0; pixel < sums_.size(); ++pixel) {
    const auto n = static_cast<std::int64_t>(pixel / plane);
    const auto in_plane = static_cast<std::int64_t>(pixel % plane);
    // Both layouts store a plane's pixels at equal distances.
    const std::int64_t first = n * strides[0] + in_plane * strides[3];
    Sums sums{};
    double squares = 0;
    for (std::int64_t k = 0; k < shape_.k; ++k) {
      const auto element = static_cast<std::size_t>(first + k * strides[1]);
      double value = load(types_.output, output, element);
      if (std::isinf(value) && infinities++ < most_infinities) value = exact(element);
      squares += value * value;
      for (std::size_t v = 0; v < vectors; ++v) sums[v] += signs_[static_cast<std::size_t>(k)][v] * value;
    }
    if (std::isinf(squares)) continue;
    const double bound =
        refutation_bound(shape_.depth(), types_, std::sqrt(squares), patch_norms_[pixel] * filter_norm_);
    for (std::size_t v = 0; v < vectors; ++v) {
      const double residual = std::fabs(sums[v] - sums_[pixel][v]);
      if (!(residual <= bound)) {
        return fmt::format(
            "the channels' sum refutes pixel ({}, {}) of image {}: residual {:.3g}, bound {:.3g}",
            in_plane / shape_.q(), in_plane % shape_.q(), n, residual, bound);
      }
    }
  }
  return std::nullopt;
}

}  // namespace moat
