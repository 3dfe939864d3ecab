// Which of a device's matrices GEMM's method of that name can use. Must not know how a device is asked.
#pragma once

#include <vector>

#include "kernels/implementation.h"

namespace moat {

/// The shapes that the device multiplies for `types` and the shader can use, each once, the largest first.
/// None if the build has no shader for them.
[[nodiscard]] std::vector<MatrixShape> usable_shapes(const Types& types, const Traits& traits);

}  // namespace moat
