// The project's own convolution kernels as plans: one work-item per output (naive); and portable, by GEMM's
// methods, packed for processors with vector registers and caches, tiled for devices with local memory,
// lanes for those whose work-items exchange registers, or directly (direct.h). Pure functions of problem,
// traits and parameters; must not know adapters.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "kernels/convolution/candidates.h"
#include "kernels/convolution/convolution.h"
#include "kernels/convolution/direct.h"
#include "kernels/convolution/planning.h"
#include "kernels/planning.h"
#include "kernels/product/grid.h"
#include "kernels/product/lanes.h"

namespace moat {
namespace {

// Values of parameter METHOD.
constexpr std::int64_t method_tiled = 0;
constexpr std::int64_t method_packed = 1;

const ConvolutionProblem& as_convolution(const Problem& problem) {
  const auto* convolution = dynamic_cast<const ConvolutionProblem*>(&problem);
  if (convolution == nullptr) throw UsageError("not a convolution problem: " + problem.key());
  return *convolution;
}

// -- Defaults
// --------------------------------------------------------------------------------------------------

Parameters naive_defaults(const Problem&, const Traits& traits) {
  const bool fits =
      traits.max_group_size >= 256 && traits.max_group_shape[0] >= 16 && traits.max_group_shape[1] >= 16;
  return fits ? Parameters{{"GROUP_X", 16}, {"GROUP_Y", 16}} : Parameters{{"GROUP_X", 1}, {"GROUP_Y", 1}};
}

/// What a plane of the implicit product has: rows and columns of outputs of one image and group.
struct Plane {
  std::int64_t rows;
  std::int64_t columns;
};
Plane plane_of(const ConvolutionShape& shape, std::int64_t channels) {
  const std::int64_t pixels = shape.p() * shape.q();
  return shape.layout == Layout::nhwc ? Plane{pixels, channels} : Plane{channels, pixels};
}

std::int64_t tiled_local_bytes(const ConvolutionProblem& problem, const Parameters& parameters) {
  const std::int64_t rows = parameters.at("GROUP_Y") * parameters.at("TILE_M");
  const std::int64_t columns = parameters.at("GROUP_X") * parameters.at("TILE_N");
  return (rows + 1 + columns + 1) * parameters.at("BLOCK_K") *
         static_cast<std::int64_t>(size_bytes(problem.types().accumulate));
}

/// 64 x 64 outputs per group of 256 work-items; less across where there are few channels, 128 x 128 where
/// that still gives every compute unit two groups; less on devices whose groups or local memory hold no more.
Parameters tiled_defaults(const ConvolutionProblem& problem, const Traits& traits) {
  const ConvolutionShape& shape = problem.shape();
  const Plane plane = plane_of(shape, shape.group_k());
  const std::int64_t large =
      divide_up(plane.rows, 128) * divide_up(plane.columns, 128) * shape.n * shape.groups;
  const bool fills = large >= 2 * static_cast<std::int64_t>(traits.compute_units);
  const auto tile = [&](std::int64_t extent) {
    return extent <= 16 ? 1 : extent <= 32 ? 2 : extent > 64 && fills ? 8 : 4;
  };
  Parameters parameters{
      {"METHOD", method_tiled},        {"GROUP_X", 16}, {"GROUP_Y", 16}, {"TILE_M", tile(plane.rows)},
      {"TILE_N", tile(plane.columns)}, {"BLOCK_K", 16}};
  constexpr std::array sides{"GROUP_Y", "GROUP_X"};
  shrink_to_group(parameters, sides, traits);
  constexpr std::array names{Least{"TILE_M", 4}, Least{"TILE_N", 4}, Least{"BLOCK_K", 4}, Least{"TILE_M", 1},
                             Least{"TILE_N", 1}};
  shrink_to_local_memory(
      parameters, names, [&](const Parameters& tried) { return tiled_local_bytes(problem, tried); }, traits);
  return parameters;
}

/// GEMM's register tile and blocks (kernels/gemm/portable.cpp). In NCHW few output channels make it flat and
/// wide.
Parameters packed_defaults(const ConvolutionProblem& problem, const Traits& traits) {
  const std::int64_t width = usual_width(traits);
  const ConvolutionShape& shape = problem.shape();
  const std::int64_t rows = plane_of(shape, shape.group_k()).rows;
  const std::int64_t columns = shape.layout == Layout::nhwc && shape.group_k() <= width ? width : 2 * width;
  return {{"METHOD", method_packed},
          {"VECTOR_WIDTH", width},
          {"TILE_M", std::min<std::int64_t>(rows, width == 16 ? 12 : 6)},
          {"TILE_N", rows <= 2 ? 4 * width : columns},
          {"PREFETCH", traits.native_vector_f32 > 1 ? 1 : 0},
          {"BLOCK_K", 256},
          {"BLOCK_N", width == 16 ? 512 : 256}};
}

Parameters portable_defaults(const Problem& any, const Traits& traits) {
  const ConvolutionProblem& problem = as_convolution(any);
  if (prefers_lanes(traits)) {
    const Plane plane = plane_of(problem.shape(), problem.shape().group_k());
    return lanes_defaults(plane.rows, plane.columns, traits);
  }
  if (is_simt(traits)) return tiled_defaults(problem, traits);
  return suits_direct(problem, traits) ? direct_defaults(problem, traits) : packed_defaults(problem, traits);
}

// -- Rules
// -----------------------------------------------------------------------------------------------------

constexpr std::array naive_ranges{Range{"GROUP_X", 1, 1024}, Range{"GROUP_Y", 1, 1024}};
constexpr std::array packed_ranges{
    Range{"METHOD", 0, 2},   Range{"VECTOR_WIDTH", 2, 16}, Range{"TILE_M", 1, 32},    Range{"TILE_N", 2, 128},
    Range{"PREFETCH", 0, 1}, Range{"BLOCK_K", 16, 4096},   Range{"BLOCK_N", 2, 65536}};
constexpr std::array tiled_ranges{Range{"METHOD", 0, 2},     Range{"GROUP_X", 1, 1024},
                                  Range{"GROUP_Y", 1, 1024}, Range{"TILE_M", 1, 16},
                                  Range{"TILE_N", 1, 16},    Range{"BLOCK_K", 1, 256}};

// -- Plans
// -----------------------------------------------------------------------------------------------------

/// One launch in which each group computes a block of `rows` x `columns` of `plane`, for each of `entries` in
/// turn.
OrUnsupported<Plan> plan_blocks(const ConvolutionProblem& problem, std::string_view entry,
                                const Parameters& parameters, const Plane& plane, std::int64_t entries,
                                std::int64_t rows, std::int64_t columns) {
  const std::int64_t column_groups = divide_up(plane.columns, columns);
  const std::int64_t blocks = divide_up(plane.rows, rows) * column_groups;
  if (blocks > most_in_first)
    return Unsupported{fmt::format("{} groups are more than {}", blocks, most_in_first)};
  Step step;
  step.source = fmt::format("convolution/{}.cl", entry);
  step.entry = entry;
  step.constants = common_constants(problem);
  step.constants.insert(step.constants.end(), parameters.begin(), parameters.end());
  step.groups = {static_cast<std::size_t>(blocks), static_cast<std::size_t>(std::min(entries, most_in_grid)),
                 1};
  step.group_shape = {static_cast<std::size_t>(parameters.at("GROUP_X")),
                      static_cast<std::size_t>(parameters.at("GROUP_Y")), 1};
  step.arguments = shape_arguments(problem.shape(), {});
  step.arguments.push_back(integer_argument(column_groups));
  return Plan{{}, {std::move(step)}};
}

OrUnsupported<Plan> plan_naive(const Problem& any, const Traits& traits, const Parameters& parameters) {
  const ConvolutionProblem& problem = as_convolution(any);
  if (auto reason = lack_of(problem, traits)) return *reason;
  if (auto reason = break_of(naive_ranges, parameters)) return *reason;
  const std::int64_t x = parameters.at("GROUP_X");
  const std::int64_t y = parameters.at("GROUP_Y");
  if (auto reason = group_excess(x, y, traits)) return *reason;
  const ConvolutionShape& shape = problem.shape();
  return plan_blocks(problem, "naive", parameters, plane_of(shape, shape.k), shape.n, y, x);
}

OrUnsupported<Plan> plan_tiled(const ConvolutionProblem& problem, const Traits& traits,
                               const Parameters& parameters) {
  if (auto reason = break_of(tiled_ranges, parameters)) return *reason;
  const std::int64_t x = parameters.at("GROUP_X");
  const std::int64_t y = parameters.at("GROUP_Y");
  if (auto reason = group_excess(x, y, traits)) return *reason;
  const std::int64_t rows = y * parameters.at("TILE_M");
  const std::int64_t columns = x * parameters.at("TILE_N");
  if (auto reason = local_memory_excess(tiled_local_bytes(problem, parameters), traits)) return *reason;
  const ConvolutionShape& shape = problem.shape();
  return plan_blocks(problem, "tiled", parameters, plane_of(shape, shape.group_k()), shape.n * shape.groups,
                     rows, columns);
}

OrUnsupported<Plan> plan_lanes(const ConvolutionProblem& problem, const Traits& traits,
                               const Parameters& parameters) {
  if (auto reason = lanes_break(parameters, traits)) return *reason;
  const ConvolutionShape& shape = problem.shape();
  return plan_blocks(problem, "lanes", parameters, plane_of(shape, shape.group_k()), shape.n * shape.groups,
                     parameters.at("GROUP_Y") * parameters.at("TILE_M"),
                     parameters.at("GROUP_X") * parameters.at("TILE_N"));
}

std::optional<Unsupported> packed_break(const ConvolutionProblem& problem, const Parameters& parameters) {
  if (auto reason = break_of(packed_ranges, parameters)) return reason;
  const std::int64_t width = parameters.at("VECTOR_WIDTH");
  if (auto reason = power_break(parameters, "VECTOR_WIDTH")) return reason;
  for (const auto& [name, unit] : {std::pair{"TILE_N", width}, {"BLOCK_N", parameters.at("TILE_N")}}) {
    if (parameters.at(name) % unit != 0) {
      return Unsupported{fmt::format("{}={} is no multiple of {}", name, parameters.at(name), unit)};
    }
  }
  if (problem.types().input == Type::i8 && parameters.at("BLOCK_K") > exact_products) {
    return Unsupported{
        fmt::format("BLOCK_K is at most {} for i8, whose sums must be exact in f32", exact_products)};
  }
  return std::nullopt;
}

/// Whether a pixel's patch is a pixel, so that the implicit product is one of the stored tensors.
bool is_plain(const ConvolutionShape& s) {
  return s.r == 1 && s.s == 1 && s.stride == Extent{1, 1} && s.pad == Extent{0, 0};
}

/// Elements of a group's scratch as laid out in packed.cl and pixels.cl; whole pages, so that no two groups
/// share a cache line.
OrUnsupported<std::int64_t> packed_group_scratch(const ConvolutionProblem& problem, const GemmGrid& grid,
                                                 bool merged, const Parameters& parameters) {
  const ConvolutionShape& s = problem.shape();
  const bool nhwc = s.layout == Layout::nhwc;
  const std::int64_t width = parameters.at("VECTOR_WIDTH");
  const std::int64_t block_k = parameters.at("BLOCK_K");
  const std::int64_t panels = block_k * (grid.columns + parameters.at("TILE_M")) + width;
  const bool in_output = (nhwc || !merged) && problem.types().accumulate == problem.types().output;
  const std::int64_t partial = in_output ? 0 : grid.rows * grid.columns;
  const std::int64_t images = merged ? std::min(s.n, (grid.columns - 1) / (s.p() * s.q()) + 2) : 1;
  const double stage =
      nhwc || is_plain(s) ? 0 : stage_elements(s, images, grid.columns, block_k) + static_cast<double>(width);
  return whole_pages(stage + static_cast<double>(panels + partial + s.r * s.s));
}

/// The product's rectangles. Output channels are its rows, or (NHWC) columns; pixels are counted over all
/// images, save in NCHW where a rectangle would not span several.
OrUnsupported<Plan> plan_packed(const ConvolutionProblem& problem, const Traits& traits,
                                const Parameters& parameters) {
  if (auto reason = packed_break(problem, parameters)) return *reason;
  const ConvolutionShape& s = problem.shape();
  const bool nhwc = s.layout == Layout::nhwc;
  const std::int64_t image_pixels = s.p() * s.q();
  const bool merged = nhwc || (s.n > 1 && image_pixels < parameters.at("BLOCK_N"));
  const std::int64_t pixels = merged ? s.n * image_pixels : image_pixels;
  const GemmGrid grid =
      cut_gemm(nhwc ? pixels : s.group_k(), nhwc ? s.group_k() : pixels, merged ? s.groups : s.n * s.groups,
               std::max<std::int64_t>(1, traits.compute_units),
               {.tile_rows = parameters.at("TILE_M"),
                .tile_columns = parameters.at("TILE_N"),
                .most_rows = 16384,
                .most_columns = parameters.at("BLOCK_N"),
                .group_cost = 1,
                .a_panel_cost = 0.6,
                .b_panel_cost = 1.0});
  const OrUnsupported<std::int64_t> scratch_elements =
      packed_group_scratch(problem, grid, merged, parameters);
  if (const auto* reason = std::get_if<Unsupported>(&scratch_elements)) return *reason;
  const auto group_scratch = std::get<std::int64_t>(scratch_elements);
  if (grid.groups() > most_in_first) return Unsupported{"more groups than 32 bits count"};
  Step step;
  step.source = nhwc ? "convolution/pixels.cl" : "convolution/packed.cl";
  step.entry = nhwc ? "pixels" : "packed";
  step.constants = common_constants(problem);
  for (const auto& [name, value] : parameters) {
    if (name != "METHOD" && name != "BLOCK_N") step.constants.emplace_back(name, value);
  }
  for (const auto& [name, value] :
       {std::pair{"TRANSPOSE_A", 0}, {"TRANSPOSE_B", nhwc ? 1 : 0}, {"DIRECT_B", 0}, {"A_PANELS", 1}}) {
    step.constants.emplace_back(name, value);
  }
  step.groups = {static_cast<std::size_t>(grid.row_groups * grid.column_groups),
                 static_cast<std::size_t>(grid.batch_groups), 1};
  const std::array scratch{scratch_argument(0)};
  step.arguments = shape_arguments(s, scratch);
  if (!nhwc) {
    step.constants.emplace_back("PLAIN", is_plain(s) ? 1 : 0);
    step.arguments.push_back(integer_argument(merged ? 1 : 0));
  }
  for (const std::int64_t value : {grid.rows, grid.columns, grid.column_groups, group_scratch}) {
    step.arguments.push_back(integer_argument(value));
  }
  const auto element = static_cast<std::int64_t>(size_bytes(problem.types().accumulate));
  return Plan{{static_cast<std::size_t>(grid.groups() * group_scratch * element)}, {std::move(step)}};
}

OrUnsupported<Plan> plan_portable(const Problem& any, const Traits& traits, const Parameters& parameters) {
  const ConvolutionProblem& problem = as_convolution(any);
  if (auto reason = lack_of(problem, traits)) return *reason;
  const auto method = parameters.find("METHOD");
  if (method == parameters.end()) {
    return Unsupported{"parameter METHOD is missing: 0 is tiled, 1 is packed, 2 is direct, 3 is lanes"};
  }
  if (method->second == method_lanes) return plan_lanes(problem, traits, parameters);
  if (method->second == method_direct) return plan_direct(problem, traits, parameters);
  return method->second == method_packed ? plan_packed(problem, traits, parameters)
                                         : plan_tiled(problem, traits, parameters);
}

std::vector<Candidate> portable_candidates(const Problem& problem, const Traits& traits) {
  return convolution_candidates(as_convolution(problem), traits, portable_defaults(problem, traits));
}

}  // namespace

std::span<const Implementation> convolution_implementations() {
  static const std::array implementations{
      Implementation{"naive", naive_defaults, in_device_language(plan_naive)},
      Implementation{"portable",
                     portable_defaults,
                     in_device_language(plan_portable),
                     portable_candidates,
                     {"n", "c", "h", "w", "k"}}};
  return implementations;
}

}  // namespace moat
