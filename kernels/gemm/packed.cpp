// Panels of both factors packed for caches and registers: processors with vectors.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kernels/gemm/methods.h"
#include "kernels/gemm/planning.h"
#include "kernels/product/grid.h"

namespace moat {
namespace {

constexpr std::array ranges{Range{"VECTOR_WIDTH", 2, 16}, Range{"TILE_M", 1, 32},    Range{"TILE_N", 2, 64},
                            Range{"PREFETCH", 0, 1},      Range{"DIRECT_B", 0, 1},   Range{"A_PANELS", 1, 16},
                            Range{"BLOCK_K", 16, 4096},   Range{"BLOCK_N", 2, 65536}};

/// Bytes of what products are made of in packed.cl: as accumulated, but f32 for i8, which has the same size.
std::int64_t factor_bytes(const Types& types) {
  return static_cast<std::int64_t>(size_bytes(types.accumulate));
}

/// Whether to read B where it lies: its rows are short and all of it stays in the second-level cache, or it
/// is not read again; and there is nothing to convert.
bool reads_b_directly(const GemmProblem& gemm) {
  const GemmShape& shape = gemm.shape();
  const Types types = gemm.types();
  if (is_thin(shape)) return !shape.transpose_b && types.input == types.accumulate;
  const auto row_bytes = shape.n * static_cast<std::int64_t>(size_bytes(types.input));
  return !shape.transpose_b && types.input == types.accumulate && row_bytes <= 2048 && shape.k <= 512;
}

/// Register tiles that leave room for a row of B and one element of A: 24 of AVX-512's 32 registers hold
/// sums, 12 of the 16 that AVX2 and SSE have. BLOCK_K: a panel of B and one of A fit into 48 KiB; BLOCK_N:
/// the panels of B take half of a second-level cache of 1 MiB (256 KiB of 512 KiB on narrower machines).
Values defaults(const GemmProblem& gemm, const Traits& traits) {
  const bool is_double = gemm.types().accumulate == Type::f64;
  const std::int64_t floats = usual_width(traits);
  const std::int64_t width = is_double ? floats / 2 : floats;
  Values values{{"VECTOR_WIDTH", width},
                {"TILE_M", floats == 16 ? 12 : 6},
                {"TILE_N", 2 * width},
                {"PREFETCH", traits.native_vector_f32 > 1 ? 1 : 0},
                {"DIRECT_B", reads_b_directly(gemm) ? 1 : 0},
                {"A_PANELS", gemm.shape().transpose_a ? 4 : 1},
                {"BLOCK_K", is_double ? 192 : 256},
                {"BLOCK_N", floats == 16 ? (is_double ? 320 : 512) : (is_double ? 128 : 256)}};
  if (is_thin(gemm.shape()) && values["DIRECT_B"] == 1) {
    // One row of tiles, as wide as the registers allow;
    // few steps at a time, so that B is read along its rows.
    const std::int64_t most_rows = values["TILE_M"];
    values["TILE_M"] = gemm.shape().m;
    values["TILE_N"] = (4 * gemm.shape().m <= 2 * most_rows ? 4 : 2) * width;
    values["BLOCK_K"] = 64;
  }
  return values;
}

std::optional<Unsupported> check(const GemmProblem& gemm, const Values& values) {
  const std::int64_t width = values.at("VECTOR_WIDTH");
  if (auto reason = check_power_of_two(values, "VECTOR_WIDTH")) return reason;
  for (const auto& [name, unit] : {std::pair{"TILE_N", width}, {"BLOCK_N", values.at("TILE_N")}}) {
    if (values.at(name) % unit != 0) {
      return Unsupported{fmt::format("{}={} is no multiple of {}", name, values.at(name), unit)};
    }
  }
  if (gemm.shape().transpose_b && values.at("DIRECT_B") == 1) {
    return Unsupported{"DIRECT_B=1 needs rows of B to lie along N; here B is transposed"};
  }
  if (!gemm.shape().transpose_a && values.at("A_PANELS") != 1) {
    return Unsupported{fmt::format("A_PANELS={} needs a transposed A; here it is 1", values.at("A_PANELS"))};
  }
  // 1024 products of i8 sum to at most 2^24, exactly representable in f32.
  if (gemm.types().input == Type::i8 && values.at("BLOCK_K") > 1024) {
    return Unsupported{"BLOCK_K is at most 1024 for i8, whose sums must be exact in f32"};
  }
  return std::nullopt;
}

/// Elements, as laid out in packed.cl; whole pages, so that no two groups share a cache line.
std::int64_t group_scratch_elements(const GemmProblem& gemm, const GemmGrid& grid, const Values& values) {
  const std::int64_t width = values.at("VECTOR_WIDTH");
  const std::int64_t tile_m = values.at("TILE_M");
  const std::int64_t a_step = gemm.shape().transpose_a ? divide_up(tile_m, width) * width : tile_m;
  const std::int64_t panels_a = values.at("A_PANELS") * a_step;
  const bool partial_in_c = gemm.types().accumulate == gemm.types().output;
  const std::int64_t partial = partial_in_c ? 0 : grid.rows * grid.columns;
  return divide_up(values.at("BLOCK_K") * (grid.columns + panels_a) + partial, 1024) * 1024;
}

OrUnsupported<Plan> plan(const GemmProblem& gemm, const Traits& traits, const Values& values) {
  if (auto reason = check(gemm, values)) return *reason;
  const GemmShape& shape = gemm.shape();
  const bool direct = values.at("DIRECT_B") == 1;
  const GemmGrid grid =
      cut_gemm(shape.m, shape.n, shape.batch, std::max<std::int64_t>(1, traits.compute_units),
               {.tile_rows = values.at("TILE_M"),
                .tile_columns = values.at("TILE_N"),
                .most_rows = 16384,
                .most_columns = values.at("BLOCK_N"),
                .group_cost = 1,
                .a_panel_cost = 0.6,
                .b_panel_cost = direct ? 0.0 : 1.0});
  if (grid.groups() > most_in_first) return Unsupported{"more groups than the device counts"};
  const std::int64_t group_scratch = group_scratch_elements(gemm, grid, values);
  if (group_scratch > most_in_first) return Unsupported{"a group's scratch is beyond 32 bits"};

  Step step;
  step.source = "gemm/packed.cl";
  step.entry = "packed";
  step.constants = common_constants(gemm);
  for (const auto& [name, value] : values) {
    if (name != "BLOCK_N") step.constants.emplace_back(name, value);
  }
  step.groups = {static_cast<std::size_t>(grid.row_groups * grid.column_groups),
                 static_cast<std::size_t>(grid.batch_groups), 1};
  for (std::int64_t tensor = 0; tensor < 3; ++tensor) step.arguments.push_back(tensor_argument(tensor));
  step.arguments.push_back(scratch_argument(0));
  for (const std::int64_t value :
       {shape.m, shape.n, shape.k, shape.batch, grid.rows, grid.columns, grid.column_groups, group_scratch}) {
    step.arguments.push_back(integer_argument(value));
  }
  return Plan{{static_cast<std::size_t>(grid.groups() * group_scratch * factor_bytes(gemm.types()))},
              {std::move(step)}};
}

std::vector<CandidateValues> candidates(const GemmProblem& gemm, const Traits& traits) {
  return packed_candidates(product_of(gemm), traits, defaults(gemm, traits));
}

}  // namespace

constinit const Method<GemmProblem> gemm_packed{.name = "packed",
                                                .suits = always_suits,
                                                .ranges = ranges,
                                                .defaults = defaults,
                                                .plan = plan,
                                                .candidates = candidates};

}  // namespace moat
