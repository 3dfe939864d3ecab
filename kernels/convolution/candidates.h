// What `moat tune` may try for a portable convolution, with a model of its cost. Pure arithmetic; must not
// know devices or clocks.
#pragma once

#include <vector>

#include "kernels/convolution/convolution.h"
#include "kernels/implementation.h"

namespace moat {

/// Variations of `defaults` (portable's, of any method), at most a few hundred, ordered by GEMM's model
/// (kernels/product/product.h) of the implicit product; direct ones by their distance from the default.
[[nodiscard]] std::vector<Candidate> convolution_candidates(const ConvolutionProblem& problem,
                                                            const Traits& traits, const Parameters& defaults);

}  // namespace moat
