// Softmax and both products on tiles of queries and keys, in registers: processors with vectors.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kernels/attention/methods.h"
#include "kernels/attention/planning.h"

namespace moat {
namespace {

constexpr std::array ranges{Range{"VECTOR_WIDTH", 2, 16}, Range{"QUERY_VECTORS", 1, 8},
                            Range{"TILE_KEYS", 1, 32},    Range{"TILE_VALUES", 1, 32},
                            Range{"BLOCK_KEYS", 1, 4096}, Range{"SPLITS", 1, most_splits}};

std::int64_t local_bytes(const AttentionProblem& attention, const Values& values) {
  const AttentionShape& s = attention.shape();
  const std::int64_t tile = values.at("VECTOR_WIDTH") * values.at("QUERY_VECTORS");
  const std::int64_t tile_keys = values.at("TILE_KEYS");
  const std::int64_t panel = std::max(values.at("BLOCK_KEYS"), tile_keys);
  const bool converts = attention.types().input != Type::f32;
  return 4 * (tile * (s.key_dim + tile_keys + panel + s.value_dim + 4) +
              (converts ? panel * std::max(s.key_dim, s.value_dim) : 1));
}

/// As many queries as there are, up to a tile of 4 vectors (2 where there are only 16 registers): each key
/// and value that is loaded then serves as many multiply-adds.
Values defaults(const AttentionProblem& attention, const Traits& traits) {
  const AttentionShape& s = attention.shape();
  const std::int64_t width = usual_width(traits);
  const std::int64_t most = std::clamp<std::int64_t>(divide_up(s.rows(), width), 1, width == 16 ? 4 : 2);
  Values values{{"VECTOR_WIDTH", width}, {"QUERY_VECTORS", most}, {"TILE_KEYS", 1}, {"BLOCK_KEYS", 64}};
  constexpr std::array names{Least{"BLOCK_KEYS", 32}, Least{"QUERY_VECTORS", 1}, Least{"BLOCK_KEYS", 1}};
  const auto bytes = [&](const Values& tried) { return local_bytes(attention, tried); };
  values["TILE_KEYS"] = std::min<std::int64_t>(width == 16 ? 24 : 12, s.keys);  // the most it can become
  shrink_to_local_memory(values, names, bytes, traits);
  const std::int64_t vectors = values.at("QUERY_VECTORS");
  const std::int64_t tile = (width == 16 ? 24 : 12) / vectors;
  values["TILE_KEYS"] = std::min(tile, s.keys);
  values["TILE_VALUES"] = tile;
  const std::int64_t groups = s.batch * s.key_value_heads * divide_up(s.rows(), vectors * width);
  values["SPLITS"] = usual_splits(s, groups, traits, 256);
  return values;
}

OrUnsupported<Plan> plan(const AttentionProblem& attention, const Traits& traits, const Values& values) {
  const std::int64_t width = values.at("VECTOR_WIDTH");
  if (auto reason = check_power_of_two(values, "VECTOR_WIDTH")) return *reason;
  const AttentionShape& s = attention.shape();
  const std::int64_t tile = width * values.at("QUERY_VECTORS");
  const std::int64_t block = values.at("BLOCK_KEYS");
  const std::int64_t tile_keys = values.at("TILE_KEYS");
  if (tile_keys > s.keys) return Unsupported{fmt::format("TILE_KEYS={} is more than all keys", tile_keys)};
  if (auto reason = check_local_memory(local_bytes(attention, values), traits)) return *reason;
  return plan_tiles(attention, step_of(attention, "fused", values), divide_up(s.rows(), tile),
                    split_of(s, values.at("SPLITS"), block), 1, traits);
}

std::int64_t registers_of(const Traits& traits) {
  return traits.native_vector_f32 >= 16 ? 32 : 16;
}

/// Cycles per sum of a register tile of a x b vectors' sums: arithmetic, loads, latency, as in gemm.
double tile_cycles(double a, double b) {
  const double loads = (a + b) / 2;
  return (std::max({a * b / 2, loads, 4.0}) + loads / 4) / (a * b);
}

/// Per vector of queries and key: key_dim·tile(QUERY_VECTORS, TILE_KEYS) + value_dim·tile(QUERY_VECTORS,
/// TILE_VALUES) + 20 for its exponential + 2·value_dim / BLOCK_KEYS for scaling the sums once a block; times
/// the padding of rows and the imbalance.
double cost_of(const AttentionShape& s, const Traits& traits, const Values& values) {
  const double vectors = real(values.at("QUERY_VECTORS"));
  const std::int64_t tile = values.at("QUERY_VECTORS") * values.at("VECTOR_WIDTH");
  const std::int64_t tiles = divide_up(s.rows(), tile);
  const double per_key = real(s.key_dim) * tile_cycles(vectors, real(values.at("TILE_KEYS"))) +
                         real(s.value_dim) * tile_cycles(vectors, real(values.at("TILE_VALUES"))) + 20 +
                         2 * real(s.value_dim) / real(values.at("BLOCK_KEYS"));
  return per_key * real(tiles * tile) / real(s.rows()) * imbalance(s, traits, tiles, values.at("SPLITS"));
}

std::vector<CandidateValues> candidates(const AttentionProblem& attention, const Traits& traits) {
  const AttentionShape& s = attention.shape();
  const Values usual = defaults(attention, traits);
  const std::array choices{Choice{"QUERY_VECTORS", {1, 2, 3, 4, 6, 8}},
                           Choice{"TILE_KEYS", {2, 3, 4, 6, 7, 8, 12, 16, 24}},
                           Choice{"TILE_VALUES", {2, 3, 4, 6, 7, 8, 12, 16, 24}},
                           Choice{"BLOCK_KEYS", {32, 64, 128, 256}}, Choice{"SPLITS", split_values(usual)}};
  const std::int64_t registers = registers_of(traits);
  std::vector<CandidateValues> made;
  for (Values& values : combinations(usual, choices)) {
    const std::int64_t vectors = values.at("QUERY_VECTORS");
    const std::int64_t keys = values.at("TILE_KEYS");
    const std::int64_t tile_values = values.at("TILE_VALUES");
    if (keys != tile_values && keys != tile_values + 1) continue;  // about the same tile for both products
    if (vectors * keys + vectors + 1 > registers) continue;
    const double cost = cost_of(s, traits, values);
    made.push_back({std::move(values), cost});
  }
  return made;
}

}  // namespace

constinit const Method<AttentionProblem> attention_fused{.name = "fused",
                                                         .suits = always_suits,
                                                         .ranges = ranges,
                                                         .defaults = defaults,
                                                         .plan = plan,
                                                         .candidates = candidates};

}  // namespace moat
