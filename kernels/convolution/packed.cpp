// An implicit product of panels packed for caches and registers: processors with vectors.
// NCHW: packed.cl; NHWC: pixels.cl.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kernels/convolution/methods.h"
#include "kernels/convolution/planning.h"
#include "kernels/product/grid.h"

namespace moat {
namespace {

constexpr std::array ranges{Range{"VECTOR_WIDTH", 2, 16}, Range{"TILE_M", 1, 32},
                            Range{"TILE_N", 2, 128},      Range{"PREFETCH", 0, 1},
                            Range{"BLOCK_K", 16, 4096},   Range{"BLOCK_N", 2, 65536}};

/// GEMM's register tile and blocks (kernels/gemm/packed.cpp).
/// In NCHW few output channels make it flat and wide.
Values defaults(const ConvolutionProblem& problem, const Traits& traits) {
  const std::int64_t width = usual_width(traits);
  const ConvolutionShape& shape = problem.shape();
  const std::int64_t rows = plane_of(shape, shape.group_k()).rows;
  const std::int64_t columns = shape.layout == Layout::nhwc && shape.group_k() <= width ? width : 2 * width;
  return {{"VECTOR_WIDTH", width},
          {"TILE_M", std::min<std::int64_t>(rows, width == 16 ? 12 : 6)},
          {"TILE_N", rows <= 2 ? 4 * width : columns},
          {"PREFETCH", traits.native_vector_f32 > 1 ? 1 : 0},
          {"BLOCK_K", 256},
          {"BLOCK_N", width == 16 ? 512 : 256}};
}

std::optional<Unsupported> check(const ConvolutionProblem& problem, const Values& values) {
  const std::int64_t width = values.at("VECTOR_WIDTH");
  if (auto reason = check_power_of_two(values, "VECTOR_WIDTH")) return reason;
  for (const auto& [name, unit] : {std::pair{"TILE_N", width}, {"BLOCK_N", values.at("TILE_N")}}) {
    if (values.at(name) % unit != 0) {
      return Unsupported{fmt::format("{}={} is no multiple of {}", name, values.at(name), unit)};
    }
  }
  if (problem.types().input == Type::i8 && values.at("BLOCK_K") > exact_products) {
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
OrUnsupported<std::int64_t> group_scratch_elements(const ConvolutionProblem& problem, const GemmGrid& grid,
                                                   bool merged, const Values& values) {
  const ConvolutionShape& s = problem.shape();
  const bool nhwc = s.layout == Layout::nhwc;
  const std::int64_t width = values.at("VECTOR_WIDTH");
  const std::int64_t block_k = values.at("BLOCK_K");
  const std::int64_t panels = block_k * (grid.columns + values.at("TILE_M")) + width;
  const bool in_output = (nhwc || !merged) && problem.types().accumulate == problem.types().output;
  const std::int64_t partial = in_output ? 0 : grid.rows * grid.columns;
  const std::int64_t images = merged ? std::min(s.n, (grid.columns - 1) / (s.p() * s.q()) + 2) : 1;
  const double stage =
      nhwc || is_plain(s) ? 0 : stage_elements(s, images, grid.columns, block_k) + static_cast<double>(width);
  return whole_pages(stage + static_cast<double>(panels + partial + s.r * s.s));
}

/// The product's rectangles. Output channels are its rows, or (NHWC) columns; pixels are counted over all
/// images, save in NCHW where a rectangle would not span several.
OrUnsupported<Plan> plan(const ConvolutionProblem& problem, const Traits& traits, const Values& values) {
  if (auto reason = check(problem, values)) return *reason;
  const ConvolutionShape& s = problem.shape();
  const bool nhwc = s.layout == Layout::nhwc;
  const std::int64_t image_pixels = s.p() * s.q();
  const bool merged = nhwc || (s.n > 1 && image_pixels < values.at("BLOCK_N"));
  const std::int64_t pixels = merged ? s.n * image_pixels : image_pixels;
  const GemmGrid grid =
      cut_gemm(nhwc ? pixels : s.group_k(), nhwc ? s.group_k() : pixels, merged ? s.groups : s.n * s.groups,
               std::max<std::int64_t>(1, traits.compute_units),
               {.tile_rows = values.at("TILE_M"),
                .tile_columns = values.at("TILE_N"),
                .most_rows = 16384,
                .most_columns = values.at("BLOCK_N"),
                .group_cost = 1,
                .a_panel_cost = 0.6,
                .b_panel_cost = 1.0});
  const OrUnsupported<std::int64_t> scratch_elements = group_scratch_elements(problem, grid, merged, values);
  if (const auto* reason = std::get_if<Unsupported>(&scratch_elements)) return *reason;
  const auto group_scratch = std::get<std::int64_t>(scratch_elements);
  if (grid.groups() > most_in_first) return Unsupported{"more groups than 32 bits count"};
  Step step;
  step.source = nhwc ? "convolution/pixels.cl" : "convolution/packed.cl";
  step.entry = nhwc ? "pixels" : "packed";
  step.constants = common_constants(problem);
  for (const auto& [name, value] : values) {
    if (name != "BLOCK_N") step.constants.emplace_back(name, value);
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

std::vector<CandidateValues> candidates(const ConvolutionProblem& problem, const Traits& traits) {
  const ConvolutionShape& s = problem.shape();
  const Values usual = defaults(problem, traits);
  // As in `plan`: rectangles run over the pixels of all images where one has few.
  const bool merged = s.layout == Layout::nhwc || s.p() * s.q() < usual.at("BLOCK_N");
  return packed_candidates(product_of(problem, merged ? s.n : 1), traits, usual);
}

}  // namespace

constinit const Method<ConvolutionProblem> convolution_packed{.name = "packed",
                                                              .suits = always_suits,
                                                              .ranges = ranges,
                                                              .defaults = defaults,
                                                              .plan = plan,
                                                              .candidates = candidates};

}  // namespace moat
