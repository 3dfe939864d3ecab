// What the plans of all attention methods share. Pure; must not know devices.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/attention/attention.h"
#include "kernels/implementation.h"

namespace moat {

/// Parts that the keys may be cut into.
inline constexpr std::int64_t most_splits = 4096;

[[nodiscard]] std::vector<std::pair<std::string, std::int64_t>> common_constants(
    const AttentionProblem& attention);

/// The scale's bits.
[[nodiscard]] Argument scale_argument(const AttentionProblem& attention);

/// How many parts to cut the keys into so that each unit gets several groups, if there are `groups` of whole
/// ones.
[[nodiscard]] std::int64_t usual_splits(const AttentionShape& s, std::int64_t groups, const Traits& traits,
                                        std::int64_t least_keys);

/// The keys of one part, in whole blocks; and how many parts that makes.
struct Split {
  std::int64_t keys = 1;
  std::int64_t parts = 1;
};
[[nodiscard]] Split split_of(const AttentionShape& s, std::int64_t parts, std::int64_t block);

/// The first step of the method whose kernel is `name`, with all but its grid and the arguments of the split.
[[nodiscard]] Step step_of(const AttentionProblem& attention, std::string_view name,
                           const Parameters& parameters);

/// Adds the grid of `tiles` tiles of rows to `step`, and the second step, with groups of `group_x`, if the
/// keys are split.
[[nodiscard]] OrUnsupported<Plan> plan_tiles(const AttentionProblem& attention, Step step, std::int64_t tiles,
                                             const Split& split, std::int64_t group_x);

}  // namespace moat
