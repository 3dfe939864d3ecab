// Tiles of the method of matrices.
#include "kernels/gemm/matrices.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kernels/candidates.h"
#include "kernels/planning.h"

namespace moat {
namespace {

constexpr std::int64_t most_sums = 128;  // of a work-item: beyond, registers spill everywhere

constexpr std::array ranges{Range{"METHOD", method_matrices, method_matrices},
                            Range{"GROUP_X", 1, 128},
                            Range{"GROUP_Y", 1, 32},
                            Range{"ACROSS", 1, 32},
                            Range{"TILE_M", 1, 16},
                            Range{"TILE_N", 1, 16},
                            Range{"BLOCK_K", 4, 256},
                            Range{"SHAPE_M", 4, 64},
                            Range{"SHAPE_N", 4, 64},
                            Range{"SHAPE_K", 4, 64}};

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

/// As matrices.glsl declares it: slabs of both factors, padded by 16 bytes, and one matrix of sums per
/// subgroup.
std::int64_t local_bytes(const Parameters& parameters, const Types& types) {
  const MatrixTile tile = matrices_tile(parameters);
  const auto element = static_cast<std::int64_t>(size_bytes(types.input));
  const auto sum = static_cast<std::int64_t>(size_bytes(types.accumulate));
  const std::int64_t block = parameters.at("BLOCK_K");
  return tile.rows * (block * element + 16) + block * (tile.columns * element + 16) +
         parameters.at("GROUP_Y") * parameters.at("SHAPE_M") * parameters.at("SHAPE_N") * sum;
}

std::int64_t sums_of_item(const Parameters& parameters) {
  return parameters.at("TILE_M") * parameters.at("SHAPE_M") * parameters.at("TILE_N") *
         parameters.at("SHAPE_N") / parameters.at("GROUP_X");
}

std::string words(const MatrixShape& shape) {
  return fmt::format("{}x{}x{}", shape.m, shape.n, shape.k);
}

std::optional<Unsupported> shape_break(const Parameters& parameters, const Types& types,
                                       const Traits& traits) {
  const std::vector<MatrixShape> shapes = usable_shapes(types, traits);
  if (shapes.empty()) {
    return Unsupported{fmt::format(
        "METHOD=4 is for shaders on devices that multiply matrices of {}, by an extension this build knows",
        name(types.input))};
  }
  const std::array sizes{parameters.at("SHAPE_M"), parameters.at("SHAPE_N"), parameters.at("SHAPE_K")};
  std::string all;
  for (const MatrixShape& shape : shapes) {
    if (sizes == std::array<std::int64_t, 3>{shape.m, shape.n, shape.k}) return std::nullopt;
    all += (all.empty() ? "" : ", ") + words(shape);
  }
  return Unsupported{
      fmt::format("matrices of {}x{}x{} are none of the device's: {}", sizes[0], sizes[1], sizes[2], all)};
}

/// `subgroups`, `across` of them side by side, each with about `side` x `side` outputs.
Parameters parameters_of(const MatrixShape& shape, std::int64_t subgroups, std::int64_t across,
                         std::int64_t side, const Traits& traits) {
  return {{"METHOD", method_matrices},
          {"GROUP_X", static_cast<std::int64_t>(traits.subgroup_size)},
          {"GROUP_Y", subgroups},
          {"ACROSS", across},
          {"TILE_M", std::max<std::int64_t>(1, side / shape.m)},
          {"TILE_N", std::max<std::int64_t>(1, side / shape.n)},
          {"BLOCK_K", std::max<std::int64_t>(32, shape.k)},
          {"SHAPE_M", shape.m},
          {"SHAPE_N", shape.n},
          {"SHAPE_K", shape.k}};
}

std::int64_t groups_of(std::int64_t rows, std::int64_t columns, std::int64_t batch,
                       const Parameters& parameters) {
  const MatrixTile tile = matrices_tile(parameters);
  return divide_up(rows, tile.rows) * divide_up(columns, tile.columns) * batch;
}

/// Times of one product of matrices for each of a subgroup's, over all groups, on units that keep a group at
/// a time:
///   rounds · GROUP_Y · TILE_M·TILE_N·[ 1 + 1/TILE_M + 1/TILE_N + 16·(1/rows + 1/columns) ] · elements
/// the terms: arithmetic, reading local memory, filling it element by element; where a group has fewer than
/// four subgroups, a unit's arithmetic waits.
double cost_of(std::int64_t rows, std::int64_t columns, std::int64_t batch, const Parameters& parameters,
               const Traits& traits) {
  const auto real = [](std::int64_t value) { return static_cast<double>(value); };
  const MatrixTile tile = matrices_tile(parameters);
  const double tile_m = real(parameters.at("TILE_M"));
  const double tile_n = real(parameters.at("TILE_N"));
  const std::int64_t units = std::max<std::int64_t>(1, traits.compute_units);
  const double rounds = real(divide_up(groups_of(rows, columns, batch, parameters), units));
  const double subgroups = std::max(4.0, real(parameters.at("GROUP_Y")));
  const double outputs = tile_m * tile_n * real(parameters.at("SHAPE_M") * parameters.at("SHAPE_N"));
  return rounds * subgroups * outputs *
         (1 + 1 / tile_m + 1 / tile_n + 16 * (1 / real(tile.rows) + 1 / real(tile.columns)));
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

bool prefers_matrices(std::int64_t rows, std::int64_t columns, const Types& types, const Traits& traits) {
  if (traits.kind == DeviceKind::cpu) return false;
  const std::vector<MatrixShape> shapes = usable_shapes(types, traits);
  return !shapes.empty() && rows >= shapes.front().m && columns >= shapes.front().n;
}

Parameters matrices_defaults(std::int64_t rows, std::int64_t columns, std::int64_t batch, const Types& types,
                             const Traits& traits) {
  const MatrixShape shape = usable_shapes(types, traits).front();
  // Of a group: 128 x 128 outputs where that gives every compute unit two groups, else 64 x 64.
  for (const std::int64_t side : {64, 32, 16}) {
    Parameters parameters = parameters_of(shape, 4, 2, side, traits);
    const bool fills = side <= 32 || groups_of(rows, columns, batch, parameters) >=
                                         2 * static_cast<std::int64_t>(traits.compute_units);
    if (fills && !matrices_break(parameters, types, traits)) return parameters;
  }
  return parameters_of(shape, 1, 1, 16, traits);  // its plan says what the device lacks
}

MatrixTile matrices_tile(const Parameters& parameters) {
  const std::int64_t across = parameters.at("ACROSS");
  return {parameters.at("GROUP_Y") / across * parameters.at("TILE_M") * parameters.at("SHAPE_M"),
          across * parameters.at("TILE_N") * parameters.at("SHAPE_N")};
}

std::optional<Unsupported> matrices_break(const Parameters& parameters, const Types& types,
                                          const Traits& traits) {
  if (auto reason = break_of(ranges, parameters)) return reason;
  if (auto reason = shape_break(parameters, types, traits)) return reason;
  const std::int64_t lanes = parameters.at("GROUP_X");
  if (lanes != static_cast<std::int64_t>(traits.subgroup_size)) {
    return Unsupported{
        fmt::format("GROUP_X={} is not the device's subgroup, {}", lanes, traits.subgroup_size)};
  }
  for (const auto& [whole, part] : {std::pair{"GROUP_Y", "ACROSS"}, {"BLOCK_K", "SHAPE_K"}}) {
    if (parameters.at(whole) % parameters.at(part) != 0) {
      return Unsupported{fmt::format("{}={} is no multiple of {}={}", whole, parameters.at(whole), part,
                                     parameters.at(part))};
    }
  }
  if (const std::int64_t sums = sums_of_item(parameters); sums > most_sums) {
    return Unsupported{fmt::format("{} sums in a work-item are more than {}", sums, most_sums)};
  }
  if (auto reason = group_excess(lanes, parameters.at("GROUP_Y"), traits)) return reason;
  return local_memory_excess(local_bytes(parameters, types), traits);
}

std::vector<Candidate> matrices_candidates(std::int64_t rows, std::int64_t columns, std::int64_t batch,
                                           const Types& types, const Traits& traits) {
  constexpr std::array<std::pair<std::int64_t, std::int64_t>, 6> groups{
      {{1, 1}, {2, 1}, {2, 2}, {4, 2}, {8, 2}, {8, 4}}};
  std::vector<Candidate> candidates;
  for (const MatrixShape& shape : usable_shapes(types, traits)) {
    if (traits.kind == DeviceKind::cpu) {
      // Its driver makes loops of them, and takes longer to compile one than a search has for all.
      candidates.push_back({parameters_of(shape, 4, 2, 16, traits), 1});
      continue;
    }
    const std::array choices{Choice{"TILE_M", {1, 2, 4, 8}}, Choice{"TILE_N", {1, 2, 4, 8}},
                             Choice{"BLOCK_K", {16, 32, 64}}};
    for (const auto& [subgroups, across] : groups) {
      const Parameters base = parameters_of(shape, subgroups, across, 16, traits);
      for (Parameters& parameters : combinations(base, choices)) {
        if (matrices_break(parameters, types, traits)) continue;
        const double cost = cost_of(rows, columns, batch, parameters, traits);
        candidates.push_back({std::move(parameters), cost});
      }
    }
  }
  return candidates;
}

}  // namespace moat
