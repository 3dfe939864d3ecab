// Parts of a product's depth.
#include "kernels/product/parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "kernels/planning.h"

namespace moat {
namespace {

constexpr std::int64_t output_tensor = 2;

/// Steps in one launch, a multiple of every BLOCK_K there is; all of them where nothing ends loops.
std::int64_t steps_at_once(const Depth& depth, const Traits& traits) {
  constexpr std::int64_t multiple = 1024;
  if (traits.loop_rounds == 0) return depth.steps;
  // Half of what the device does: how a driver counts is its own matter.
  const double rounds = static_cast<double>(traits.loop_rounds) / 2 / static_cast<double>(depth.entries);
  const auto steps = static_cast<std::int64_t>(rounds / depth.rounds_per_step);
  return steps >= depth.steps ? depth.steps : steps / multiple * multiple;
}

}  // namespace

double slab_rounds(const Values& values) {
  const std::int64_t block = values.at("BLOCK_K");
  const std::int64_t filled = divide_up(values.at("TILE_M") * block, values.at("GROUP_X")) +
                              divide_up(values.at("TILE_N") * block, values.at("GROUP_Y"));
  return real(1 + block + filled) / real(block);
}

double lanes_rounds(const Values& values) {
  return 1 + 1 / real(values.at("GROUP_X"));
}

OrUnsupported<Plan> in_parts(OrUnsupported<Plan> plan, const Depth& depth, const Traits& traits) {
  auto* made = std::get_if<Plan>(&plan);
  if (made == nullptr || traits.language != Language::glsl) return plan;
  const std::int64_t at_once = steps_at_once(depth, traits);
  if (at_once == 0 && depth.steps > 0) {
    return Unsupported{
        fmt::format("this driver ends a shader's loops after {} rounds, without a word; {} sums one "
                    "after the other need more",
                    traits.loop_rounds, depth.entries)};
  }
  Step step = std::move(made->steps.front());
  made->steps.clear();
  Argument sums = tensor_argument(output_tensor);  // in one part nothing lies there in the meantime
  if (at_once < depth.steps) {
    made->scratch_bytes.push_back(static_cast<std::size_t>(depth.outputs) * depth.accumulator_bytes);
    sums = scratch_argument(static_cast<std::int64_t>(made->scratch_bytes.size()) - 1);
  }
  std::int64_t first = 0;
  do {
    const std::int64_t last = std::min(depth.steps, first + at_once);
    made->steps.push_back(step);
    std::vector<Argument>& arguments = made->steps.back().arguments;
    arguments.insert(arguments.end(), {sums, integer_argument(first), integer_argument(last)});
    first = last;
  } while (first < depth.steps);
  return plan;
}

}  // namespace moat
