// Interval arithmetic of positive numbers.
#include "base/factor.h"

#include <cmath>

namespace moat {

Factor exactly(double value) {
  return {value, value, value};
}

Factor between(const Interval& ends) {
  return {ends.low == ends.high ? ends.low : std::sqrt(ends.low) * std::sqrt(ends.high), ends.low, ends.high};
}

Factor operator*(const Factor& left, const Factor& right) {
  return {left.value * right.value, left.low * right.low, left.high * right.high};
}

Factor operator/(const Factor& left, const Factor& right) {
  return {left.value / right.value, left.low / right.high, left.high / right.low};
}

std::optional<Factor> geometric_mean(std::span<const Factor> factors) {
  if (factors.empty()) return std::nullopt;
  Factor sums{0, 0, 0};  // of logarithms
  for (const Factor& factor : factors) {
    sums.value += std::log(factor.value);
    sums.low += std::log(factor.low);
    sums.high += std::log(factor.high);
  }
  const auto count = static_cast<double>(factors.size());
  return Factor{std::exp(sums.value / count), std::exp(sums.low / count), std::exp(sums.high / count)};
}

bool is_undecided(const Factor& factor) {
  return factor.low < 1 && factor.high > 1;
}

}  // namespace moat
