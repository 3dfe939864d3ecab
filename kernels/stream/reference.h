// What each stream kernel must give, in double or better, and how far it may be off. Must not know devices.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#include "kernels/stream/stream.h"
#include "kernels/tolerance.h"

namespace moat {

/// c of any op but dot from a and b: the exact value rounded once, to double.
inline double stream_value(StreamOp op, double a, double b, double scalar) {
  switch (op) {
    case StreamOp::mul:
      return scalar * a;
    case StreamOp::add:
      return a + b;
    case StreamOp::triad:
      return std::fma(scalar, b, a);
    default:
      return a;
  }
}

/// What that value's error is held against: the sum of its parts' magnitudes.
inline double stream_magnitude(StreamOp op, double a, double b, double scalar) {
  switch (op) {
    case StreamOp::mul:
      return std::fabs(scalar * a);
    case StreamOp::add:
      return std::fabs(a) + std::fabs(b);
    case StreamOp::triad:
      return std::fabs(a) + std::fabs(scalar * b);
    default:
      return std::fabs(a);
  }
}

/// The dot product of two arrays, compensated.
[[nodiscard]] Dot stream_dot(Type type, std::span<const std::byte> a, std::span<const std::byte> b);

}  // namespace moat
