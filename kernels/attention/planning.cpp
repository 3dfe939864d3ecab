// Constants, arguments, parts of the keys and the step that joins them.
#include "kernels/attention/planning.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "kernels/planning.h"

namespace moat {
namespace {

/// `step` on every part of the keys, and a second step that joins them if there are several. The step's
/// arguments end with parts' number and size, its scratch is the first.
OrUnsupported<Plan> finish_plan(const AttentionProblem& attention, Step step, const Split& split,
                                std::int64_t group_x, const Traits& traits) {
  const AttentionShape& s = attention.shape();
  const std::int64_t rows = s.batch * s.query_heads * s.queries;
  if (split.parts * split.keys > most_in_first - 4096) return Unsupported{"more keys than 32 bits count"};
  for (const std::int64_t value : {split.parts, split.keys})
    step.arguments.push_back(integer_argument(value));
  Plan plan;
  plan.steps.push_back(std::move(step));
  if (split.parts == 1) {
    plan.scratch_bytes = {64};  // unused, but an argument
    return plan;
  }
  plan.scratch_bytes = {4 * static_cast<std::size_t>(rows) *
                        static_cast<std::size_t>(split.parts * (s.value_dim + 2))};
  if (s.rows() > most_in_first || s.batch * s.key_value_heads > most_in_grid) {
    return Unsupported{"more rows than the device counts"};
  }
  const double rounds = real(split.parts) * real(2 + divide_up(s.value_dim, group_x));
  if (auto reason = check_rounds(rounds, traits)) return *reason;
  Step combine;
  combine.source = "attention/combine.cl";
  combine.entry = "combine";
  combine.constants = common_constants(attention);
  combine.constants.emplace_back("GROUP_X", group_x);
  combine.groups = {static_cast<std::size_t>(s.rows()), static_cast<std::size_t>(s.batch * s.key_value_heads),
                    1};
  combine.group_shape = {static_cast<std::size_t>(group_x), 1, 1};
  combine.arguments = {scratch_argument(0), tensor_argument(3), integer_argument(s.rows()),
                       integer_argument(split.parts)};
  plan.steps.push_back(std::move(combine));
  return plan;
}

}  // namespace

std::vector<std::pair<std::string, std::int64_t>> common_constants(const AttentionProblem& attention) {
  auto constants = type_constants(attention.types());
  constants.emplace_back("CAUSAL", attention.shape().causal ? 1 : 0);
  constants.emplace_back("KEY_DIM", attention.shape().key_dim);
  constants.emplace_back("VALUE_DIM", attention.shape().value_dim);
  return constants;
}

Argument scale_argument(const AttentionProblem& attention) {
  return integer_argument(std::bit_cast<std::int32_t>(attention.scale()));
}

std::int64_t usual_splits(const AttentionShape& s, std::int64_t groups, const Traits& traits,
                          std::int64_t least_keys) {
  const std::int64_t wanted = 8 * std::max<std::int64_t>(1, traits.compute_units);
  return std::clamp<std::int64_t>(divide_up(wanted, std::max<std::int64_t>(1, groups)), 1,
                                  std::min(most_splits, divide_up(s.keys, least_keys)));
}

std::vector<std::int64_t> split_values(const Values& defaults) {
  const std::int64_t usual = defaults.at("SPLITS");
  std::vector<std::int64_t> values{1, std::max<std::int64_t>(1, usual / 2), usual, 2 * usual};
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

double imbalance(const AttentionShape& s, const Traits& traits, std::int64_t tiles, std::int64_t splits) {
  const std::int64_t units = std::max<std::int64_t>(1, traits.compute_units);
  const double groups = real(s.batch * s.key_value_heads) * real(tiles) * real(splits);
  return std::ceil(groups / real(units)) * real(units) / groups *
         (1 + 16 * real(splits) / real(std::max(s.keys, splits)));
}

std::optional<Unsupported> check_outputs(const AttentionShape& s, const Values& values) {
  constexpr std::int64_t most = 2048;
  const std::int64_t tile = values.at("TILE_M");
  const std::int64_t outputs = tile * divide_up(s.value_dim, values.at("GROUP_X"));
  if (outputs <= most) return std::nullopt;
  return Unsupported{
      fmt::format("TILE_M={} gives a work-item {} outputs, more than {}", tile, outputs, most)};
}

std::int64_t parts_within_rounds(const AttentionShape& s, std::int64_t parts, std::int64_t block,
                                 double rounds, const Traits& traits) {
  if (traits.loop_rounds == 0) return parts;
  const double all = rounds * real(divide_up(s.keys, block));
  return std::max(parts, static_cast<std::int64_t>(std::ceil(2 * all / traits.loop_rounds)));
}

Split split_of(const AttentionShape& s, std::int64_t parts, std::int64_t block) {
  Split split;
  split.keys = divide_up(divide_up(s.keys, parts), block) * block;
  split.parts = divide_up(s.keys, split.keys);
  return split;
}

Step step_of(const AttentionProblem& attention, std::string_view name, const Values& values) {
  const AttentionShape& s = attention.shape();
  Step step;
  step.source = fmt::format("attention/{}.cl", name);
  step.entry = name;
  step.constants = common_constants(attention);
  for (const auto& [parameter, value] : values) {
    if (parameter != "SPLITS") step.constants.emplace_back(parameter, value);
  }
  for (std::int64_t tensor = 0; tensor < 4; ++tensor) step.arguments.push_back(tensor_argument(tensor));
  step.arguments.push_back(scratch_argument(0));
  for (const std::int64_t value : {s.batch * s.key_value_heads, s.rows(), s.queries, s.keys}) {
    step.arguments.push_back(integer_argument(value));
  }
  step.arguments.push_back(scale_argument(attention));
  return step;
}

OrUnsupported<Plan> plan_tiles(const AttentionProblem& attention, Step step, std::int64_t tiles,
                               const Split& split, std::int64_t group_x, const Traits& traits) {
  const AttentionShape& s = attention.shape();
  if (tiles > most_in_first / split.parts) return Unsupported{"more groups than the device counts"};
  step.groups = {static_cast<std::size_t>(tiles * split.parts),
                 static_cast<std::size_t>(std::min(s.batch * s.key_value_heads, most_in_grid)), 1};
  return finish_plan(attention, std::move(step), split, group_x, traits);
}

}  // namespace moat
