// Tiles in local memory, for devices with many work-items.
#include <algorithm>
#include <array>

#include "kernels/gemm/methods.h"
#include "kernels/gemm/planning.h"
#include "kernels/product/parts.h"

namespace moat {
namespace {

constexpr std::array ranges{Range{"GROUP_X", 1, 1024}, Range{"GROUP_Y", 1, 1024}, Range{"TILE_M", 1, 16},
                            Range{"TILE_N", 1, 16}, Range{"BLOCK_K", 1, 256}};

bool suits(const GemmProblem&, const Traits& traits) {
  return is_simt(traits);
}

struct GroupTile {
  std::int64_t group;  // work-items per side
  std::int64_t tile;   // outputs per work-item and side
};

/// Elements of local memory of tiled.cl: panels of A and B, each row padded by one.
std::int64_t local_elements(std::int64_t rows, std::int64_t columns, std::int64_t block_k) {
  return (rows + 1 + columns + 1) * block_k;
}

/// 64 x 64 outputs per group of 256 work-items; 128 x 128 where that still gives every compute unit two
/// groups; smaller ones on devices whose groups or local memory hold no more.
Values defaults(const GemmProblem& gemm, const Traits& traits) {
  constexpr std::array<GroupTile, 6> choices{{{16, 8}, {16, 4}, {16, 2}, {8, 4}, {8, 1}, {1, 4}}};
  constexpr std::int64_t block_k = 16;
  const GemmShape& shape = gemm.shape();
  const std::int64_t large = divide_up(shape.m, 128) * divide_up(shape.n, 128) * shape.batch;
  const auto bytes = static_cast<std::int64_t>(size_bytes(gemm.types().accumulate));
  const bool takes_large = bytes < 8 && large >= 2 * static_cast<std::int64_t>(traits.compute_units);
  const auto is_taken = [&](const GroupTile& choice) {
    const std::int64_t side = choice.group * choice.tile;
    return (choice.tile != 8 || takes_large) && !check_group(choice.group, choice.group, traits) &&
           !check_local_memory(local_elements(side, side, block_k) * bytes, traits);
  };
  const auto* chosen = std::find_if(choices.begin(), choices.end(), is_taken);
  if (chosen == choices.end()) --chosen;  // the plan says what the device lacks
  return {{"GROUP_X", chosen->group},
          {"GROUP_Y", chosen->group},
          {"TILE_M", chosen->tile},
          {"TILE_N", chosen->tile},
          {"BLOCK_K", block_k}};
}

OrUnsupported<Plan> plan(const GemmProblem& gemm, const Traits& traits, const Values& values) {
  const std::int64_t x = values.at("GROUP_X");
  const std::int64_t y = values.at("GROUP_Y");
  if (auto reason = check_group(x, y, traits)) return *reason;
  const std::int64_t rows = y * values.at("TILE_M");
  const std::int64_t columns = x * values.at("TILE_N");
  const std::int64_t local_bytes = local_elements(rows, columns, values.at("BLOCK_K")) *
                                   static_cast<std::int64_t>(size_bytes(gemm.types().accumulate));
  if (auto reason = check_local_memory(local_bytes, traits)) return *reason;
  return in_parts_of_k(gemm, plan_blocks(gemm, "tiled", values, rows, columns), slab_rounds(values), traits);
}

std::vector<CandidateValues> candidates(const GemmProblem& gemm, const Traits& traits) {
  return tiled_candidates(product_of(gemm), traits, defaults(gemm, traits));
}

}  // namespace

constinit const Method<GemmProblem> gemm_tiled{.name = "tiled",
                                               .suits = suits,
                                               .ranges = ranges,
                                               .defaults = defaults,
                                               .plan = plan,
                                               .candidates = candidates};

}  // namespace moat
