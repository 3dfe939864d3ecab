// What `moat tune` may try for portable attention, with a model of its cost. Pure arithmetic; must not know
// devices or clocks.
#pragma once

#include <vector>

#include "kernels/attention/attention.h"
#include "kernels/implementation.h"

namespace moat {

/// Variations of `defaults` (portable's, of any method), at most a few hundred. The models only order the
/// list; the formulas stand beside them.
[[nodiscard]] std::vector<Candidate> attention_candidates(const AttentionProblem& problem,
                                                          const Traits& traits, const Parameters& defaults);

}  // namespace moat
