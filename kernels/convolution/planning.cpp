// Arguments, constants and sizes of scratch.
#include "kernels/convolution/planning.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "kernels/planning.h"
#include "kernels/product/parts.h"

namespace moat {

std::vector<Argument> shape_arguments(const ConvolutionShape& s, std::span<const Argument> after_tensors) {
  std::vector<Argument> arguments;
  arguments.reserve(32);
  for (std::int64_t tensor = 0; tensor < 3; ++tensor) arguments.push_back(tensor_argument(tensor));
  arguments.insert(arguments.end(), after_tensors.begin(), after_tensors.end());
  for (const std::int64_t value : {s.n, s.c, s.h, s.w, s.k, s.r, s.s, s.stride.h, s.stride.w, s.pad.h,
                                   s.pad.w, s.dilation.h, s.dilation.w, s.groups, s.p(), s.q()}) {
    arguments.push_back(integer_argument(value));
  }
  return arguments;
}

std::vector<std::pair<std::string, std::int64_t>> common_constants(const ConvolutionProblem& problem) {
  auto constants = type_constants(problem.types());
  constants.emplace_back("NHWC", problem.shape().layout == Layout::nhwc ? 1 : 0);
  return constants;
}

Plane plane_of(const ConvolutionShape& shape, std::int64_t channels) {
  const std::int64_t pixels = shape.p() * shape.q();
  return shape.layout == Layout::nhwc ? Plane{pixels, channels} : Plane{channels, pixels};
}

OrUnsupported<Plan> plan_blocks(const ConvolutionProblem& problem, std::string_view entry,
                                const Values& values, const Plane& plane, std::int64_t entries,
                                std::int64_t rows, std::int64_t columns) {
  const std::int64_t column_groups = divide_up(plane.columns, columns);
  const std::int64_t blocks = divide_up(plane.rows, rows) * column_groups;
  if (blocks > most_in_first)
    return Unsupported{fmt::format("{} groups are more than {}", blocks, most_in_first)};
  Step step;
  step.source = fmt::format("convolution/{}.cl", entry);
  step.entry = entry;
  step.constants = common_constants(problem);
  step.constants.insert(step.constants.end(), values.begin(), values.end());
  step.groups = {static_cast<std::size_t>(blocks), static_cast<std::size_t>(std::min(entries, most_in_grid)),
                 1};
  step.group_shape = {static_cast<std::size_t>(values.at("GROUP_X")),
                      static_cast<std::size_t>(values.at("GROUP_Y")), 1};
  step.arguments = shape_arguments(problem.shape(), {});
  step.arguments.push_back(integer_argument(column_groups));
  return Plan{{}, {std::move(step)}};
}

OrUnsupported<Plan> in_parts_of_depth(const ConvolutionProblem& problem, OrUnsupported<Plan> plan,
                                      double rounds, const Traits& traits) {
  const ConvolutionShape& s = problem.shape();
  const Depth depth{.steps = s.depth(),
                    .rounds_per_step = rounds,
                    .entries = divide_up(s.n * s.groups, most_in_grid),
                    .outputs = s.n * s.k * s.p() * s.q(),
                    .accumulator_bytes = size_bytes(problem.types().accumulate)};
  return in_parts(std::move(plan), depth, traits);
}

Product product_of(const ConvolutionProblem& problem, std::int64_t images) {
  const ConvolutionShape& s = problem.shape();
  Product product{.m = s.group_k(),
                  .n = s.p() * s.q() * images,
                  .k = s.depth(),
                  .batch = s.groups * (s.n / images),
                  .element_bytes = static_cast<std::int64_t>(size_bytes(problem.types().accumulate))};
  if (s.layout == Layout::nhwc) std::swap(product.m, product.n);
  return product;
}

double stage_elements(const ConvolutionShape& s, std::int64_t images, std::int64_t columns,
                      std::int64_t block_k) {
  const std::int64_t reach_h = (s.r - 1) * s.dilation.h;
  const std::int64_t reach_w = (s.s - 1) * s.dilation.w;
  const std::int64_t rows = images > 1 ? s.p() : std::min(s.p(), (columns - 1) / s.q() + 2);
  const std::int64_t row_pixels = s.p() == 1 && images == 1 ? std::min(s.q(), columns) : s.q();
  const std::int64_t channels = std::min(s.group_c(), (block_k - 1) / (s.r * s.s) + 2);
  double elements = 1;
  for (const std::int64_t factor :
       {channels, images, std::min(s.stride.h, reach_h + 1), std::min(s.stride.w, reach_w + 1),
        rows + reach_h / s.stride.h, row_pixels + reach_w / s.stride.w}) {
    elements *= static_cast<double>(factor);
  }
  return elements;
}

OrUnsupported<std::int64_t> whole_pages(double elements) {
  constexpr std::int64_t page = 1024;
  if (elements > static_cast<double>(most_in_first - page)) {
    return Unsupported{"more scratch in one group than 32 bits count"};
  }
  return divide_up(static_cast<std::int64_t>(elements), page) * page;
}

}  // namespace moat
