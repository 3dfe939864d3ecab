// An implicit product of tiles in local memory, for devices with many work-items.
#include <algorithm>
#include <array>

#include "kernels/convolution/methods.h"
#include "kernels/convolution/planning.h"
#include "kernels/product/parts.h"

namespace moat {
namespace {

constexpr std::array ranges{Range{"GROUP_X", 1, 1024}, Range{"GROUP_Y", 1, 1024}, Range{"TILE_M", 1, 16},
                            Range{"TILE_N", 1, 16}, Range{"BLOCK_K", 1, 256}};

bool suits(const ConvolutionProblem&, const Traits& traits) {
  return is_simt(traits);
}

std::int64_t local_bytes(const ConvolutionProblem& problem, const Values& values) {
  const std::int64_t rows = values.at("GROUP_Y") * values.at("TILE_M");
  const std::int64_t columns = values.at("GROUP_X") * values.at("TILE_N");
  return (rows + 1 + columns + 1) * values.at("BLOCK_K") *
         static_cast<std::int64_t>(size_bytes(problem.types().accumulate));
}

/// 64 x 64 outputs per group of 256 work-items; less across where there are few channels, 128 x 128 where
/// that still gives every compute unit two groups; less on devices whose groups or local memory hold no more.
Values defaults(const ConvolutionProblem& problem, const Traits& traits) {
  const ConvolutionShape& shape = problem.shape();
  const Plane plane = plane_of(shape, shape.group_k());
  const std::int64_t large =
      divide_up(plane.rows, 128) * divide_up(plane.columns, 128) * shape.n * shape.groups;
  const bool fills = large >= 2 * static_cast<std::int64_t>(traits.compute_units);
  const auto tile = [&](std::int64_t extent) {
    return extent <= 16 ? 1 : extent <= 32 ? 2 : extent > 64 && fills ? 8 : 4;
  };
  Values values{{"GROUP_X", 16},
                {"GROUP_Y", 16},
                {"TILE_M", tile(plane.rows)},
                {"TILE_N", tile(plane.columns)},
                {"BLOCK_K", 16}};
  constexpr std::array sides{"GROUP_Y", "GROUP_X"};
  shrink_to_group(values, sides, traits);
  constexpr std::array names{Least{"TILE_M", 4}, Least{"TILE_N", 4}, Least{"BLOCK_K", 4}, Least{"TILE_M", 1},
                             Least{"TILE_N", 1}};
  shrink_to_local_memory(
      values, names, [&](const Values& tried) { return local_bytes(problem, tried); }, traits);
  return values;
}

OrUnsupported<Plan> plan(const ConvolutionProblem& problem, const Traits& traits, const Values& values) {
  const std::int64_t x = values.at("GROUP_X");
  const std::int64_t y = values.at("GROUP_Y");
  if (auto reason = check_group(x, y, traits)) return *reason;
  const std::int64_t rows = y * values.at("TILE_M");
  const std::int64_t columns = x * values.at("TILE_N");
  if (auto reason = check_local_memory(local_bytes(problem, values), traits)) return *reason;
  const ConvolutionShape& shape = problem.shape();
  OrUnsupported<Plan> made = plan_blocks(problem, "tiled", values, plane_of(shape, shape.group_k()),
                                         shape.n * shape.groups, rows, columns);
  return in_parts_of_depth(problem, std::move(made), slab_rounds(values), traits);
}

std::vector<CandidateValues> candidates(const ConvolutionProblem& problem, const Traits& traits) {
  return tiled_candidates(product_of(problem, 1), traits, defaults(problem, traits));
}

}  // namespace

constinit const Method<ConvolutionProblem> convolution_tiled{.name = "tiled",
                                                             .suits = suits,
                                                             .ranges = ranges,
                                                             .defaults = defaults,
                                                             .plan = plan,
                                                             .candidates = candidates};

}  // namespace moat
