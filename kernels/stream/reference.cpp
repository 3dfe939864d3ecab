// The dot product in twice double's precision, and its bound.
#include "kernels/stream/reference.h"

#include <algorithm>

namespace moat {

Dot stream_dot(Type type, std::span<const std::byte> a, std::span<const std::byte> b) {
  Dot dot;
  double compensation = 0;
  const std::size_t n = a.size() / size_bytes(type);
  for (std::size_t i = 0; i < n; ++i) {
    const double x = load(type, a, i);
    const double y = load(type, b, i);
    add_compensated(x, y, dot.value, compensation);
    dot.magnitude += std::fabs(x * y);
    dot.energy += x * y * (x * y);
  }
  if (std::isfinite(compensation)) dot.value += compensation;
  return dot;
}

double stream_dot_bound(std::int64_t n, const Types& types, const Dot& exact) {
  constexpr double deviations = 8;
  const double unit = unit_roundoff(types.accumulate);
  const double partial_sums = std::sqrt(exact.value * exact.value + exact.energy);
  const double random =
      deviations * unit * std::sqrt(static_cast<double>(n)) * partial_sums + unit * std::fabs(exact.value);
  return std::min(DotTolerance(n, types).bound(exact), random);
}

}  // namespace moat
