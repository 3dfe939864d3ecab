// Work-items that exchange registers: shaders on CPUs, where local memory is as far as the tensors are.
#include "kernels/product/lanes.h"

#include <algorithm>
#include <array>

#include "kernels/attention/methods.h"
#include "kernels/attention/planning.h"

namespace moat {
namespace {

constexpr std::array ranges{Range{"GROUP_X", 1, 128}, Range{"GROUP_Y", 1, 32}, Range{"TILE_M", 1, 32},
                            Range{"TILE_N", 1, 16}, Range{"SPLITS", 1, most_splits}};

bool suits(const AttentionProblem&, const Traits& traits) {
  return prefers_lanes(traits);
}

/// As many rows as leave up to 128 outputs in a work-item,
/// whose code is unrolled: drivers take long to compile more.
Values defaults(const AttentionProblem& attention, const Traits& traits) {
  const AttentionShape& s = attention.shape();
  const auto lanes = static_cast<std::int64_t>(traits.subgroup_size);
  const std::int64_t columns = divide_up(s.value_dim, lanes);
  const std::int64_t tile_m = std::clamp<std::int64_t>(128 / columns, 1, std::min<std::int64_t>(s.rows(), 8));
  const std::int64_t groups = s.batch * s.key_value_heads * divide_up(s.rows(), tile_m);
  return {{"GROUP_X", lanes},
          {"GROUP_Y", 1},
          {"TILE_M", tile_m},
          {"TILE_N", s.keys > 2 * lanes ? 4 : 1},
          {"SPLITS", usual_splits(s, groups, traits, 256)}};
}

OrUnsupported<Plan> plan(const AttentionProblem& attention, const Traits& traits, const Values& values) {
  if (auto reason = check_subgroup(values, traits)) return *reason;
  const AttentionShape& s = attention.shape();
  if (auto reason = check_outputs(s, values)) return *reason;
  const std::int64_t tile = values.at("TILE_M");
  const std::int64_t x = values.at("GROUP_X");
  const std::int64_t y = values.at("GROUP_Y");
  Step step = step_of(attention, "lanes", values);
  step.group_shape = {static_cast<std::size_t>(x), static_cast<std::size_t>(y), 1};
  const std::int64_t block = x * values.at("TILE_N");
  const double rounds = real(1 + s.key_dim + block);  // in a block of keys
  const std::int64_t parts = parts_within_rounds(s, values.at("SPLITS"), block, rounds, traits);
  OrUnsupported<Plan> made = plan_tiles(attention, std::move(step), divide_up(s.rows(), tile * y),
                                        split_of(s, parts, block), x, traits);
  made = with_feature(std::move(made), subgroup_broadcast);
  return with_feature(std::move(made), "subgroup arithmetic");
}

std::vector<CandidateValues> candidates(const AttentionProblem& attention, const Traits& traits) {
  const Values usual = defaults(attention, traits);
  const std::array choices{Choice{"TILE_M", {1, 2, 4, 8, 16}}, Choice{"TILE_N", {1, 2, 4, 8}},
                           Choice{"GROUP_Y", {1, 2, 4}}, Choice{"SPLITS", split_values(usual)}};
  return candidates_by_distance(usual, choices);
}

}  // namespace

constinit const Method<AttentionProblem> attention_lanes{.name = "lanes",
                                                         .suits = suits,
                                                         .ranges = ranges,
                                                         .defaults = defaults,
                                                         .plan = plan,
                                                         .candidates = candidates};

}  // namespace moat
