// Convolution's methods in order of preference.
// A new one is a file that defines its row, and its two lines here.
#pragma once

#include <array>

#include "kernels/convolution/convolution.h"
#include "kernels/method.h"

namespace moat {

extern const Method<ConvolutionProblem> convolution_naive;   // one work-item per output
extern const Method<ConvolutionProblem> convolution_lanes;   // for shaders on CPUs; registers are exchanged
extern const Method<ConvolutionProblem> convolution_tiled;   // for many work-items and local memory
extern const Method<ConvolutionProblem> convolution_direct;  // for groups too small to be a product
extern const Method<ConvolutionProblem> convolution_packed;  // for processors with vectors and caches

inline constexpr std::array convolution_naive_methods{&convolution_naive};
inline constexpr std::array convolution_portable_methods{&convolution_lanes, &convolution_tiled,
                                                         &convolution_direct, &convolution_packed};

}  // namespace moat
