// Tiles, blocks and splits of the keys for the three methods, ordered by what they should cost.
#include "kernels/attention/candidates.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "kernels/candidates.h"
#include "kernels/planning.h"
#include "kernels/product/lanes.h"

namespace moat {
namespace {

double real(std::int64_t value) {
  return static_cast<double>(value);
}

std::int64_t registers_of(const Traits& traits) {
  return traits.native_vector_f32 >= 16 ? 32 : 16;
}

/// Idle processors in the last round, and that a part of the keys costs about as much as 16 keys more to
/// begin and to join: (groups rounded up to whole rounds) / groups · (1 + 16·SPLITS / keys).
double imbalance(const AttentionShape& s, const Traits& traits, std::int64_t tiles, std::int64_t splits) {
  const std::int64_t units = std::max<std::int64_t>(1, traits.compute_units);
  const double groups = real(s.batch * s.key_value_heads) * real(tiles) * real(splits);
  return std::ceil(groups / real(units)) * real(units) / groups *
         (1 + 16 * real(splits) / real(std::max(s.keys, splits)));
}

/// Cycles per sum of a register tile of a x b vectors' sums: arithmetic, loads, latency, as in gemm.
double tile_cycles(double a, double b) {
  const double loads = (a + b) / 2;
  return (std::max({a * b / 2, loads, 4.0}) + loads / 4) / (a * b);
}

std::vector<std::int64_t> split_values(const Parameters& defaults) {
  const std::int64_t usual = defaults.at("SPLITS");
  std::vector<std::int64_t> values{1, std::max<std::int64_t>(1, usual / 2), usual, 2 * usual};
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

/// Per vector of queries and key: key_dim·tile(QUERY_VECTORS, TILE_KEYS) + value_dim·tile(QUERY_VECTORS,
/// TILE_VALUES) + 20 for its exponential + 2·value_dim / BLOCK_KEYS for scaling the sums once a block; times
/// the padding of rows and the imbalance.
double fused_cost(const AttentionShape& s, const Traits& traits, const Parameters& parameters) {
  const double vectors = real(parameters.at("QUERY_VECTORS"));
  const std::int64_t tile = parameters.at("QUERY_VECTORS") * parameters.at("VECTOR_WIDTH");
  const std::int64_t tiles = divide_up(s.rows(), tile);
  const double per_key = real(s.key_dim) * tile_cycles(vectors, real(parameters.at("TILE_KEYS"))) +
                         real(s.value_dim) * tile_cycles(vectors, real(parameters.at("TILE_VALUES"))) + 20 +
                         2 * real(s.value_dim) / real(parameters.at("BLOCK_KEYS"));
  return per_key * real(tiles * tile) / real(s.rows()) * imbalance(s, traits, tiles, parameters.at("SPLITS"));
}

std::vector<Candidate> fused_candidates(const AttentionShape& s, const Traits& traits,
                                        const Parameters& defaults) {
  const std::array choices{
      Choice{"QUERY_VECTORS", {1, 2, 3, 4, 6, 8}}, Choice{"TILE_KEYS", {2, 3, 4, 6, 7, 8, 12, 16, 24}},
      Choice{"TILE_VALUES", {2, 3, 4, 6, 7, 8, 12, 16, 24}}, Choice{"BLOCK_KEYS", {32, 64, 128, 256}},
      Choice{"SPLITS", split_values(defaults)}};
  const std::int64_t registers = registers_of(traits);
  std::vector<Candidate> candidates;
  for (Parameters& parameters : combinations(defaults, choices)) {
    const std::int64_t vectors = parameters.at("QUERY_VECTORS");
    const std::int64_t keys = parameters.at("TILE_KEYS");
    const std::int64_t values = parameters.at("TILE_VALUES");
    if (keys != values && keys != values + 1) continue;  // about the same tile for both products
    if (vectors * keys + vectors + 1 > registers) continue;
    const double cost = fused_cost(s, traits, parameters);
    candidates.push_back({std::move(parameters), cost});
  }
  return candidates;
}

/// Keys and values are read from memory once for each ROWS rows, and from a cache, at 0.3 of that, once for
/// each TILE_ROWS: rows / ROWS + 0.3·rows / TILE_ROWS, each rounded up, times 1 + 8 / BLOCK_KEYS for
/// beginning a block, times the imbalance. How far to look ahead is not modelled.
std::vector<Candidate> decode_candidates(const AttentionShape& s, const Traits& traits,
                                         const Parameters& defaults) {
  std::vector<std::int64_t> rows{defaults.at("ROWS")};
  for (const std::int64_t each : {1, 2, 4, 8, 16}) {
    if (each < s.rows()) rows.push_back(each);
  }
  const std::int64_t width = defaults.at("VECTOR_WIDTH");
  const std::array choices{
      Choice{"ROWS", rows}, Choice{"TILE_ROWS", {1, 2, 4}}, Choice{"AHEAD", {256, 512, 1024, 2048, 4096}},
      Choice{"BLOCK_KEYS", {width, 2 * width, 4 * width, 8 * width, 16 * width, 32 * width}},
      Choice{"SPLITS", split_values(defaults)}};
  std::vector<Candidate> candidates;
  for (Parameters& parameters : combinations(defaults, choices)) {
    const std::int64_t tiles = divide_up(s.rows(), parameters.at("ROWS"));
    const double loads = real(tiles) + 0.3 * real(divide_up(s.rows(), parameters.at("TILE_ROWS")));
    const double cost = loads * (1 + 8 / real(parameters.at("BLOCK_KEYS"))) *
                        imbalance(s, traits, tiles, parameters.at("SPLITS"));
    candidates.push_back({std::move(parameters), cost});
  }
  return candidates;
}

/// Per row and key: 1 + 2·(1/TILE_M + 1/TILE_N) for arithmetic and reading local memory + 8·(1/rows + 1/keys)
/// for filling it + 16 / BLOCK_D for barriers, times the padding of rows and the imbalance.
std::vector<Candidate> grouped_candidates(const AttentionShape& s, const Traits& traits,
                                          const Parameters& defaults) {
  const std::array choices{Choice{"GROUP_X", {8, 16, 32, 64}}, Choice{"GROUP_Y", {4, 8, 16}},
                           Choice{"TILE_M", {1, 2, 4, 8}},     Choice{"TILE_N", {1, 2, 4}},
                           Choice{"BLOCK_D", {8, 16, 32}},     Choice{"SPLITS", split_values(defaults)}};
  std::vector<Candidate> candidates;
  for (Parameters& parameters : combinations(defaults, choices)) {
    const std::int64_t work_items = parameters.at("GROUP_X") * parameters.at("GROUP_Y");
    if (work_items < 64 || work_items > 512) continue;
    const std::int64_t rows = parameters.at("GROUP_Y") * parameters.at("TILE_M");
    const std::int64_t keys = parameters.at("GROUP_X") * parameters.at("TILE_N");
    const std::int64_t tiles = divide_up(s.rows(), rows);
    const double per_pair = 1 + 2 * (1 / real(parameters.at("TILE_M")) + 1 / real(parameters.at("TILE_N"))) +
                            8 * (1 / real(rows) + 1 / real(keys)) + 16 / real(parameters.at("BLOCK_D"));
    const double cost =
        per_pair * real(tiles * rows) / real(s.rows()) * imbalance(s, traits, tiles, parameters.at("SPLITS"));
    candidates.push_back({std::move(parameters), cost});
  }
  return candidates;
}

}  // namespace

std::vector<Candidate> attention_candidates(const AttentionProblem& problem, const Traits& traits,
                                            const Parameters& defaults) {
  const AttentionShape& shape = problem.shape();
  if (defaults.at("METHOD") == method_lanes) {
    const std::array choices{Choice{"TILE_M", {1, 2, 4, 8, 16}}, Choice{"TILE_N", {1, 2, 4, 8}},
                             Choice{"GROUP_Y", {1, 2, 4}}, Choice{"SPLITS", split_values(defaults)}};
    return candidates_by_distance(defaults, choices);
  }
  if (defaults.contains("QUERY_VECTORS")) return fused_candidates(shape, traits, defaults);
  if (defaults.contains("ROWS")) return decode_candidates(shape, traits, defaults);
  return grouped_candidates(shape, traits, defaults);
}

}  // namespace moat
