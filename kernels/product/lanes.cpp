// Tiles of the method of lanes.
#include "kernels/product/lanes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kernels/candidates.h"
#include "kernels/planning.h"

namespace moat {
namespace {

constexpr std::int64_t most_sums = 128;  // of a work-item: beyond, registers spill everywhere

constexpr std::array ranges{Range{"METHOD", method_lanes, method_lanes}, Range{"GROUP_X", 1, 128},
                            Range{"GROUP_Y", 1, 32}, Range{"TILE_M", 1, 64}, Range{"TILE_N", 1, 16}};

}  // namespace

bool has_lanes(const Traits& traits) {
  return traits.language == Language::glsl && traits.subgroup_size > 1;
}

/// Each step of K loads TILE_M / GROUP_X + TILE_N elements for TILE_M·TILE_N products, so that tiles are as
/// large as the problem fills and registers hold.
Parameters lanes_defaults(std::int64_t rows, std::int64_t columns, const Traits& traits) {
  const auto lanes = static_cast<std::int64_t>(traits.subgroup_size);
  return {{"METHOD", method_lanes},
          {"GROUP_X", lanes},
          {"GROUP_Y", 1},
          {"TILE_M", std::clamp<std::int64_t>(rows, 1, 16)},
          {"TILE_N", std::clamp<std::int64_t>(columns / lanes, 1, 4)}};
}

std::optional<Unsupported> subgroup_break(const Parameters& parameters, const Traits& traits) {
  if (!has_lanes(traits)) {
    return Unsupported{"METHOD=3 is for shaders on devices whose subgroups broadcast"};
  }
  const std::int64_t lanes = parameters.at("GROUP_X");
  if (lanes != static_cast<std::int64_t>(traits.subgroup_size)) {
    return Unsupported{
        fmt::format("GROUP_X={} is not the device's subgroup, {}", lanes, traits.subgroup_size)};
  }
  return group_excess(lanes, parameters.at("GROUP_Y"), traits);
}

std::optional<Unsupported> lanes_break(const Parameters& parameters, const Traits& traits) {
  if (auto reason = break_of(ranges, parameters)) return reason;
  if (const std::int64_t sums = parameters.at("TILE_M") * parameters.at("TILE_N"); sums > most_sums) {
    return Unsupported{fmt::format("{} sums in a work-item are more than {}", sums, most_sums)};
  }
  return subgroup_break(parameters, traits);
}

/// Per output: (loads + products / 8) / products for the padded tile.
std::vector<Candidate> lanes_candidates(std::int64_t rows, std::int64_t columns, const Parameters& defaults) {
  const std::array choices{Choice{"TILE_M", {1, 2, 4, 8, 16, 24, 32, 48, 64}},
                           Choice{"TILE_N", {1, 2, 3, 4, 6, 8}}, Choice{"GROUP_Y", {1, 2, 4}}};
  const auto real = [](std::int64_t value) { return static_cast<double>(value); };
  std::vector<Candidate> candidates;
  for (Parameters& parameters : combinations(defaults, choices)) {
    const std::int64_t tile_m = parameters.at("TILE_M");
    const std::int64_t tile_n = parameters.at("TILE_N");
    const std::int64_t lanes = parameters.at("GROUP_X");
    if (tile_m * tile_n > most_sums) continue;
    const std::int64_t group_rows = tile_m * parameters.at("GROUP_Y");
    const double padding = real(divide_up(rows, group_rows) * group_rows) / real(rows) *
                           real(divide_up(columns, tile_n * lanes) * tile_n * lanes) / real(columns);
    const double products = real(tile_m * tile_n);
    const double loads = real(divide_up(tile_m, lanes) + tile_n);
    candidates.push_back({std::move(parameters), padding * (loads + products / 8) / products});
  }
  return candidates;
}

}  // namespace moat
