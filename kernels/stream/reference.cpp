// The dot product in twice double's precision.
#include "kernels/stream/reference.h"

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

}  // namespace moat
