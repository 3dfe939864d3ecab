// Tile shapes, depths and widths of blocks, ordered by what they should cost.
#include "kernels/product/product.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "kernels/candidates.h"
#include "kernels/planning.h"
#include "kernels/product/grid.h"

namespace moat {
namespace {

bool has(const Values& values, const char* name) {
  const auto found = values.find(name);
  return found != values.end() && found->second == 1;
}

void add_cheapest(std::vector<CandidateValues> variants, std::vector<CandidateValues>& candidates) {
  const auto cheapest =
      std::min_element(variants.begin(), variants.end(),
                       [](const CandidateValues& a, const CandidateValues& b) { return a.cost < b.cost; });
  if (cheapest != variants.end()) candidates.push_back(std::move(*cheapest));
}

// -- Packed

/// The last panel has a third of the rows, two or all (packed.cl), and is less efficient than its share.
double row_panels(std::int64_t rows, std::int64_t tile_m) {
  const std::int64_t rest = rows % tile_m;
  const double last = rest == 0 ? 0 : 3 * rest <= tile_m ? 0.5 : 3 * rest <= 2 * tile_m ? 0.8 : 1;
  return real(rows / tile_m) + last;
}

/// Cycles of the group that ends last:
///   rounds · batches · [ panels_a·panels_b · (K·step + blocks·update) + K·(a·panels_a + b·panels_b)·step ]
/// with rounds = groups / processors rounded up, blocks = K / BLOCK_K rounded up, panels of the grid's
/// rectangle, and for a tile of TILE_M rows and V vectors
///   step = max(TILE_M·V / 2, loads, 4) + loads / 4, loads = (TILE_M + V) / 2: arithmetic, loads, the latency
/// of a multiply-add of 4 cycles, and what loads delay; 1.3 times that if a panel of A and one of B exceed
/// the first-level cache, 1.2 times if BLOCK_K rows of the rectangle exceed half of the second. update =
/// TILE_M·V·2: sums are read and written. Packing costs a = 0.6 and b = 1 (0 if read directly, where strided
/// rows make a step 1.1 times as long).
double packed_cost(const Product& product, const Traits& traits, const Values& values) {
  const Core core = core_of(traits);
  const std::int64_t tile_m = values.at("TILE_M");
  const std::int64_t tile_n = values.at("TILE_N");
  const std::int64_t block_k = values.at("BLOCK_K");
  const bool direct = has(values, "DIRECT_B");
  const std::int64_t bytes = product.element_bytes;
  const double vectors = real(divide_up(tile_n * bytes, core.vector_bytes));
  const double rows = real(tile_m);
  const double loads = (rows + vectors) / 2;
  double step = std::max({rows * vectors / 2, loads, 4.0}) + loads / 4;
  const std::int64_t units = std::max<std::int64_t>(1, traits.compute_units);
  const GemmGrid grid = cut_gemm(product.m, product.n, product.batch, units,
                                 {.tile_rows = tile_m,
                                  .tile_columns = tile_n,
                                  .most_rows = 16384,
                                  .most_columns = values.at("BLOCK_N"),
                                  .group_cost = 1,
                                  .a_panel_cost = 0.6,
                                  .b_panel_cost = direct ? 0.0 : 1.0});
  const double depth = real(std::min(block_k, product.k));
  if (depth * real((tile_m + tile_n) * bytes) > core.first_cache) step *= 1.3;
  if (depth * real(grid.columns * bytes) > core.second_cache / 2) step *= 1.2;
  if (direct) step *= 1.1;
  const double panels_a = row_panels(std::min(grid.rows, product.m), tile_m);
  const double panels_b = real(divide_up(grid.columns, tile_n));
  const double update = rows * vectors * 2 * real(divide_up(product.k, block_k));
  const double packing = (0.6 * panels_a + (direct ? 0.0 : panels_b)) * real(product.k) * step;
  const double group = panels_a * panels_b * (real(product.k) * step + update) + packing;
  const double rounds = real(divide_up(grid.groups(), units) * divide_up(product.batch, grid.batch_groups));
  // Looking ahead is worth a little where the hardware does not.
  return rounds * group * (values.at("PREFETCH") == 1 ? 1.0 : 1.02);
}

/// Sums, a row of B and an element of A stay in registers.
bool fits_registers(const Values& values, std::int64_t element_bytes, const Core& core) {
  const std::int64_t vectors = divide_up(values.at("TILE_N") * element_bytes, core.vector_bytes);
  return values.at("TILE_M") * vectors + vectors + 1 <= core.registers;
}

// -- Tiled

/// As tiled.cl declares it: slabs of A and B, each row padded by one.
std::int64_t tiled_local_bytes(const Product& product, const Values& values) {
  const std::int64_t rows = values.at("TILE_M") * values.at("GROUP_Y");
  const std::int64_t columns = values.at("TILE_N") * values.at("GROUP_X");
  return (rows + 1 + columns + 1) * values.at("BLOCK_K") * product.element_bytes;
}

/// Times of one multiply-add per work-item, for the group that ends last:
///   waves · outputs · K · [ 1 + 2·(1/TILE_M + 1/TILE_N) + 8·(1/rows + 1/columns) + 16/(BLOCK_K·outputs) ]
/// with the outputs of a work-item, and waves = groups / (compute units · groups that a compute unit keeps,
/// 1024 work-items and its local memory) rounded up. The terms: arithmetic, reading local memory, filling it
/// from global memory, barriers. Doubled where more than 64 sums cannot stay in registers.
double tiled_cost(const Product& product, const Traits& traits, const Values& values) {
  const std::int64_t tile_m = values.at("TILE_M");
  const std::int64_t tile_n = values.at("TILE_N");
  const std::int64_t rows = tile_m * values.at("GROUP_Y");
  const std::int64_t columns = tile_n * values.at("GROUP_X");
  const std::int64_t work_items = values.at("GROUP_X") * values.at("GROUP_Y");
  const std::int64_t block_k = values.at("BLOCK_K");
  const std::int64_t bytes = product.element_bytes;
  const std::int64_t local = tiled_local_bytes(product, values);
  const auto local_limit = static_cast<std::int64_t>(std::min<std::size_t>(
      traits.local_memory_bytes, static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())));
  const std::int64_t resident = std::clamp<std::int64_t>(
      std::min(1024 / work_items, local > 0 ? local_limit / local : std::int64_t{1}), 1, 16);
  const std::int64_t groups = divide_up(product.m, rows) * divide_up(product.n, columns) * product.batch;
  const std::int64_t slots = std::max<std::int64_t>(1, traits.compute_units) * resident;
  const double outputs = real(tile_m * tile_n);
  const double steps = real(divide_up(product.k, block_k) * block_k);
  const double per_step = 1 + 2 * (1 / real(tile_m) + 1 / real(tile_n)) +
                          8 * (1 / real(rows) + 1 / real(columns)) + 16 / (real(block_k) * outputs);
  // Groups on one compute unit share its arithmetic.
  const double share =
      real(std::min(resident, divide_up(groups, std::max<std::int64_t>(1, traits.compute_units)))) *
      real(work_items) / 1024;
  const double spills = bytes / 4 * tile_m * tile_n > 64 ? 2 : 1;
  return real(divide_up(groups, slots)) * share * outputs * steps * per_step * spills;
}

}  // namespace

