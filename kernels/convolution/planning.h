// What the plans of all convolution methods share. Pure; must not know devices.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kernels/convolution/convolution.h"
#include "kernels/implementation.h"

namespace moat {

/// Products of i8 whose sum f32 holds exactly: 1024 sum to at most 2^24.
inline constexpr std::int64_t exact_products = 1024;

/// The three tensors, `after_tensors`, then SHAPE_PARAMETERS of shape.cl.
[[nodiscard]] std::vector<Argument> shape_arguments(const ConvolutionShape& s,
                                                    std::span<const Argument> after_tensors);

/// Types and NHWC.
[[nodiscard]] std::vector<std::pair<std::string, std::int64_t>> common_constants(
    const ConvolutionProblem& problem);

/// Elements that stage.cl stages for a rectangle of at most `columns` pixels of `images` images and a block
/// of `block_k` steps. In double, since legal strides and paddings can make it any number.
[[nodiscard]] double stage_elements(const ConvolutionShape& s, std::int64_t images, std::int64_t columns,
                                    std::int64_t block_k);

/// Elements of a group's scratch, rounded up to pages, so that no two groups share a cache line; or that 32
/// bits do not count them.
[[nodiscard]] OrUnsupported<std::int64_t> whole_pages(double elements);

}  // namespace moat
