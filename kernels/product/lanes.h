// The method of shaders whose work-items exchange registers (lanes.glsl), for GEMM and for convolution as an
// implicit one: its parameters and their rules. Must not know whose product it is.
#pragma once

#include <cstdint>
#include <optional>

#include "kernels/implementation.h"

namespace moat {

/// Value of parameter METHOD.
inline constexpr std::int64_t method_lanes = 3;

/// Whether the device has what the method needs.
[[nodiscard]] bool has_lanes(const Traits& traits);

/// Whether it is the default: on a CPU local memory is as far as the tensors are.
[[nodiscard]] inline bool prefers_lanes(const Traits& traits) {
  return has_lanes(traits) && traits.kind == DeviceKind::cpu;
}

/// For a product of `rows` x `columns` outputs.
[[nodiscard]] Parameters lanes_defaults(std::int64_t rows, std::int64_t columns, const Traits& traits);

/// Why the device runs no groups of GROUP_Y subgroups of GROUP_X work-items, or nothing.
[[nodiscard]] std::optional<Unsupported> subgroup_break(const Parameters& parameters, const Traits& traits);

/// Why the parameters do not do, or nothing.
[[nodiscard]] std::optional<Unsupported> lanes_break(const Parameters& parameters, const Traits& traits);

/// Tiles worth trying: loads per product, ordered by a simple model.
[[nodiscard]] std::vector<Candidate> lanes_candidates(std::int64_t rows, std::int64_t columns,
                                                      const Parameters& defaults);

}  // namespace moat
