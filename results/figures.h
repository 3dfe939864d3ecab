// Figures that are computed from a record and never stored: the median, its interval, the rates. Must not
// know how they are printed or stored.
#pragma once

#include <optional>
#include <string_view>

#include "base/statistics.h"
#include "results/record.h"

namespace moat {

/// nullopt without finite samples, and for `interval_seconds` with fewer than 6. Rates exist only if the
/// status is ok; they are computed from the median by the operator's convention.
struct Figures {
  std::optional<double> median_seconds;
  std::optional<Interval> interval_seconds;   // 95 % of the median; for published figures, as stated
  std::optional<double> relative_half_width;  // of that interval
  std::optional<double> operations_per_second;
  std::optional<double> bytes_per_second;
};
[[nodiscard]] Figures figures(const Record& record);

}  // namespace moat
