// The dot-product method's candidates; tiles of the other two are shared with convolution (product.h).
#include "kernels/gemm/candidates.h"

#include <algorithm>
#include <array>

#include "kernels/candidates.h"
#include "kernels/planning.h"
#include "kernels/product/lanes.h"
#include "kernels/product/product.h"

namespace moat {
namespace {

double real(std::int64_t value) {
  return static_cast<double>(value);
}

/// Cycles per vector of B: for a tile of ROWS x COLUMNS, rows / ROWS rounded up times
///   max(ROWS·COLUMNS / 2, (ROWS + COLUMNS) / 2, 4) / COLUMNS
/// arithmetic, loads, latency. How far to look ahead and how many groups to make is not modelled: each step
/// away from the default (a factor of two) costs 1 %.
double dots_cost(const GemmProblem& gemm, const Parameters& defaults, const Parameters& parameters) {
  const double rows = real(parameters.at("ROWS"));
  const double columns = real(parameters.at("COLUMNS"));
  const double tile = std::max({rows * columns / 2, (rows + columns) / 2, 4.0}) / columns;
  Parameters around = parameters;
  for (const char* modelled : {"ROWS", "COLUMNS"}) around[modelled] = defaults.at(modelled);
  return real(divide_up(gemm.shape().m, parameters.at("ROWS"))) * tile * distance_cost(defaults, around);
}

std::vector<Candidate> dots_candidates(const GemmProblem& gemm, const Traits& traits,
                                       const Parameters& defaults) {
  const Core core = core_of(traits);
  const std::array choices{Choice{"ROWS", up_to({1, 2, 3, 4, 6, 8, 12, 16}, gemm.shape().m)},
                           Choice{"COLUMNS", up_to({1, 2, 3, 4, 6, 8, 12, 16}, gemm.shape().n)},
                           Choice{"AHEAD", {0, 128, 256, 512, 1024}},
                           Choice{"GROUPS_PER_UNIT", {1, 2, 4, 8, 16}},
                           Choice{"BLOCK_K", {defaults.at("BLOCK_K"), 512, 1024, std::int64_t{1} << 30}}};
  std::vector<Candidate> candidates;
  for (Parameters& parameters : combinations(defaults, choices)) {
    const std::int64_t rows = parameters.at("ROWS");
    const std::int64_t columns = parameters.at("COLUMNS");
    if (rows * columns + columns + 1 > core.registers) continue;
    // Either the tile or what is around it differs: variety instead of every combination.
    const bool same_tile = rows == defaults.at("ROWS") && columns == defaults.at("COLUMNS");
    const bool same_rest = parameters.at("AHEAD") == defaults.at("AHEAD") &&
                           parameters.at("BLOCK_K") == defaults.at("BLOCK_K") &&
                           parameters.at("GROUPS_PER_UNIT") == defaults.at("GROUPS_PER_UNIT");
    if (!same_tile && !same_rest) continue;
    const double cost = dots_cost(gemm, defaults, parameters);
    candidates.push_back({std::move(parameters), cost});
  }
  return candidates;
}

}  // namespace

std::vector<Candidate> gemm_candidates(const GemmProblem& problem, const Traits& traits,
                                       const Parameters& defaults) {
  if (defaults.contains("ROWS")) return dots_candidates(problem, traits, defaults);
  const GemmShape& s = problem.shape();
  if (defaults.at("METHOD") == method_lanes) return lanes_candidates(s.m, s.n, defaults);
  const Product product{.m = s.m,
                        .n = s.n,
                        .k = s.k,
                        .batch = s.batch,
                        .element_bytes = static_cast<std::int64_t>(size_bytes(problem.types().accumulate)),
                        .transpose_a = s.transpose_a,
                        .may_read_b = !s.transpose_b};
  return defaults.contains("VECTOR_WIDTH") ? packed_candidates(product, traits, defaults)
                                           : tiled_candidates(product, traits, defaults);
}

}  // namespace moat
