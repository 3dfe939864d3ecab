// The method of shaders on devices that multiply small matrices at once (matrices.glsl): its parameters and
// their rules. Must not know whose product it is, nor how a device is asked.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "kernels/implementation.h"

namespace moat {

/// Value of parameter METHOD.
inline constexpr std::int64_t method_matrices = 4;

/// The shapes that the device multiplies for `types` and the shader can use, each once, the largest first.
/// None if the build has no shader for them.
[[nodiscard]] std::vector<MatrixShape> usable_shapes(const Types& types, const Traits& traits);

/// Whether it is the default for `rows` x `columns` outputs: on GPUs, where these fill a matrix.
[[nodiscard]] bool prefers_matrices(std::int64_t rows, std::int64_t columns, const Types& types,
                                    const Traits& traits);

/// For `batch` products of `rows` x `columns` outputs; there must be a usable shape.
[[nodiscard]] Parameters matrices_defaults(std::int64_t rows, std::int64_t columns, std::int64_t batch,
                                           const Types& types, const Traits& traits);

/// Outputs of a group.
struct MatrixTile {
  std::int64_t rows = 1;
  std::int64_t columns = 1;
};
[[nodiscard]] MatrixTile matrices_tile(const Parameters& parameters);

/// Why the parameters do not do, or nothing.
[[nodiscard]] std::optional<Unsupported> matrices_break(const Parameters& parameters, const Types& types,
                                                        const Traits& traits);

/// Every usable shape in tiles of a subgroup's and a group's, ordered by a simple model; on CPUs in one small
/// tile. Empty if there is no usable shape.
[[nodiscard]] std::vector<Candidate> matrices_candidates(std::int64_t rows, std::int64_t columns,
                                                         std::int64_t batch, const Types& types,
                                                         const Traits& traits);

}  // namespace moat
