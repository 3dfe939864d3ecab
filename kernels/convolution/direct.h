// Direct convolution, METHOD 2: sums straight from the image or its stage, where groups are too small for a
// product. NCHW: direct.cl; NHWC: depthwise.cl. Must not know the other methods.
#pragma once

#include "kernels/convolution/convolution.h"
#include "kernels/implementation.h"

namespace moat {

inline constexpr std::int64_t method_direct = 2;  // value of parameter METHOD

/// Where a product has too few rows to pay for gathering its patches: few channels in a group in NCHW, if
/// there are groups for every compute unit; one, with one filter, in NHWC, if the channels fill a vector.
[[nodiscard]] bool suits_direct(const ConvolutionProblem& problem, const Traits& traits);

/// Sums in registers beside a vector of weights: up to 8 rows in equal tiles (NCHW), or 4 vectors of
/// channels.
[[nodiscard]] Parameters direct_defaults(const ConvolutionProblem& problem, const Traits& traits);

/// Up to eight groups per compute unit, since each stages (NCHW) or transposes (NHWC) for itself.
[[nodiscard]] OrUnsupported<Plan> plan_direct(const ConvolutionProblem& problem, const Traits& traits,
                                              const Parameters& parameters);

}  // namespace moat