std::vector<std::int64_t> up_to(std::vector<std::int64_t> values, std::int64_t extent) {
  const auto covers = std::find_if(values.begin(), values.end(), [&](auto value) { return value >= extent; });
  if (covers != values.end()) values.erase(covers + 1, values.end());
  return values;
}

Core core_of(const Traits& traits) {
  if (traits.native_vector_f32 >= 16) return {32, 64, 48 << 10, 1 << 20};
  return {16, traits.native_vector_f32 >= 8 ? 32 : 16, 48 << 10, 512 << 10};
}

std::vector<CandidateValues> packed_candidates(const Product& product, const Traits& traits,
                                               const Values& defaults) {
  const Core core = core_of(traits);
  const std::int64_t bytes = product.element_bytes;
  const std::int64_t width = defaults.at("VECTOR_WIDTH");
  std::vector<Choice> tile_choices{
      {"TILE_M", up_to({2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 28}, product.m)},
      {"TILE_N", up_to({width, 2 * width, 3 * width, 4 * width}, product.n)}};
  if (product.may_read_b) tile_choices.push_back({"DIRECT_B", {0, 1}});
  std::vector<Choice> block_choices{{"BLOCK_K", up_to({64, 128, 192, 256, 384, 512, 1024}, product.k)}};
  if (product.transpose_a) block_choices.push_back({"A_PANELS", {1, 2, 4, 8}});
  const auto with_blocks = [&](const Values& tile) {
    std::vector<CandidateValues> made;
    const std::int64_t tile_n = tile.at("TILE_N");
    for (Values& values : combinations(tile, block_choices)) {
      for (std::int64_t block_n : up_to({128, 256, 512, 1024}, product.n)) {
        block_n = std::max(tile_n, block_n / tile_n * tile_n);
        values["BLOCK_N"] = block_n;
        made.push_back({values, packed_cost(product, traits, values)});
      }
    }
    return made;
  };
  std::vector<CandidateValues> candidates;
  for (const Values& tile : combinations(defaults, tile_choices)) {
    if (!fits_registers(tile, bytes, core)) continue;
    add_cheapest(with_blocks(tile), candidates);
  }
  const std::vector<CandidateValues> blocks = with_blocks(defaults);
  candidates.insert(candidates.end(), blocks.begin(), blocks.end());
  Values other = defaults;
  other["PREFETCH"] = 1 - defaults.at("PREFETCH");
  candidates.push_back({other, packed_cost(product, traits, other)});
  return candidates;
}

std::vector<CandidateValues> tiled_candidates(const Product& product, const Traits& traits,
                                              const Values& defaults) {
  const std::array tile_choices{Choice{"TILE_M", {1, 2, 4, 6, 8}}, Choice{"TILE_N", {1, 2, 4, 6, 8}}};
  const std::array group_choices{Choice{"GROUP_X", {8, 16, 32}}, Choice{"GROUP_Y", {4, 8, 16, 32}},
                                 Choice{"BLOCK_K", {8, 16, 32}}};
  const auto with_groups = [&](const Values& tile) {
    std::vector<CandidateValues> made;
    for (Values& values : combinations(tile, group_choices)) {
      const std::int64_t work_items = values.at("GROUP_X") * values.at("GROUP_Y");
      const bool fits = work_items >= 32 && work_items <= 512 &&
                        !check_group(values.at("GROUP_X"), values.at("GROUP_Y"), traits) &&
                        !check_local_memory(tiled_local_bytes(product, values), traits);
      if (!fits) continue;
      const double cost = tiled_cost(product, traits, values);
      made.push_back({std::move(values), cost});
    }
    return made;
  };
  std::vector<CandidateValues> candidates;
  for (const Values& tile : combinations(defaults, tile_choices)) add_cheapest(with_groups(tile), candidates);
  const std::vector<CandidateValues> groups = with_groups(defaults);
  candidates.insert(candidates.end(), groups.begin(), groups.end());
  return candidates;
}

}  // namespace moat
