// Products whose depth is done in parts, one launch after the other: for drivers that end long loops. Pure;
// must not know operators or devices.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/implementation.h"

namespace moat {

/// What a launch of a product's shader would do at once.
struct Depth {
  std::int64_t steps = 0;             // products in one output
  double rounds_per_step = 1;         // of a work-item's loops
  std::int64_t entries = 1;           // products one after the other in one group
  std::int64_t outputs = 0;           // of all
  std::size_t accumulator_bytes = 4;  // of one
};

/// Rounds of loops in a step of product/slab.glsl.
[[nodiscard]] double slab_rounds(const Values& values);
/// Rounds of loops in a step of product/lanes.glsl.
[[nodiscard]] double lanes_rounds(const Values& values);

/// `plan`, of one step whose output is tensor 2, where the device compiles shaders: the step is told which
/// part of the depth to add, from first_step up to last_step, and where sums lie in the meantime. One part if
/// the device carries out all rounds of it (Traits::loop_rounds), else as many as it takes. Plans for other
/// languages stay as they are.
[[nodiscard]] OrUnsupported<Plan> in_parts(OrUnsupported<Plan> plan, const Depth& depth,
                                           const Traits& traits);

}  // namespace moat
