// GEMM's methods in order of preference. A new one is a file that defines its row, and its two lines here.
#pragma once

#include <array>

#include "kernels/gemm/gemm.h"
#include "kernels/method.h"

namespace moat {

extern const Method<GemmProblem> gemm_naive;     // one work-item per output
extern const Method<GemmProblem> gemm_matrices;  // for shaders on GPUs that multiply small matrices at once
extern const Method<GemmProblem> gemm_lanes;     // for shaders on CPUs, whose work-items exchange registers
extern const Method<GemmProblem> gemm_tiled;     // for many work-items and local memory
extern const Method<GemmProblem> gemm_dots;      // for few rows, on processors with vectors
extern const Method<GemmProblem> gemm_packed;    // for processors with vector registers and caches

inline constexpr std::array gemm_naive_methods{&gemm_naive};
inline constexpr std::array gemm_portable_methods{&gemm_matrices, &gemm_lanes, &gemm_tiled, &gemm_dots,
                                                  &gemm_packed};

}  // namespace moat
