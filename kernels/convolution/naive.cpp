// One work-item per output.
#include <array>

#include "kernels/convolution/methods.h"
#include "kernels/convolution/planning.h"

namespace moat {
namespace {

constexpr std::array ranges{Range{"GROUP_X", 1, 1024}, Range{"GROUP_Y", 1, 1024}};

Values defaults(const ConvolutionProblem&, const Traits& traits) {
  const bool fits =
      traits.max_group_size >= 256 && traits.max_group_shape[0] >= 16 && traits.max_group_shape[1] >= 16;
  return fits ? Values{{"GROUP_X", 16}, {"GROUP_Y", 16}} : Values{{"GROUP_X", 1}, {"GROUP_Y", 1}};
}

OrUnsupported<Plan> plan(const ConvolutionProblem& problem, const Traits& traits, const Values& values) {
  const std::int64_t x = values.at("GROUP_X");
  const std::int64_t y = values.at("GROUP_Y");
  if (auto reason = check_group(x, y, traits)) return *reason;
  const ConvolutionShape& shape = problem.shape();
  // One loop in another, and that in a third.
  const double rounds = real(shape.group_c()) * (1 + real(shape.r) * (1 + real(shape.s)));
  if (auto reason = check_rounds(rounds * real(divide_up(shape.n, most_in_grid)), traits)) return *reason;
  return plan_blocks(problem, "naive", values, plane_of(shape, shape.k), shape.n, y, x);
}

}  // namespace

constinit const Method<ConvolutionProblem> convolution_naive{
    .name = "", .suits = always_suits, .ranges = ranges, .defaults = defaults, .plan = plan};

}  // namespace moat
