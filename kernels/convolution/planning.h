// What the plans of all convolution methods share. Pure; must not know devices.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/convolution/convolution.h"
#include "kernels/implementation.h"
#include "kernels/product/product.h"

namespace moat {

/// Products of i8 whose sum f32 holds exactly: 1024 sum to at most 2^24.
inline constexpr std::int64_t exact_products = 1024;

/// The three tensors, `after_tensors`, then SHAPE_PARAMETERS of shape.cl.
[[nodiscard]] std::vector<Argument> shape_arguments(const ConvolutionShape& s,
                                                    std::span<const Argument> after_tensors);

/// Types and NHWC.
[[nodiscard]] std::vector<std::pair<std::string, std::int64_t>> common_constants(
    const ConvolutionProblem& problem);

/// What a plane of the implicit product has:
/// rows and columns of outputs of one image and group of `channels` output channels.
struct Plane {
  std::int64_t rows;
  std::int64_t columns;
};
[[nodiscard]] Plane plane_of(const ConvolutionShape& shape, std::int64_t channels);

/// One launch of convolution/<entry>.cl in which each group, of GROUP_X x GROUP_Y work-items, computes a
/// block of `rows` x `columns` of `plane`, for each of `entries` in turn.
[[nodiscard]] OrUnsupported<Plan> plan_blocks(const ConvolutionProblem& problem, std::string_view entry,
                                              const Values& values, const Plane& plane, std::int64_t entries,
                                              std::int64_t rows, std::int64_t columns);

/// The implicit product, for a search among tiles: its batch is the groups of `images` images at a time.
[[nodiscard]] OrUnsupported<Plan> in_parts_of_depth(const ConvolutionProblem& problem,
                                                    OrUnsupported<Plan> plan, double rounds,
                                                    const Traits& traits);

[[nodiscard]] Product product_of(const ConvolutionProblem& problem, std::int64_t images);

/// Elements that stage.cl stages for a rectangle of at most `columns` pixels of `images` images and a block
/// of `block_k` steps. In double, since legal strides and paddings can make it any number.
[[nodiscard]] double stage_elements(const ConvolutionShape& s, std::int64_t images, std::int64_t columns,
                                    std::int64_t block_k);

/// Elements of a group's scratch, rounded up to pages, so that no two groups share a cache line; or that 32
/// bits do not count them.
[[nodiscard]] OrUnsupported<std::int64_t> whole_pages(double elements);

}  // namespace moat
