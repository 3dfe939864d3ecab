// The project's own GEMM kernels as plans: one work-item per output (naive); and portable, by one of five
// methods: packed for processors with vector registers and caches, dots (dots.cpp) for few rows on them,
// tiled for devices with many work-items and local memory, lanes (lanes.h) for those whose work-items
// exchange registers, matrices (matrices.h) for those that multiply small matrices at once. Pure functions of
// problem, traits and parameters; must not know adapters.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/error.h"
#include "kernels/gemm/candidates.h"
#include "kernels/gemm/dots.h"
#include "kernels/gemm/gemm.h"
#include "kernels/gemm/matrices.h"
#include "kernels/planning.h"
#include "kernels/product/grid.h"
#include "kernels/product/lanes.h"

namespace moat {
namespace {

// Values of parameter METHOD.
constexpr std::int64_t method_tiled = 0;
constexpr std::int64_t method_packed = 1;

const GemmProblem& as_gemm(const Problem& problem) {
  const auto* gemm = dynamic_cast<const GemmProblem*>(&problem);
  if (gemm == nullptr) throw UsageError("not a gemm problem: " + problem.key());
  return *gemm;
}

/// Bytes of what products are made of in packed.cl: as accumulated, but f32 for i8, which has the same size.
std::int64_t factor_bytes(const Types& types) {
  return static_cast<std::int64_t>(size_bytes(types.accumulate));
}

// -- Defaults
// --------------------------------------------------------------------------------------------------

Parameters naive_defaults(const Problem&, const Traits& traits) {
  const bool fits =
      traits.max_group_size >= 256 && traits.max_group_shape[0] >= 16 && traits.max_group_shape[1] >= 16;
  return fits ? Parameters{{"GROUP_X", 16}, {"GROUP_Y", 16}} : Parameters{{"GROUP_X", 1}, {"GROUP_Y", 1}};
}

/// Few rows of A: what is read of B is used only a few times.
bool is_thin(const GemmShape& shape) {
  return shape.m <= 6;
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
Parameters packed_defaults(const GemmProblem& gemm, const Traits& traits) {
  const bool is_double = gemm.types().accumulate == Type::f64;
  const std::int64_t floats = usual_width(traits);
  const std::int64_t width = is_double ? floats / 2 : floats;
  Parameters parameters{{"METHOD", method_packed},
                        {"VECTOR_WIDTH", width},
                        {"TILE_M", floats == 16 ? 12 : 6},
                        {"TILE_N", 2 * width},
                        {"PREFETCH", traits.native_vector_f32 > 1 ? 1 : 0},
                        {"DIRECT_B", reads_b_directly(gemm) ? 1 : 0},
                        {"A_PANELS", gemm.shape().transpose_a ? 4 : 1},
                        {"BLOCK_K", is_double ? 192 : 256},
                        {"BLOCK_N", floats == 16 ? (is_double ? 320 : 512) : (is_double ? 128 : 256)}};
  if (is_thin(gemm.shape()) && parameters["DIRECT_B"] == 1) {
    // One row of tiles, as wide as the registers allow; few steps at a time, so that B is read along its
    // rows.
    const std::int64_t most_rows = parameters["TILE_M"];
    parameters["TILE_M"] = gemm.shape().m;
    parameters["TILE_N"] = (4 * gemm.shape().m <= 2 * most_rows ? 4 : 2) * width;
    parameters["BLOCK_K"] = 64;
  }
  return parameters;
}

struct GroupTile {
  std::int64_t group;  // work-items per side
  std::int64_t tile;   // outputs per work-item and side
};

/// Elements of local memory of tiled.cl: panels of A and B, each row padded by one.
std::int64_t tiled_local_elements(std::int64_t rows, std::int64_t columns, std::int64_t block_k) {
  return (rows + 1 + columns + 1) * block_k;
}

/// 64 x 64 outputs per group of 256 work-items; 128 x 128 where that still gives every compute unit two
/// groups; smaller ones on devices whose groups or local memory hold no more.
Parameters tiled_defaults(const GemmProblem& gemm, const Traits& traits) {
  constexpr std::array<GroupTile, 6> choices{{{16, 8}, {16, 4}, {16, 2}, {8, 4}, {8, 1}, {1, 4}}};
  constexpr std::int64_t block_k = 16;
  const GemmShape& shape = gemm.shape();
  const std::int64_t large = divide_up(shape.m, 128) * divide_up(shape.n, 128) * shape.batch;
  const auto bytes = static_cast<std::int64_t>(size_bytes(gemm.types().accumulate));
  const bool takes_large = bytes < 8 && large >= 2 * static_cast<std::int64_t>(traits.compute_units);
  const auto suits = [&](const GroupTile& choice) {
    const std::int64_t side = choice.group * choice.tile;
    return (choice.tile != 8 || takes_large) && !group_excess(choice.group, choice.group, traits) &&
           !local_memory_excess(tiled_local_elements(side, side, block_k) * bytes, traits);
  };
  const auto* chosen = std::find_if(choices.begin(), choices.end(), suits);
  if (chosen == choices.end()) --chosen;  // the plan says what the device lacks
  return {{"METHOD", method_tiled}, {"GROUP_X", chosen->group}, {"GROUP_Y", chosen->group},
          {"TILE_M", chosen->tile}, {"TILE_N", chosen->tile},   {"BLOCK_K", block_k}};
}

/// By any method but matrices.
Parameters common_defaults(const GemmProblem& gemm, const Traits& traits) {
  if (prefers_lanes(traits)) return lanes_defaults(gemm.shape().m, gemm.shape().n, traits);
  if (is_simt(traits)) return tiled_defaults(gemm, traits);
  return suits_dots(gemm) ? dots_defaults(gemm, traits) : packed_defaults(gemm, traits);
}

Parameters portable_defaults(const Problem& problem, const Traits& traits) {
  const GemmProblem& gemm = as_gemm(problem);
  const GemmShape& shape = gemm.shape();
  return prefers_matrices(shape.m, shape.n, gemm.types(), traits)
             ? matrices_defaults(shape.m, shape.n, shape.batch, gemm.types(), traits)
             : common_defaults(gemm, traits);
}

// -- Rules
// -----------------------------------------------------------------------------------------------------

constexpr std::array naive_ranges{Range{"GROUP_X", 1, 1024}, Range{"GROUP_Y", 1, 1024}};
constexpr std::array packed_ranges{
    Range{"METHOD", 0, 1},    Range{"VECTOR_WIDTH", 2, 16}, Range{"TILE_M", 1, 32},
    Range{"TILE_N", 2, 64},   Range{"PREFETCH", 0, 1},      Range{"DIRECT_B", 0, 1},
    Range{"A_PANELS", 1, 16}, Range{"BLOCK_K", 16, 4096},   Range{"BLOCK_N", 2, 65536}};
constexpr std::array tiled_ranges{Range{"METHOD", 0, 1},     Range{"GROUP_X", 1, 1024},
                                  Range{"GROUP_Y", 1, 1024}, Range{"TILE_M", 1, 16},
                                  Range{"TILE_N", 1, 16},    Range{"BLOCK_K", 1, 256}};

// -- Plans
// -----------------------------------------------------------------------------------------------------

std::vector<std::pair<std::string, std::int64_t>> common_constants(const GemmProblem& gemm) {
  auto constants = type_constants(gemm.types());
  constants.emplace_back("TRANSPOSE_A", gemm.shape().transpose_a ? 1 : 0);
  constants.emplace_back("TRANSPOSE_B", gemm.shape().transpose_b ? 1 : 0);
  return constants;
}

/// One launch in which each group computes a block of `rows` x `columns` outputs; all but `parameters` is
/// common to the methods whose groups are a grid.
OrUnsupported<Plan> plan_blocks(const GemmProblem& gemm, std::string_view entry, const Parameters& parameters,
                                std::int64_t rows, std::int64_t columns) {
  const GemmShape& shape = gemm.shape();
  const std::int64_t column_groups = divide_up(shape.n, columns);
  const std::int64_t blocks = divide_up(shape.m, rows) * column_groups;
  if (blocks > most_in_first)
    return Unsupported{fmt::format("{} groups are more than {}", blocks, most_in_first)};
  Step step;
  step.source = fmt::format("gemm/{}.cl", entry);
  step.entry = entry;
  step.constants = common_constants(gemm);
  step.constants.insert(step.constants.end(), parameters.begin(), parameters.end());
  step.groups = {static_cast<std::size_t>(blocks),
                 static_cast<std::size_t>(std::min(shape.batch, most_in_grid)), 1};
  step.group_shape = {static_cast<std::size_t>(parameters.at("GROUP_X")),
                      static_cast<std::size_t>(parameters.at("GROUP_Y")), 1};
  for (std::int64_t tensor = 0; tensor < 3; ++tensor) step.arguments.push_back(tensor_argument(tensor));
  for (const std::int64_t value : {shape.m, shape.n, shape.k, shape.batch, column_groups}) {
    step.arguments.push_back(integer_argument(value));
  }
  return Plan{{}, {std::move(step)}};
}

OrUnsupported<Plan> plan_naive(const Problem& problem, const Traits& traits, const Parameters& parameters) {
  const GemmProblem& gemm = as_gemm(problem);
  if (auto reason = lack_of(gemm, traits)) return *reason;
  if (auto reason = break_of(naive_ranges, parameters)) return *reason;
  const std::int64_t x = parameters.at("GROUP_X");
  const std::int64_t y = parameters.at("GROUP_Y");
  if (auto reason = group_excess(x, y, traits)) return *reason;
  return plan_blocks(gemm, "naive", parameters, y, x);
}

OrUnsupported<Plan> plan_lanes(const GemmProblem& gemm, const Traits& traits, const Parameters& parameters) {
  if (auto reason = lanes_break(parameters, traits)) return *reason;
  return plan_blocks(gemm, "lanes", parameters, parameters.at("GROUP_Y") * parameters.at("TILE_M"),
                     parameters.at("GROUP_X") * parameters.at("TILE_N"));
}

OrUnsupported<Plan> plan_matrices(const GemmProblem& gemm, const Traits& traits,
                                  const Parameters& parameters) {
  if (auto reason = matrices_break(parameters, gemm.types(), traits)) return *reason;
  const MatrixTile tile = matrices_tile(parameters);
  return plan_blocks(gemm, "matrices", parameters, tile.rows, tile.columns);
}

OrUnsupported<Plan> plan_tiled(const GemmProblem& gemm, const Traits& traits, const Parameters& parameters) {
  if (auto reason = break_of(tiled_ranges, parameters)) return *reason;
  const std::int64_t x = parameters.at("GROUP_X");
  const std::int64_t y = parameters.at("GROUP_Y");
  if (auto reason = group_excess(x, y, traits)) return *reason;
  const std::int64_t rows = y * parameters.at("TILE_M");
  const std::int64_t columns = x * parameters.at("TILE_N");
  const std::int64_t local_bytes = tiled_local_elements(rows, columns, parameters.at("BLOCK_K")) *
                                   static_cast<std::int64_t>(size_bytes(gemm.types().accumulate));
  if (auto reason = local_memory_excess(local_bytes, traits)) return *reason;
  return plan_blocks(gemm, "tiled", parameters, rows, columns);
}

std::optional<Unsupported> packed_break(const GemmProblem& gemm, const Parameters& parameters) {
  if (auto reason = break_of(packed_ranges, parameters)) return reason;
  const std::int64_t width = parameters.at("VECTOR_WIDTH");
  if (auto reason = power_break(parameters, "VECTOR_WIDTH")) return reason;
  for (const auto& [name, unit] : {std::pair{"TILE_N", width}, {"BLOCK_N", parameters.at("TILE_N")}}) {
    if (parameters.at(name) % unit != 0) {
      return Unsupported{fmt::format("{}={} is no multiple of {}", name, parameters.at(name), unit)};
    }
  }
  if (gemm.shape().transpose_b && parameters.at("DIRECT_B") == 1) {
    return Unsupported{"DIRECT_B=1 needs rows of B to lie along N; here B is transposed"};
  }
  if (!gemm.shape().transpose_a && parameters.at("A_PANELS") != 1) {
    return Unsupported{
        fmt::format("A_PANELS={} needs a transposed A; here it is 1", parameters.at("A_PANELS"))};
  }
  // 1024 products of i8 sum to at most 2^24, exactly representable in f32.
  if (gemm.types().input == Type::i8 && parameters.at("BLOCK_K") > 1024) {
    return Unsupported{"BLOCK_K is at most 1024 for i8, whose sums must be exact in f32"};
  }
  return std::nullopt;
}

/// Elements, as laid out in packed.cl; whole pages, so that no two groups share a cache line.
std::int64_t packed_group_scratch(const GemmProblem& gemm, const GemmGrid& grid,
                                  const Parameters& parameters) {
  const std::int64_t width = parameters.at("VECTOR_WIDTH");
  const std::int64_t tile_m = parameters.at("TILE_M");
  const std::int64_t a_step = gemm.shape().transpose_a ? divide_up(tile_m, width) * width : tile_m;
  const std::int64_t panels_a = parameters.at("A_PANELS") * a_step;
  const bool partial_in_c = gemm.types().accumulate == gemm.types().output;
  const std::int64_t partial = partial_in_c ? 0 : grid.rows * grid.columns;
  return divide_up(parameters.at("BLOCK_K") * (grid.columns + panels_a) + partial, 1024) * 1024;
}

OrUnsupported<Plan> plan_packed(const GemmProblem& gemm, const Traits& traits, const Parameters& parameters) {
  if (auto reason = packed_break(gemm, parameters)) return *reason;
  const GemmShape& shape = gemm.shape();
  const bool direct = parameters.at("DIRECT_B") == 1;
  const GemmGrid grid =
      cut_gemm(shape.m, shape.n, shape.batch, std::max<std::int64_t>(1, traits.compute_units),
               {.tile_rows = parameters.at("TILE_M"),
                .tile_columns = parameters.at("TILE_N"),
                .most_rows = 16384,
                .most_columns = parameters.at("BLOCK_N"),
                .group_cost = 1,
                .a_panel_cost = 0.6,
                .b_panel_cost = direct ? 0.0 : 1.0});
  if (grid.groups() > most_in_first) return Unsupported{"more groups than the device counts"};
  const std::int64_t group_scratch = packed_group_scratch(gemm, grid, parameters);
  if (group_scratch > most_in_first) return Unsupported{"a group's scratch is beyond 32 bits"};

  Step step;
  step.source = "gemm/packed.cl";
  step.entry = "packed";
  step.constants = common_constants(gemm);
  for (const auto& [name, value] : parameters) {
    if (name != "METHOD" && name != "BLOCK_N") step.constants.emplace_back(name, value);
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

OrUnsupported<Plan> plan_portable(const Problem& problem, const Traits& traits,
                                  const Parameters& parameters) {
  const GemmProblem& gemm = as_gemm(problem);
  if (auto reason = lack_of(gemm, traits)) return *reason;
  const auto method = parameters.find("METHOD");
  if (method == parameters.end())
    return Unsupported{
        "parameter METHOD is missing: 0 is tiled, 1 is packed, 2 is dots, 3 is lanes, 4 is matrices"};
  if (method->second == method_matrices) return plan_matrices(gemm, traits, parameters);
  if (method->second == method_lanes) return plan_lanes(gemm, traits, parameters);
  if (method->second == method_dots) return plan_dots(gemm, traits, parameters);
  return method->second == method_packed ? plan_packed(gemm, traits, parameters)
                                         : plan_tiled(gemm, traits, parameters);
}

/// Appends `more` to `candidates`, in units of its cheapest: the models of two methods do not compare.
void add_in_own_units(std::vector<Candidate>& candidates, std::vector<Candidate> more) {
  const auto cheapest = std::min_element(
      more.begin(), more.end(), [](const Candidate& a, const Candidate& b) { return a.cost < b.cost; });
  if (cheapest == more.end()) return;
  const double unit = cheapest->cost;
  for (Candidate& candidate : more) {
    candidate.cost /= unit;
    candidates.push_back(std::move(candidate));
  }
}

std::vector<Candidate> portable_candidates(const Problem& problem, const Traits& traits) {
  const GemmProblem& gemm = as_gemm(problem);
  const GemmShape& shape = gemm.shape();
  std::vector<Candidate> candidates;
  add_in_own_units(candidates, gemm_candidates(gemm, traits, common_defaults(gemm, traits)));
  add_in_own_units(candidates, matrices_candidates(shape.m, shape.n, shape.batch, gemm.types(), traits));
  return candidates;
}

}  // namespace

std::span<const Implementation> gemm_implementations() {
  static const std::array implementations{
      Implementation{"naive", naive_defaults, in_device_language(plan_naive)},
      Implementation{"portable",
                     portable_defaults,
                     in_device_language(plan_portable),
                     portable_candidates,
                     {"m", "n", "k", "batch"}}};
  return implementations;
}

}  // namespace moat
