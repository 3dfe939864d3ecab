// Figures that are computed from a record and never stored: the median, its interval, the rates. Must not
// know how they are printed or stored.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/statistics.h"
#include "results/record.h"

namespace moat {

/// The samples of each round; all of them are one round if the measurement has no others.
[[nodiscard]] std::vector<std::span<const double>> rounds_of(const Measurement& measurement);
/// The median of each round; empty if a round has none.
[[nodiscard]] std::vector<double> round_medians(const Measurement& measurement);

/// nullopt without finite samples, and for `interval_seconds` of one round with fewer than 6 and of what was
/// disturbed, whose samples agree on a wrong value. Rates exist only if the status is ok; they are computed
/// from the median by the operator's convention.
struct Figures {
  std::optional<double> median_seconds;  // of the rounds' medians
  /// 95 %: of the variation between rounds (interval_between_rounds), of one round that of the median of its
  /// samples, which are not independent; for published figures, as stated.
  std::optional<Interval> interval_seconds;
  std::optional<double> relative_half_width;  // of that interval
  std::optional<double> operations_per_second;
  std::optional<double> bytes_per_second;
};
[[nodiscard]] Figures figures(const Record& record);

}  // namespace moat
