// The method of shaders whose work-items exchange registers (lanes.glsl), for GEMM and for convolution as an
// implicit one: its parameters and their rules. Must not know whose product it is.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "kernels/candidates.h"
#include "kernels/implementation.h"
#include "kernels/planning.h"

namespace moat {

inline constexpr std::string_view subgroup_broadcast = "subgroup broadcast";  // of Plan::features

/// Whether the device has what the method needs.
[[nodiscard]] bool has_lanes(const Traits& traits);

/// Whether it is the default: on a CPU local memory is as far as the tensors are.
[[nodiscard]] inline bool prefers_lanes(const Traits& traits) {
  return has_lanes(traits) && traits.kind == DeviceKind::cpu;
}

/// For a product of `rows` x `columns` outputs.
[[nodiscard]] Values lanes_defaults(std::int64_t rows, std::int64_t columns, const Traits& traits);

/// The parameters of a product's method.
inline constexpr std::array lanes_ranges{Range{"GROUP_X", 1, 128}, Range{"GROUP_Y", 1, 32},
                                         Range{"TILE_M", 1, 64}, Range{"TILE_N", 1, 16}};

/// Whether the device runs groups of GROUP_Y subgroups of GROUP_X work-items; if not, the violated rule.
[[nodiscard]] std::optional<Unsupported> check_subgroup(const Values& values, const Traits& traits);

/// Likewise, and whether a work-item's sums are not too many.
[[nodiscard]] std::optional<Unsupported> check_lanes(const Values& values, const Traits& traits);

/// Tiles worth trying: loads per product, ordered by a simple model.
[[nodiscard]] std::vector<CandidateValues> lanes_candidates(std::int64_t rows, std::int64_t columns,
                                                            const Values& defaults);

}  // namespace moat
