// A check of all outputs of a convolution in the manner of Freivalds: convolution is linear in its filters,
// so the output channels' sum with random signs is the convolution with the filters' sum.
// Must not know devices.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kernels/convolution/reference.h"

namespace moat {

/// Holds, for every pixel of the output, the sum of its channels with each of three vectors of random signs.
///
/// A pixel is refuted by the same bound as a row of GEMM (refutation_bound in kernels/tolerance.h): it is the
/// product of the patch under the filter with the matrix of filters. Sums are in double, exact for i8.
class ConvolutionFreivalds {
 public:
  ConvolutionFreivalds(const ConvolutionProblem& problem, std::span<const std::byte> input,
                       std::span<const std::byte> weights);
  /// Gives what an output ought to be, in place of an infinity that stands there.
  using Exact = std::function<double(std::size_t element)>;
  /// Why `output` is no convolution of the inputs, or nothing. An infinity, which an overflowing output
  /// rightly holds, enters the sums as its exact value; `exact` is asked for 1024 of them, further pixels
  /// with infinities are passed over.
  [[nodiscard]] std::optional<std::string> refute(std::span<const std::byte> output,
                                                  const Exact& exact) const;

 private:
  static constexpr std::size_t vectors = 3;
  using Sums = std::array<double, vectors>;
  void add_image(const ConvolutionProblem& problem, std::span<const std::byte> input, std::int64_t n,
                 std::span<const Sums> combined);

  ConvolutionShape shape_;
  Types types_;
  std::vector<Sums> signs_;          // +1 or -1, [k]
  std::vector<Sums> sums_;           // [n][p][q]
  std::vector<double> patch_norms_;  // ‖patch‖, [n][p][q]
  double filter_norm_ = 0;           // largest Frobenius norm of a group's filters
};

}  // namespace moat
