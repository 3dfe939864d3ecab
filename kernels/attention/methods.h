// Attention's methods in order of preference.
// A new one is a file that defines its row, and its two lines here.
#pragma once

#include <array>

#include "kernels/attention/attention.h"
#include "kernels/method.h"

namespace moat {

extern const Method<AttentionProblem> attention_naive;  // three plain steps, all scores in memory
extern const Method<AttentionProblem> attention_lanes;  // for shaders on CPUs; work-items exchange registers
extern const Method<AttentionProblem> attention_grouped;  // for many work-items and local memory
extern const Method<AttentionProblem> attention_decode;   // for few queries, on processors with vectors
extern const Method<AttentionProblem> attention_fused;    // for processors with vectors

inline constexpr std::array attention_naive_methods{&attention_naive};
inline constexpr std::array attention_portable_methods{&attention_lanes, &attention_grouped,
                                                       &attention_decode, &attention_fused};

}  // namespace moat
