// What the plans of all attention methods share. Pure; must not know devices.
#pragma once

#include <cstdint>
#include <optional>
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

/// How many parts to cut the keys into so that each unit gets several groups,
/// if there are `groups` of whole ones.
[[nodiscard]] std::int64_t usual_splits(const AttentionShape& s, std::int64_t groups, const Traits& traits,
                                        std::int64_t least_keys);

/// Numbers of parts to try: none, and around the default.
[[nodiscard]] std::vector<std::int64_t> split_values(const Values& defaults);

/// The cost of idle processors in the last round, and that a part of the keys costs about as much as 16 keys
/// more to begin and to join: (groups rounded up to whole rounds) / groups · (1 + 16·SPLITS / keys).
[[nodiscard]] double imbalance(const AttentionShape& s, const Traits& traits, std::int64_t tiles,
                               std::int64_t splits);

/// Whether a work-item of TILE_M rows has not too many outputs:
/// they are unrolled, and a compiler would take minutes.
[[nodiscard]] std::optional<Unsupported> check_outputs(const AttentionShape& s, const Values& values);

/// The keys of one part, in whole blocks; and how many parts that makes.
struct Split {
  std::int64_t keys = 1;
  std::int64_t parts = 1;
};
/// `parts` or more: as many as keep the rounds of a work-item's loops, `rounds` for every `block` keys,
/// within half of what the driver carries out (Traits::loop_rounds).
[[nodiscard]] std::int64_t parts_within_rounds(const AttentionShape& s, std::int64_t parts,
                                               std::int64_t block, double rounds, const Traits& traits);

[[nodiscard]] Split split_of(const AttentionShape& s, std::int64_t parts, std::int64_t block);

/// The first step of the method whose kernel is `name`, with all but its grid and the arguments of the split.
[[nodiscard]] Step step_of(const AttentionProblem& attention, std::string_view name, const Values& values);

/// Adds the grid of `tiles` tiles of rows to `step`,
/// and the second step, with groups of `group_x`, if the keys are split.
[[nodiscard]] OrUnsupported<Plan> plan_tiles(const AttentionProblem& attention, Step step, std::int64_t tiles,
                                             const Split& split, std::int64_t group_x, const Traits& traits);

}  // namespace moat
