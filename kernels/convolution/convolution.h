// Convolution, forward, two-dimensional (one-dimensional with height 1), as networks define it: a
// cross-correlation, the filter is not flipped.
// Key:
// convolution:n=N,c=C,h=H,w=W,k=K,r=R,s=S[,stride=..][,pad=..][,dilation=..][,groups=G][,layout=nchw|nhwc]
// [,type=T][,accumulate=T][,output=T], see ConvolutionProblem::key.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "kernels/implementation.h"
#include "kernels/operator.h"

namespace moat {

/// A length along the height and one along the width.
struct Extent {
  std::int64_t h = 1;
  std::int64_t w = 1;
  friend bool operator==(const Extent&, const Extent&) = default;
};

/// How activations and weights lie: nchw with weights kcrs, or nhwc with weights krsc.
enum class Layout : std::uint8_t { nchw, nhwc };

/// out[n,k,p,q] = sum over c', r, s of in[n, g * C/G + c', y, x] * weights[k,c',r,s] with g = k / (K/G),
///   y = p * stride.h + r * dilation.h - pad.h,
///   x = q * stride.w + s * dilation.w - pad.w;
/// what lies outside of the image is zero. Padding is the same on both sides.
struct ConvolutionShape {
  std::int64_t n = 1;
  std::int64_t c = 1;
  std::int64_t h = 1;
  std::int64_t w = 1;
  std::int64_t k = 1;
  std::int64_t r = 1;
  std::int64_t s = 1;
  Extent stride;
  Extent pad{0, 0};
  Extent dilation;
  std::int64_t groups = 1;
  Layout layout = Layout::nchw;
  friend bool operator==(const ConvolutionShape&, const ConvolutionShape&) = default;

  /// Output height and width.
  [[nodiscard]] std::int64_t p() const { return (h + 2 * pad.h - dilation.h * (r - 1) - 1) / stride.h + 1; }
  [[nodiscard]] std::int64_t q() const { return (w + 2 * pad.w - dilation.w * (s - 1) - 1) / stride.w + 1; }
  /// Channels, in and out, of one group.
  [[nodiscard]] std::int64_t group_c() const { return c / groups; }
  [[nodiscard]] std::int64_t group_k() const { return k / groups; }
  /// Products in one output, those with padding included.
  [[nodiscard]] std::int64_t depth() const { return group_c() * r * s; }
};

/// Elements from one index to the next,
/// per dimension in the order n c h w (k c r s for weights), whatever the layout.
using Strides = std::array<std::int64_t, 4>;
[[nodiscard]] Strides input_strides(const ConvolutionShape& shape);
[[nodiscard]] Strides weights_strides(const ConvolutionShape& shape);
[[nodiscard]] Strides output_strides(const ConvolutionShape& shape);

class ConvolutionProblem final : public Problem {
 public:
  /// Throws UsageError if a size is out of range, the filter exceeds the padded image, groups do not divide
  /// the channels, a tensor has 2^31 elements or more (kernels index with 32 bits), or the types are no
  /// supported triple (f32, f16, bf16 and i8 with their default accumulation and output; f16 and bf16 also
  /// with f32 output).
  ConvolutionProblem(const ConvolutionShape& shape, const Types& types);

  [[nodiscard]] const ConvolutionShape& shape() const { return shape_; }
  [[nodiscard]] std::string_view operator_name() const override { return "convolution"; }
  /// n, c, h, w, k, r, s and type always; the others only where they differ from stride 1,
  /// pad 0, dilation 1, groups 1, nchw and the default types.
  /// A pair is one number if both are equal, otherwise height x width: "stride=2x1".
  [[nodiscard]] std::string key() const override;
  [[nodiscard]] Types types() const override { return types_; }
  /// 2·N·K·P·Q·C·R·S/groups operations: products with padding count, as is usual.
  [[nodiscard]] Work work() const override;
  /// input, weights, output; shapes as stored:
  /// {n,c,h,w} {k,c/groups,r,s} {n,k,p,q}, or {n,h,w,c} {k,r,s,c/groups} {n,p,q,k}.
  [[nodiscard]] std::vector<Tensor> tensors() const override;
  [[nodiscard]] std::unique_ptr<Verifier> verifier(
      std::span<const std::span<const std::byte>> inputs) const override;
  [[nodiscard]] std::vector<std::vector<std::byte>> exact_inputs(std::uint64_t seed) const override;

 private:
  ConvolutionShape shape_;
  Types types_;
};

[[nodiscard]] const Operator& convolution_operator();
/// naive and portable (portable.cpp).
[[nodiscard]] std::span<const Implementation> convolution_implementations();

}  // namespace moat
