// Quantiles and the order-statistics interval of the median.
#include "base/statistics.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <vector>

namespace moat {
namespace {

/// Empty if there is nothing to order.
std::vector<double> sorted(std::span<const double> samples) {
  if (!std::all_of(samples.begin(), samples.end(), [](double x) { return std::isfinite(x); })) return {};
  std::vector<double> ordered(samples.begin(), samples.end());
  std::sort(ordered.begin(), ordered.end());
  return ordered;
}

double quantile_of_sorted(const std::vector<double>& ordered, double probability) {
  const double position = std::clamp(probability, 0.0, 1.0) * static_cast<double>(ordered.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, ordered.size() - 1);
  return std::lerp(ordered[below], ordered[above], position - static_cast<double>(below));
}

std::optional<Interval> interval_of_sorted(const std::vector<double>& ordered) {
  const std::optional<Ranks> ranks = median_interval_ranks(ordered.size());
  if (!ranks) return std::nullopt;
  return Interval{ordered[ranks->low - 1], ordered[ranks->high - 1]};
}

}  // namespace

std::optional<double> quantile(std::span<const double> samples, double probability) {
  const std::vector<double> ordered = sorted(samples);
  if (ordered.empty()) return std::nullopt;
  return quantile_of_sorted(ordered, probability);
}

std::optional<double> median(std::span<const double> samples) {
  return quantile(samples, 0.5);
}

std::optional<Ranks> median_interval_ranks(std::size_t n) {
  if (n == 0) return std::nullopt;
  const boost::math::binomial_distribution<double> below_median(static_cast<double>(n), 0.5);
  // Invariant of the bisection: `low` satisfies the rule (0 trivially), `too_high` does not.
  std::size_t low = 0;
  std::size_t too_high = n / 2 + 1;
  while (too_high - low > 1) {
    const std::size_t candidate = low + (too_high - low) / 2;
    const bool holds = cdf(below_median, static_cast<double>(candidate - 1)) <= 0.025;
    (holds ? low : too_high) = candidate;
  }
  if (low == 0) return std::nullopt;
  return Ranks{low, n + 1 - low};
}

std::optional<Interval> median_interval(std::span<const double> samples) {
  return interval_of_sorted(sorted(samples));
}

std::optional<Interval> interval_between_rounds(std::span<const double> rounds) {
  constexpr std::size_t fewest_for_ranks = 6;
  const std::vector<double> ordered = sorted(rounds);
  if (ordered.size() < 2 || !(ordered.front() > 0)) return std::nullopt;
  if (ordered.size() >= fewest_for_ranks) return interval_of_sorted(ordered);
  const auto count = static_cast<double>(ordered.size());
  double mean = 0;  // of the logarithms
  for (const double value : ordered) mean += std::log(value) / count;
  double squares = 0;
  for (const double value : ordered) squares += std::pow(std::log(value) - mean, 2);
  const double t = quantile(boost::math::students_t_distribution<double>(count - 1), 0.975);
  const double half = t * std::sqrt(squares / (count - 1) / count);
  // Equal rounds leave nothing but rounding, which must not exclude their median.
  const double center = quantile_of_sorted(ordered, 0.5);
  return Interval{std::min(center, std::exp(mean - half)), std::max(center, std::exp(mean + half))};
}

std::optional<double> relative_half_width(std::span<const double> samples) {
  const std::vector<double> ordered = sorted(samples);
  const std::optional<Interval> interval = interval_of_sorted(ordered);
  if (!interval) return std::nullopt;
  const double center = quantile_of_sorted(ordered, 0.5);
  if (!(center > 0)) return std::nullopt;
  return (interval->high - interval->low) / 2 / center;
}

}  // namespace moat
