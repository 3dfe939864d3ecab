// What is computed from a record and never stored: the median, its interval, the rates. Must not know how
// they are printed or kept.
#pragma once

#include <optional>
#include <string_view>

#include "base/statistics.h"
#include "results/record.h"

namespace moat {

/// Absent: no finite samples; `interval_seconds` also with fewer than 6 samples. The rates exist only where
/// the status is ok, since only ok speaks as a result; they are at the median, by the operator's convention.
struct Figures {
  std::optional<double> median_seconds;
  std::optional<Interval> interval_seconds;  // 95 % of the median; of a published figure as its source has it
  std::optional<double> relative_half_width;  // of that interval
  std::optional<double> operations_per_second;
  std::optional<double> bytes_per_second;
};
[[nodiscard]] Figures figures(const Record& record);

}  // namespace moat
