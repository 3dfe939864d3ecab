// Tiles of the method of lanes.
#include "kernels/product/lanes.h"

#include <fmt/format.h>

#include <algorithm>

namespace moat {
namespace {

constexpr std::int64_t most_sums = 128;  // of a work-item: beyond, registers spill everywhere

}  // namespace

bool has_lanes(const Traits& traits) {
  return traits.language == Language::glsl && traits.subgroup_size > 1;
}

/// Each step of K loads TILE_M / GROUP_X + TILE_N elements for TILE_M·TILE_N products, so that tiles are as
/// large as the problem fills and registers hold.
Values lanes_defaults(std::int64_t rows, std::int64_t columns, const Traits& traits) {
  const auto lanes = static_cast<std::int64_t>(traits.subgroup_size);
  return {{"GROUP_X", lanes},
          {"GROUP_Y", 1},
          {"TILE_M", std::clamp<std::int64_t>(rows, 1, 16)},
          {"TILE_N", std::clamp<std::int64_t>(columns / lanes, 1, 4)}};
}

std::optional<Unsupported> check_subgroup(const Values& values, const Traits& traits) {
  if (!has_lanes(traits)) {
    return Unsupported{"METHOD=lanes is for shaders on devices whose subgroups broadcast"};
  }
  const std::int64_t lanes = values.at("GROUP_X");
  if (lanes != static_cast<std::int64_t>(traits.subgroup_size)) {
    return Unsupported{
        fmt::format("GROUP_X={} is not the device's subgroup, {}", lanes, traits.subgroup_size)};
  }
  return check_group(lanes, values.at("GROUP_Y"), traits);
}

std::optional<Unsupported> check_lanes(const Values& values, const Traits& traits) {
  if (const std::int64_t sums = values.at("TILE_M") * values.at("TILE_N"); sums > most_sums) {
    return Unsupported{fmt::format("{} sums in a work-item are more than {}", sums, most_sums)};
  }
  return check_subgroup(values, traits);
}

/// Per output: (loads + products / 8) / products for the padded tile.
std::vector<CandidateValues> lanes_candidates(std::int64_t rows, std::int64_t columns,
                                              const Values& defaults) {
  const std::array choices{Choice{"TILE_M", {1, 2, 4, 8, 16, 24, 32, 48, 64}},
                           Choice{"TILE_N", {1, 2, 3, 4, 6, 8}}, Choice{"GROUP_Y", {1, 2, 4}}};
  std::vector<CandidateValues> candidates;
  for (Values& values : combinations(defaults, choices)) {
    const std::int64_t tile_m = values.at("TILE_M");
    const std::int64_t tile_n = values.at("TILE_N");
    const std::int64_t lanes = values.at("GROUP_X");
    if (tile_m * tile_n > most_sums) continue;
    const std::int64_t group_rows = tile_m * values.at("GROUP_Y");
    const double padding = real(divide_up(rows, group_rows) * group_rows) / real(rows) *
                           real(divide_up(columns, tile_n * lanes) * tile_n * lanes) / real(columns);
    const double products = real(tile_m * tile_n);
    const double loads = real(divide_up(tile_m, lanes) + tile_n);
    candidates.push_back({std::move(values), padding * (loads + products / 8) / products});
  }
  return candidates;
}

}  // namespace moat
