// Few rows: rules, defaults and the plan.
#include "kernels/gemm/dots.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "kernels/planning.h"

namespace moat {
namespace {

constexpr std::int64_t most_k = 1 << 30;  // of BLOCK_K: all of K at once

constexpr std::array dots_ranges{Range{"METHOD", 0, 2},        Range{"VECTOR_WIDTH", 2, 16},
                                 Range{"ROWS", 1, 16},         Range{"COLUMNS", 1, 16},
                                 Range{"PREFETCH", 0, 1},      Range{"AHEAD", 0, 4096},
                                 Range{"BLOCK_K", 16, most_k}, Range{"GROUPS_PER_UNIT", 1, 64}};
constexpr std::int64_t most_rows = 16;
// Products of i8 whose sum f32 holds exactly.
constexpr std::int64_t exact_products = 1024;

std::int64_t vector_width(const GemmProblem& gemm, const Traits& traits) {
  const std::int64_t floats = usual_width(traits);
  return gemm.types().accumulate == Type::f64 ? floats / 2 : floats;
}

std::optional<Unsupported> break_of_dots(const GemmProblem& gemm, const Parameters& parameters) {
  if (auto reason = break_of(dots_ranges, parameters)) return reason;
  const GemmShape& shape = gemm.shape();
  const std::int64_t width = parameters.at("VECTOR_WIDTH");
  if (auto reason = power_break(parameters, "VECTOR_WIDTH")) return reason;
  if (shape.transpose_a || !shape.transpose_b) {
    return Unsupported{"METHOD=2 needs both matrices to lie along K: A as stored, B transposed"};
  }
  if (gemm.types().input == Type::i8 && shape.k > exact_products * width) {
    return Unsupported{fmt::format("METHOD=2 sums i8 exactly up to k = {}", exact_products * width)};
  }
  return std::nullopt;
}

}  // namespace

bool suits_dots(const GemmProblem& gemm) {
  const GemmShape& shape = gemm.shape();
  const bool exact = gemm.types().input != Type::i8 || shape.k <= 2 * exact_products;
  return shape.m <= most_rows && shape.transpose_b && !shape.transpose_a && exact;
}

/// Two thirds of the registers hold sums, the rest a vector of B per column and one of A. As much of K at a
/// time as leaves all rows of A in 32 KiB of first-level cache, all of it if that is less than twice as much.
Parameters dots_defaults(const GemmProblem& gemm, const Traits& traits) {
  const std::int64_t sums = traits.native_vector_f32 >= 16 ? 24 : 8;
  const std::int64_t rows = divide_up(gemm.shape().m, divide_up(gemm.shape().m, sums / 3));
  const auto bytes = static_cast<std::int64_t>(size_bytes(gemm.types().input));
  const auto cached = static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(
      std::max<std::int64_t>(64, (32 << 10) / bytes / std::max<std::int64_t>(1, gemm.shape().m)))));
  return {{"METHOD", method_dots},
          {"VECTOR_WIDTH", vector_width(gemm, traits)},
          {"ROWS", rows},
          {"COLUMNS", std::clamp<std::int64_t>(sums / rows, 1, 8)},
          {"PREFETCH", traits.native_vector_f32 > 1 ? 1 : 0},
          {"AHEAD", 256},
          {"BLOCK_K", gemm.shape().k <= 2 * cached ? most_k : cached},
          {"GROUPS_PER_UNIT", 4}};
}

OrUnsupported<Plan> plan_dots(const GemmProblem& gemm, const Traits& traits, const Parameters& parameters) {
  if (auto reason = break_of_dots(gemm, parameters)) return *reason;
  const GemmShape& shape = gemm.shape();
  const std::int64_t wanted =
      std::max<std::int64_t>(1, traits.compute_units) * parameters.at("GROUPS_PER_UNIT");
  const std::int64_t batch_groups = std::min({shape.batch, wanted, most_in_grid});
  const std::int64_t columns = parameters.at("COLUMNS");
  const std::int64_t column_tiles = divide_up(shape.n, columns);
  const std::int64_t group_tiles =
      divide_up(column_tiles, std::min(column_tiles, divide_up(wanted, batch_groups)));
  Step step;
  step.source = "gemm/dots.cl";
  step.entry = "dots";
  step.constants = type_constants(gemm.types());
  for (const auto& [name, value] : parameters) {
    if (name != "METHOD" && name != "GROUPS_PER_UNIT") step.constants.emplace_back(name, value);
  }
  step.groups = {static_cast<std::size_t>(divide_up(column_tiles, group_tiles)),
                 static_cast<std::size_t>(batch_groups), 1};
  for (std::int64_t tensor = 0; tensor < 3; ++tensor) step.arguments.push_back(tensor_argument(tensor));
  step.arguments.push_back(scratch_argument(0));
  for (const std::int64_t value : {shape.m, shape.n, shape.k, shape.batch, group_tiles * columns}) {
    step.arguments.push_back(integer_argument(value));
  }
  const bool waits = shape.k > parameters.at("BLOCK_K");
  const std::size_t scratch = waits ? step.groups[0] * step.groups[1] *
                                          static_cast<std::size_t>(group_tiles * columns * shape.m) *
                                          size_bytes(gemm.types().accumulate)
                                    : 64;  // unused, but an argument
  return Plan{{scratch}, {std::move(step)}};
}

}  // namespace moat
