// Arguments, constants and sizes of scratch.
#include "kernels/convolution/planning.h"

#include <fmt/format.h>

#include <algorithm>

#include "kernels/planning.h"

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
