// The error bounds of sums of products.
#include "kernels/tolerance.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace moat {
namespace {

/// What adders that truncate add to `scale`, in units of the partial sums' size: u each, to one side.
double truncation(std::int64_t k, const Types& types) {
  constexpr double products_at_once = 4;
  const bool is_narrow = unit_roundoff(types.input) > unit_roundoff(types.accumulate);
  return is_narrow ? unit_roundoff(types.accumulate) * static_cast<double>(k) / products_at_once : 0;
}

}  // namespace

void add_compensated(double a, double b, double& sum, double& compensation) {
  const double product = a * b;
  const double product_error = std::fma(a, b, -product);
  const double total = sum + product;
  const double virtual_product = total - sum;
  const double sum_error = (sum - (total - virtual_product)) + (product - virtual_product);
  sum = total;
  compensation += product_error + sum_error;
}

double sum_deviation(std::int64_t k, const Types& types) {
  return unit_roundoff(types.accumulate) * std::sqrt(static_cast<double>(k)) + truncation(k, types);
}

DotTolerance::DotTolerance(std::int64_t k, const Types& types, bool whole_numbers)
    : types_(types), whole_numbers_(whole_numbers), deviation_(sum_deviation(k, types)) {
  const double unit = 2 * static_cast<double>(k) * unit_roundoff(types.accumulate);
  gamma_ = unit < 1 ? unit / (1 - unit) : std::numeric_limits<double>::infinity();
}

Allowance DotTolerance::allow(const Dot& exact) const {
  // An integer that is off is off by one.
  if (!is_floating(types_.output)) return {.bound = 0, .scale = 0.5 / most_deviations, .rounding = 0};
  double of_sum = gamma_ * exact.magnitude;
  Allowance allowance;
  if (whole_numbers_) {
    const bool is_exact = exact.magnitude * unit_roundoff(types_.accumulate) <= 1;
    if (is_exact) of_sum = std::min(of_sum, 0.25);
    allowance.scale = of_sum / most_deviations;
  } else {
    allowance.scale = deviation_ * std::sqrt(exact.value * exact.value + exact.energy);
    of_sum = std::min(of_sum, most_deviations * allowance.scale);
  }
  allowance.rounding = unit_roundoff(types_.output) * (std::fabs(exact.value) + of_sum) +
                       smallest_subnormal(types_.output) / 2;
  allowance.bound = of_sum + allowance.rounding;
  return allowance;
}

bool all_whole(Type type, std::span<const std::byte> bytes) {
  if (!is_floating(type)) return true;
  for (std::size_t i = 0; i < bytes.size() / size_bytes(type); ++i) {
    const double value = load(type, bytes, i);
    if (value != std::floor(value)) return false;  // nor is NaN whole
  }
  return true;
}

double refutation_bound(std::int64_t k, const Types& types, double output_norm, double factor_norms) {
  const double root = std::sqrt(static_cast<double>(k));
  const double truncated = k == 0 ? 0 : 6 * truncation(k, types) * (output_norm + factor_norms / root);
  return 24 * unit_roundoff(types.accumulate) * (root * output_norm + 4 * factor_norms) + truncated +
         6 * unit_roundoff(types.output) * output_norm;
}

}  // namespace moat
