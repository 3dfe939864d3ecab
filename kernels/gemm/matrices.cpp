// Small matrices that a subgroup multiplies at once (matrices.glsl): shaders on devices that offer it.
#include "kernels/gemm/matrices.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kernels/gemm/methods.h"
#include "kernels/gemm/planning.h"

namespace moat {
namespace {

constexpr std::int64_t most_sums = 128;  // of a work-item: beyond, registers spill everywhere

constexpr std::array ranges{Range{"GROUP_X", 1, 128}, Range{"GROUP_Y", 1, 32}, Range{"ACROSS", 1, 32},
                            Range{"TILE_M", 1, 16},   Range{"TILE_N", 1, 16},  Range{"BLOCK_K", 4, 256},
                            Range{"SHAPE_M", 4, 64},  Range{"SHAPE_N", 4, 64}, Range{"SHAPE_K", 4, 64}};

/// Sides for which the shader's local memory is aligned as loads want it: powers of two in its ranges.
bool is_usable(const MatrixShape& shape) {
  const std::array sides{shape.m, shape.n, shape.k};
  return std::all_of(sides.begin(), sides.end(),
                     [](std::uint32_t side) { return side >= 4 && side <= 64 && (side & (side - 1)) == 0; });
}

bool has_storage(Type input, const Traits& traits) {
  return size_bytes(input) == 1 ? traits.has_8_bit_storage : traits.has_16_bit_storage;
}

std::int64_t elements(const MatrixShape& shape) {
  return std::int64_t{shape.m} * shape.n * shape.k;
}

bool is_same(const MatrixShape& a, const MatrixShape& b) {
  return a.m == b.m && a.n == b.n && a.k == b.k;
}

}  // namespace

std::vector<MatrixShape> usable_shapes(const Types& types, const Traits& traits) {
  if (traits.language != Language::glsl || traits.subgroup_size < 2 || !has_storage(types.input, traits)) {
    return {};
  }
  std::vector<MatrixShape> shapes;
  for (const MatrixShape& shape : traits.matrix_shapes) {
    const bool fits = shape.input == types.input && shape.accumulate == types.accumulate &&
                      is_usable(shape) && is_built(shape.extension);
    const auto known = std::find_if(shapes.begin(), shapes.end(),
                                    [&](const MatrixShape& other) { return is_same(shape, other); });
    if (fits && known == shapes.end()) shapes.push_back(shape);
  }
  std::stable_sort(shapes.begin(), shapes.end(),
                   [](const MatrixShape& a, const MatrixShape& b) { return elements(a) > elements(b); });
  return shapes;
}

namespace {

/// Outputs of a group.
struct MatrixTile {
  std::int64_t rows = 1;
  std::int64_t columns = 1;
};

MatrixTile tile_of(const Values& values) {
  const std::int64_t across = values.at("ACROSS");
  return {values.at("GROUP_Y") / across * values.at("TILE_M") * values.at("SHAPE_M"),
          across * values.at("TILE_N") * values.at("SHAPE_N")};
}

/// As matrices.glsl declares it:
/// slabs of both factors, padded by 16 bytes, and one matrix of sums per subgroup.
std::int64_t local_bytes(const Values& values, const Types& types) {
  const MatrixTile tile = tile_of(values);
  const auto element = static_cast<std::int64_t>(size_bytes(types.input));
  const auto sum = static_cast<std::int64_t>(size_bytes(types.accumulate));
  const std::int64_t block = values.at("BLOCK_K");
  return tile.rows * (block * element + 16) + block * (tile.columns * element + 16) +
         values.at("GROUP_Y") * values.at("SHAPE_M") * values.at("SHAPE_N") * sum;
}

std::int64_t sums_of_item(const Values& values) {
  return values.at("TILE_M") * values.at("SHAPE_M") * values.at("TILE_N") * values.at("SHAPE_N") /
         values.at("GROUP_X");
}

std::string words(const MatrixShape& shape) {
  return fmt::format("{}x{}x{}", shape.m, shape.n, shape.k);
}

std::optional<Unsupported> check_shape(const Values& values, const Types& types, const Traits& traits) {
  const std::vector<MatrixShape> shapes = usable_shapes(types, traits);
  if (shapes.empty()) {
    return Unsupported{
        fmt::format("METHOD=matrices is for shaders on devices that multiply matrices of {}, by an extension "
                    "this build knows",
                    name(types.input))};
  }
  const std::array sizes{values.at("SHAPE_M"), values.at("SHAPE_N"), values.at("SHAPE_K")};
  std::string all;
  for (const MatrixShape& shape : shapes) {
    if (sizes == std::array<std::int64_t, 3>{shape.m, shape.n, shape.k}) return std::nullopt;
    all += (all.empty() ? "" : ", ") + words(shape);
  }
  return Unsupported{
      fmt::format("matrices of {}x{}x{} are none of the device's: {}", sizes[0], sizes[1], sizes[2], all)};
}

/// `subgroups`, `across` of them side by side, each with about `side` x `side` outputs.
Values values_of(const MatrixShape& shape, std::int64_t subgroups, std::int64_t across, std::int64_t side,
                 const Traits& traits) {
  return {{"GROUP_X", static_cast<std::int64_t>(traits.subgroup_size)},
          {"GROUP_Y", subgroups},
          {"ACROSS", across},
          {"TILE_M", std::max<std::int64_t>(1, side / shape.m)},
          {"TILE_N", std::max<std::int64_t>(1, side / shape.n)},
          {"BLOCK_K", std::max<std::int64_t>(32, shape.k)},
          {"SHAPE_M", shape.m},
          {"SHAPE_N", shape.n},
          {"SHAPE_K", shape.k}};
}

std::int64_t groups_of(const GemmShape& s, const Values& values) {
  const MatrixTile tile = tile_of(values);
  return divide_up(s.m, tile.rows) * divide_up(s.n, tile.columns) * s.batch;
}

/// Times of one product of matrices for each of a subgroup's, over all groups, on units that keep one group:
///   rounds · GROUP_Y · TILE_M·TILE_N·[ 1 + 1/TILE_M + 1/TILE_N + 16·(1/rows + 1/columns) ] · elements
/// the terms: arithmetic, reading local memory, filling it element by element; where a group has fewer than
/// four subgroups, a unit's arithmetic waits.
double cost_of(const GemmShape& shape, const Values& values, const Traits& traits) {
  const MatrixTile tile = tile_of(values);
  const double tile_m = real(values.at("TILE_M"));
  const double tile_n = real(values.at("TILE_N"));
  const std::int64_t units = std::max<std::int64_t>(1, traits.compute_units);
  const double rounds = real(divide_up(groups_of(shape, values), units));
  const double subgroups = std::max(4.0, real(values.at("GROUP_Y")));
  const double outputs = tile_m * tile_n * real(values.at("SHAPE_M") * values.at("SHAPE_N"));
  return rounds * subgroups * outputs *
         (1 + 1 / tile_m + 1 / tile_n + 16 * (1 / real(tile.rows) + 1 / real(tile.columns)));
}

std::optional<Unsupported> check(const Values& values, const Types& types, const Traits& traits) {
  if (auto reason = check_shape(values, types, traits)) return reason;
  const std::int64_t lanes = values.at("GROUP_X");
  if (lanes != static_cast<std::int64_t>(traits.subgroup_size)) {
    return Unsupported{
        fmt::format("GROUP_X={} is not the device's subgroup, {}", lanes, traits.subgroup_size)};
  }
  for (const auto& [whole, part] : {std::pair{"GROUP_Y", "ACROSS"}, {"BLOCK_K", "SHAPE_K"}}) {
    if (values.at(whole) % values.at(part) != 0) {
      return Unsupported{
          fmt::format("{}={} is no multiple of {}={}", whole, values.at(whole), part, values.at(part))};
    }
  }
  if (const std::int64_t sums = sums_of_item(values); sums > most_sums) {
    return Unsupported{fmt::format("{} sums in a work-item are more than {}", sums, most_sums)};
  }
  if (auto reason = check_group(lanes, values.at("GROUP_Y"), traits)) return reason;
  return check_local_memory(local_bytes(values, types), traits);
}

/// On GPUs, where the outputs fill a matrix.
bool suits(const GemmProblem& gemm, const Traits& traits) {
  if (traits.kind == DeviceKind::cpu) return false;
  const std::vector<MatrixShape> shapes = usable_shapes(gemm.types(), traits);
  return !shapes.empty() && gemm.shape().m >= shapes.front().m && gemm.shape().n >= shapes.front().n;
}

Values defaults(const GemmProblem& gemm, const Traits& traits) {
  const std::vector<MatrixShape> shapes = usable_shapes(gemm.types(), traits);
  const MatrixShape shape = shapes.empty() ? MatrixShape{.m = 16, .n = 16, .k = 16} : shapes.front();
  // Of a group: 128 x 128 outputs where that gives every compute unit two groups, else 64 x 64.
  for (const std::int64_t side : {64, 32, 16}) {
    Values values = values_of(shape, 4, 2, side, traits);
    const bool fills =
        side <= 32 || groups_of(gemm.shape(), values) >= 2 * static_cast<std::int64_t>(traits.compute_units);
    if (fills && !check(values, gemm.types(), traits)) return values;
  }
  return values_of(shape, 1, 1, 16, traits);
}

OrUnsupported<Plan> plan(const GemmProblem& gemm, const Traits& traits, const Values& values) {
  if (auto reason = check(values, gemm.types(), traits)) return *reason;
  const MatrixTile tile = tile_of(values);
  OrUnsupported<Plan> made = plan_blocks(gemm, "matrices", values, tile.rows, tile.columns);
  constexpr double rounds_per_step = 2;
  return with_feature(in_parts_of_k(gemm, std::move(made), rounds_per_step, traits), "cooperative matrix");
}

/// Every usable shape in tiles of a subgroup's and a group's; on CPUs in one small tile.
std::vector<CandidateValues> candidates(const GemmProblem& gemm, const Traits& traits) {
  constexpr std::array<std::pair<std::int64_t, std::int64_t>, 6> groups{
      {{1, 1}, {2, 1}, {2, 2}, {4, 2}, {8, 2}, {8, 4}}};
  std::vector<CandidateValues> made;
  for (const MatrixShape& shape : usable_shapes(gemm.types(), traits)) {
    if (traits.kind == DeviceKind::cpu) {
      // Its driver makes loops of them, and takes longer to compile one than a search has for all.
      made.push_back({values_of(shape, 4, 2, 16, traits), 1});
      continue;
    }
    const std::array choices{Choice{"TILE_M", {1, 2, 4, 8}}, Choice{"TILE_N", {1, 2, 4, 8}},
                             Choice{"BLOCK_K", {16, 32, 64}}};
    for (const auto& [subgroups, across] : groups) {
      const Values base = values_of(shape, subgroups, across, 16, traits);
      for (Values& values : combinations(base, choices)) {
        if (check(values, gemm.types(), traits)) continue;
        const double cost = cost_of(gemm.shape(), values, traits);
        made.push_back({std::move(values), cost});
      }
    }
  }
  return made;
}

}  // namespace

constinit const Method<GemmProblem> gemm_matrices{.name = "matrices",
                                                  .suits = suits,
                                                  .ranges = ranges,
                                                  .defaults = defaults,
                                                  .plan = plan,
                                                  .candidates = candidates,
                                                  .is_tried_beside = true};

}  // namespace moat
