// One dot product per output, for few rows: B is too seldom used again to be worth packing.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "kernels/gemm/methods.h"
#include "kernels/gemm/planning.h"

namespace moat {
namespace {

constexpr std::int64_t most_k = 1 << 30;  // of BLOCK_K: all of K at once

constexpr std::array ranges{Range{"VECTOR_WIDTH", 2, 16},   Range{"ROWS", 1, 16},
                            Range{"COLUMNS", 1, 16},        Range{"PREFETCH", 0, 1},
                            Range{"AHEAD", 0, 4096},        Range{"BLOCK_K", 16, most_k},
                            Range{"GROUPS_PER_UNIT", 1, 64}};
constexpr std::int64_t most_rows = 16;
// Products of i8 whose sum f32 holds exactly.
constexpr std::int64_t exact_products = 1024;

std::int64_t vector_width(const GemmProblem& gemm, const Traits& traits) {
  const std::int64_t floats = usual_width(traits);
  return gemm.types().accumulate == Type::f64 ? floats / 2 : floats;
}

std::optional<Unsupported> check(const GemmProblem& gemm, const Values& values) {
  const GemmShape& shape = gemm.shape();
  const std::int64_t width = values.at("VECTOR_WIDTH");
  if (auto reason = check_power_of_two(values, "VECTOR_WIDTH")) return reason;
  if (shape.transpose_a || !shape.transpose_b) {
    return Unsupported{"METHOD=dots needs both matrices to lie along K: A as stored, B transposed"};
  }
  if (gemm.types().input == Type::i8 && shape.k > exact_products * width) {
    return Unsupported{fmt::format("METHOD=dots sums i8 exactly up to k = {}", exact_products * width)};
  }
  return std::nullopt;
}

bool suits(const GemmProblem& gemm, const Traits& traits) {
  const GemmShape& shape = gemm.shape();
  const bool exact = gemm.types().input != Type::i8 || shape.k <= 2 * exact_products;
  return !is_simt(traits) && shape.m <= most_rows && shape.transpose_b && !shape.transpose_a && exact;
}

/// Two thirds of the registers hold sums, the rest a vector of B per column and one of A. As much of K at a
/// time as leaves all rows of A in 32 KiB of first-level cache, all of it if that is less than twice as much.
Values defaults(const GemmProblem& gemm, const Traits& traits) {
  const std::int64_t sums = traits.native_vector_f32 >= 16 ? 24 : 8;
  const std::int64_t rows = divide_up(gemm.shape().m, divide_up(gemm.shape().m, sums / 3));
  const auto bytes = static_cast<std::int64_t>(size_bytes(gemm.types().input));
  const auto cached = static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(
      std::max<std::int64_t>(64, (32 << 10) / bytes / std::max<std::int64_t>(1, gemm.shape().m)))));
  return {{"VECTOR_WIDTH", vector_width(gemm, traits)},
          {"ROWS", rows},
          {"COLUMNS", std::clamp<std::int64_t>(sums / rows, 1, 8)},
          {"PREFETCH", traits.native_vector_f32 > 1 ? 1 : 0},
          {"AHEAD", 256},
          {"BLOCK_K", gemm.shape().k <= 2 * cached ? most_k : cached},
          {"GROUPS_PER_UNIT", 4}};
}

