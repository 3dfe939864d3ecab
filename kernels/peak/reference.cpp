// The power of a chain's matrix, in quadruple precision, and the error bound.
#include "kernels/peak/reference.h"

#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>

namespace moat {
namespace {

using Quad = boost::multiprecision::cpp_bin_float_quad;

struct QuadMatrix {
  Quad xx, xy, yx, yy;
};

QuadMatrix product(const QuadMatrix& a, const QuadMatrix& b) {
  return {a.xx * b.xx + a.xy * b.yx, a.xx * b.xy + a.xy * b.yy, a.yx * b.xx + a.yy * b.yx,
          a.yx * b.xy + a.yy * b.yy};
}

}  // namespace

double peak_coefficient(Type type) {
  switch (type) {
    case Type::f64:
      return 0.6180339887498949;
    case Type::f16:
      return 0.6181640625;
    default:
      return static_cast<double>(0.6180340F);
  }
}

PeakMatrix peak_power(double coefficient, std::int64_t pairs) {
  const Quad e(coefficient);
  QuadMatrix power{1, 0, 0, 1};
  QuadMatrix square{1, e, -e, 1 - e * e};  // x = x + e·y, then y = y - e·x with the new x
  for (; pairs > 0; pairs /= 2) {
    if (pairs % 2 == 1) power = product(square, power);
    square = product(square, square);
  }
  return {power.xx.convert_to<double>(), power.xy.convert_to<double>(), power.yx.convert_to<double>(),
          power.yy.convert_to<double>()};
}

Allowance peak_allowance(Type type, std::int64_t steps, double length) {
  const double e = peak_coefficient(type);
  const double k_squared = (1 + e / 2) / (1 - e / 2);
  const double unit = unit_roundoff(type);
  const double of_step = unit * (1 + e) * k_squared * length;
  const auto count = static_cast<double>(steps);
  const double independent = std::sqrt(count);
  const double subnormals = count * k_squared * smallest_subnormal(type);
  const double bound = std::min(2 * count, most_deviations * independent + count / 8) * of_step;
  return {.bound = bound + subnormals, .scale = (independent + count / 16) * of_step, .rounding = subnormals};
}

}  // namespace moat
