// A ratio that is known between two ends: what the parts of a gap are. Pure numbers; must not know records,
// devices or how they are printed.
#pragma once

#include <optional>
#include <span>

#include "base/statistics.h"

namespace moat {

/// A positive quantity or ratio with its ends, 0 < low <= value <= high.
struct Factor {
  double value = 1;
  double low = 1;
  double high = 1;
  friend bool operator==(const Factor&, const Factor&) = default;
};

/// low = value = high.
[[nodiscard]] Factor exactly(double value);
/// Ends as given; the value is their geometric mean, the middle of the interval in logarithms.
[[nodiscard]] Factor between(const Interval& ends);

/// Interval arithmetic: the ends are those of any pair of values from both, so nothing is assumed of how the
/// two depend on each other.
[[nodiscard]] Factor operator*(const Factor& left, const Factor& right);
[[nodiscard]] Factor operator/(const Factor& left, const Factor& right);

/// Of the values and of either end: right where one cause moves all of them together (a peak that is not
/// known better), wider than need be where their errors are independent. Nothing for no factors.
[[nodiscard]] std::optional<Factor> geometric_mean(std::span<const Factor> factors);

/// Whether the interval holds values on both sides of 1: which of two is ahead is then not known.
[[nodiscard]] bool is_undecided(const Factor& factor);

}  // namespace moat
