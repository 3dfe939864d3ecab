// Statistics of samples: quantiles and the confidence interval of the median. Pure functions of numbers; must
// not know records, devices or files.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace moat {

struct Interval {
  double low = 0;
  double high = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};

/// Order statistics, counted from 1.
struct Ranks {
  std::size_t low = 0;
  std::size_t high = 0;
  friend bool operator==(const Ranks&, const Ranks&) = default;
};

/// Hyndman and Fan's type 7 (linear between order statistics; the default of R and NumPy), `probability` in
/// [0, 1]. nullopt without samples, or if one of them is not finite.
[[nodiscard]] std::optional<double> quantile(std::span<const double> samples, double probability);
/// quantile(samples, 0.5).
[[nodiscard]] std::optional<double> median(std::span<const double> samples);

/// Ranks of the narrowest symmetric interval that covers the median of any continuous distribution with at
/// least 95 %: the largest low with P(Binomial(n, 1/2) < low) <= 2.5 %, and high = n + 1 - low (Conover,
/// Practical Nonparametric Statistics, 3.2). nullopt for n < 6, where no pair of ranks reaches 95 %.
[[nodiscard]] std::optional<Ranks> median_interval_ranks(std::size_t n);

/// The samples at those ranks; nullopt for fewer than 6 samples, or if one is not finite.
[[nodiscard]] std::optional<Interval> median_interval(std::span<const double> samples);

/// 95 % interval of the typical value of a positive quantity of which `rounds` are independent observations,
/// such as the medians of samples taken in separate rounds, or ratios of two of them. For 2 to 5 rounds by
/// Student's t on the logarithms, for more by the ranks of the median. It contains the median of `rounds`.
/// nullopt for fewer than 2, or if one is not finite and above 0.
[[nodiscard]] std::optional<Interval> interval_between_rounds(std::span<const double> rounds);

/// Half the width of the interval divided by the median, which the stopping rule compares with 0.005. nullopt
/// if there is no interval or the median is not positive.
[[nodiscard]] std::optional<double> relative_half_width(std::span<const double> samples);

}  // namespace moat
