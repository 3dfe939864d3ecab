// Where a chain ends: for floating types by the power of one matrix, for integers step by step.
// Must not know devices.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/tolerance.h"
#include "kernels/types.h"

namespace moat {

/// e of a floating type, as kernels have it: the golden ratio's inverse, whose turns do not repeat.
[[nodiscard]] double peak_coefficient(Type type);

/// e of i8, for bytes 0 (the lowest) to 3.
inline constexpr std::array<std::int32_t, 4> peak_bytes{37, 91, 113, 19};

/// x' = xx·x + xy·y, y' = yx·x + yy·y.
struct PeakMatrix {
  double xx = 1;
  double xy = 0;
  double yx = 0;
  double yy = 1;
};
/// What `pairs` updates of x and y by `coefficient` come to; entries are right to double's precision.
[[nodiscard]] PeakMatrix peak_power(double coefficient, std::int64_t pairs);

/// How far x and y may be off after `steps` multiply-adds in `type` (rounded once or twice each) from a state
/// of length `length` = sqrt(x² + y²). A step's rounding errors are at most 2u(1 + e)k·length with
/// k² = (1 + e/2) / (1 - e/2), for turning and shearing keeps x² - e·x·y + y², which is at most that factor
/// from x² + y²; later steps enlarge them by at most k. The bound is the lesser of their sum and, for
/// roundings to nearest, `most_deviations` standard deviations of it and an eighth of half their sum. The
/// latter because a chain comes by the same places again and again, where it is rounded alike: over 64 to
/// 2^18 steps in f16, f32 and f64, fused and not, the largest error was found to tend to 0.05 to 0.1 of half
/// the sum, and the root mean square of the chains to 0.06 at most, for which `scale` has a sixteenth.
[[nodiscard]] Allowance peak_allowance(Type type, std::int64_t steps, double length);

/// One update of `to` by the bytes of `from`: Σ e_j·byte_j(from), modulo 2^32.
[[nodiscard]] constexpr std::uint32_t peak_dot(std::uint32_t from) {
  std::uint32_t sum = 0;
  for (std::uint32_t j = 0; j < 4; ++j) {
    const auto byte = static_cast<std::int8_t>(static_cast<std::uint8_t>(from >> (8 * j)));
    sum += static_cast<std::uint32_t>(peak_bytes[j] * byte);
  }
  return sum;
}

}  // namespace moat
