// What the plans of all operators share: ranges of parameters, limits of devices, constants.
// Pure; must not know any operator.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/implementation.h"

namespace moat {

inline constexpr std::int64_t most_in_first = std::numeric_limits<std::int32_t>::max();  // groups
inline constexpr std::int64_t most_in_grid = 65535;  // groups in any other dimension: CUDA's limit

/// ceil(a / b) of positive integers.
[[nodiscard]] constexpr std::int64_t divide_up(std::int64_t a, std::int64_t b) {
  return (a - 1) / b + 1;
}

/// For models of cost.
[[nodiscard]] constexpr double real(std::int64_t value) {
  return static_cast<double>(value);
}

/// A parameter and the values it may have.
struct Range {
  std::string_view name;
  std::int64_t least;
  std::int64_t most;
};

// The functions named check_… give the violated rule, or nothing.

/// Whether `values` are exactly those of `ranges`, each within its range.
[[nodiscard]] std::optional<Unsupported> check_ranges(std::span<const Range> ranges, const Values& values);

[[nodiscard]] std::optional<Unsupported> check_power_of_two(const Values& values, const std::string& name);

/// `plan`, whose steps are c_like kernels, in the language of the device: where it takes GLSL's shaders, the
/// steps become the shaders of the same name, which take the same constants and arguments (a product also
/// those of product/parts.h). Unsupported where there is none.
[[nodiscard]] OrUnsupported<Plan> in_device_language(Plan plan, const Types& types, const Traits& traits);

/// `plan`, if it is one, with `feature` of the device that it uses (Plan::features).
[[nodiscard]] OrUnsupported<Plan> with_feature(OrUnsupported<Plan> plan, std::string_view feature);

/// Whether this build has shaders that multiply matrices by `extension`: whether its glslc knew it.
[[nodiscard]] bool is_built(MatrixExtension extension);

/// Whether work-items are lanes of the device's vectors, as on GPUs and in shaders everywhere; otherwise each
/// has vectors of its own.
[[nodiscard]] inline bool is_simt(const Traits& traits) {
  return traits.kind != DeviceKind::cpu || traits.language == Language::glsl;
}

/// Whether the device compiles kernels and computes with the problem's types.
[[nodiscard]] std::optional<Unsupported> check_device(const Problem& problem, const Traits& traits);

/// Whether the device takes groups of x × y work-items.
[[nodiscard]] std::optional<Unsupported> check_group(std::int64_t x, std::int64_t y, const Traits& traits);

/// Whether the device has `bytes` of local memory for a group.
[[nodiscard]] std::optional<Unsupported> check_local_memory(std::int64_t bytes, const Traits& traits);

/// Whether the device's driver carries out that many rounds of a work-item's loops (Traits::loop_rounds).
[[nodiscard]] std::optional<Unsupported> check_rounds(double rounds, const Traits& traits);

/// Throws UsageError: `problem` was given to another operator's implementation.
[[noreturn]] void throw_other_operator(const Problem& problem);

/// Floats in the vectors of a CPU's kernels.
[[nodiscard]] std::int64_t usual_width(const Traits& traits);

/// Halves GROUP_X and GROUP_Y in the order of `sides`,
/// each down to 1, until the device takes a group of both.
void shrink_to_group(Values& values, std::span<const char* const> sides, const Traits& traits);

/// A parameter and how small it may become.
struct Least {
  const char* name;
  std::int64_t value;
};
/// Halves parameters in turn, each down to its least value, until `bytes` of local memory fit.
void shrink_to_local_memory(Values& values, std::span<const Least> names,
                            const std::function<std::int64_t(const Values&)>& bytes, const Traits& traits);

/// INPUT_TYPE, ACCUMULATE_TYPE and OUTPUT_TYPE, as dialect/types.h numbers them.
[[nodiscard]] std::vector<std::pair<std::string, std::int64_t>> type_constants(const Types& types);

[[nodiscard]] inline Argument tensor_argument(std::int64_t index) {
  return {Argument::Kind::tensor, index};
}
[[nodiscard]] inline Argument scratch_argument(std::int64_t index) {
  return {Argument::Kind::scratch, index};
}
[[nodiscard]] inline Argument integer_argument(std::int64_t value) {
  return {Argument::Kind::integer, value};
}

}  // namespace moat
