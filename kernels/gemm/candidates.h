// What `moat tune` may try for a portable GEMM, with a model of its cost. Pure arithmetic; must not know
// devices or clocks.
#pragma once

#include <vector>

#include "kernels/gemm/gemm.h"
#include "kernels/implementation.h"

namespace moat {

/// Variations of `defaults` (portable's, of any method), at most a
/// few hundred. The models, in cycles of one processor, only order the list; the formulas stand beside them.
[[nodiscard]] std::vector<Candidate> gemm_candidates(const GemmProblem& problem, const Traits& traits,
                                                     const Parameters& defaults);

}  // namespace moat
