// One work-item per output.
#include <array>

#include "kernels/gemm/methods.h"
#include "kernels/gemm/planning.h"

namespace moat {
namespace {

constexpr std::array ranges{Range{"GROUP_X", 1, 1024}, Range{"GROUP_Y", 1, 1024}};

Values defaults(const GemmProblem&, const Traits& traits) {
  const bool fits =
      traits.max_group_size >= 256 && traits.max_group_shape[0] >= 16 && traits.max_group_shape[1] >= 16;
  return fits ? Values{{"GROUP_X", 16}, {"GROUP_Y", 16}} : Values{{"GROUP_X", 1}, {"GROUP_Y", 1}};
}

OrUnsupported<Plan> plan(const GemmProblem& gemm, const Traits& traits, const Values& values) {
  const std::int64_t x = values.at("GROUP_X");
  const std::int64_t y = values.at("GROUP_Y");
  if (auto reason = check_group(x, y, traits)) return *reason;
  const double entries = real(divide_up(gemm.shape().batch, most_in_grid));
  if (auto reason = check_rounds(entries * real(gemm.shape().k), traits)) return *reason;
  return plan_blocks(gemm, "naive", values, y, x);
}

}  // namespace

constinit const Method<GemmProblem> gemm_naive{
    .name = "", .suits = always_suits, .ranges = ranges, .defaults = defaults, .plan = plan};

}  // namespace moat
