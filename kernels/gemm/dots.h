// The plan for few rows: one dot product per output (dots.cl). Pure; part of GEMM's portable implementation.
#pragma once

#include "kernels/gemm/gemm.h"
#include "kernels/implementation.h"

namespace moat {

inline constexpr std::int64_t method_dots = 2;  // of parameter METHOD

/// Whether dots is the method for this problem on a processor with vectors: B is too seldom used again to be
/// worth packing.
[[nodiscard]] bool suits_dots(const GemmProblem& gemm);
[[nodiscard]] Parameters dots_defaults(const GemmProblem& gemm, const Traits& traits);
[[nodiscard]] OrUnsupported<Plan> plan_dots(const GemmProblem& gemm, const Traits& traits,
                                            const Parameters& parameters);

}  // namespace moat