OrUnsupported<Plan> plan(const GemmProblem& gemm, const Traits& traits, const Values& values) {
  if (auto reason = check(gemm, values)) return *reason;
  const GemmShape& shape = gemm.shape();
  const std::int64_t wanted = std::max<std::int64_t>(1, traits.compute_units) * values.at("GROUPS_PER_UNIT");
  const std::int64_t batch_groups = std::min({shape.batch, wanted, most_in_grid});
  const std::int64_t columns = values.at("COLUMNS");
  const std::int64_t column_tiles = divide_up(shape.n, columns);
  const std::int64_t group_tiles =
      divide_up(column_tiles, std::min(column_tiles, divide_up(wanted, batch_groups)));
  Step step;
  step.source = "gemm/dots.cl";
  step.entry = "dots";
  step.constants = type_constants(gemm.types());
  for (const auto& [name, value] : values) {
    if (name != "GROUPS_PER_UNIT") step.constants.emplace_back(name, value);
  }
  step.groups = {static_cast<std::size_t>(divide_up(column_tiles, group_tiles)),
                 static_cast<std::size_t>(batch_groups), 1};
  for (std::int64_t tensor = 0; tensor < 3; ++tensor) step.arguments.push_back(tensor_argument(tensor));
  step.arguments.push_back(scratch_argument(0));
  for (const std::int64_t value : {shape.m, shape.n, shape.k, shape.batch, group_tiles * columns}) {
    step.arguments.push_back(integer_argument(value));
  }
  const bool waits = shape.k > values.at("BLOCK_K");
  const std::size_t scratch = waits ? step.groups[0] * step.groups[1] *
                                          static_cast<std::size_t>(group_tiles * columns * shape.m) *
                                          size_bytes(gemm.types().accumulate)
                                    : 64;  // unused, but an argument
  return Plan{{scratch}, {std::move(step)}};
}

/// Cycles per vector of B: for a tile of ROWS x COLUMNS, rows / ROWS rounded up times
///   max(ROWS·COLUMNS / 2, (ROWS + COLUMNS) / 2, 4) / COLUMNS
/// arithmetic, loads, latency. How far to look ahead and how many groups to make is not modelled: each step
/// away from the default (a factor of two) costs 1 %.
double cost_of(const GemmProblem& gemm, const Values& usual, const Values& values) {
  const double rows = real(values.at("ROWS"));
  const double columns = real(values.at("COLUMNS"));
  const double tile = std::max({rows * columns / 2, (rows + columns) / 2, 4.0}) / columns;
  Values around = values;
  for (const char* modelled : {"ROWS", "COLUMNS"}) around[modelled] = usual.at(modelled);
  return real(divide_up(gemm.shape().m, values.at("ROWS"))) * tile * distance_cost(usual, around);
}

std::vector<CandidateValues> candidates(const GemmProblem& gemm, const Traits& traits) {
  const Values usual = defaults(gemm, traits);
  const Core core = core_of(traits);
  const std::array choices{Choice{"ROWS", up_to({1, 2, 3, 4, 6, 8, 12, 16}, gemm.shape().m)},
                           Choice{"COLUMNS", up_to({1, 2, 3, 4, 6, 8, 12, 16}, gemm.shape().n)},
                           Choice{"AHEAD", {0, 128, 256, 512, 1024}},
                           Choice{"GROUPS_PER_UNIT", {1, 2, 4, 8, 16}},
                           Choice{"BLOCK_K", {usual.at("BLOCK_K"), 512, 1024, std::int64_t{1} << 30}}};
  std::vector<CandidateValues> made;
  for (Values& values : combinations(usual, choices)) {
    const std::int64_t rows = values.at("ROWS");
    const std::int64_t columns = values.at("COLUMNS");
    if (rows * columns + columns + 1 > core.registers) continue;
    // Either the tile or what is around it differs: variety instead of every combination.
    const bool same_tile = rows == usual.at("ROWS") && columns == usual.at("COLUMNS");
    const bool same_rest = values.at("AHEAD") == usual.at("AHEAD") &&
                           values.at("BLOCK_K") == usual.at("BLOCK_K") &&
                           values.at("GROUPS_PER_UNIT") == usual.at("GROUPS_PER_UNIT");
    if (!same_tile && !same_rest) continue;
    const double cost = cost_of(gemm, usual, values);
    made.push_back({std::move(values), cost});
  }
  return made;
}

}  // namespace

constinit const Method<GemmProblem> gemm_dots{.name = "dots",
                                              .suits = suits,
                                              .ranges = ranges,
                                              .defaults = defaults,
                                              .plan = plan,
                                              .candidates = candidates};

}  // namespace moat
