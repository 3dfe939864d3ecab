// How much faster a device is on zeros than on normal data: chips that compute on constant data draw less
// power and clock higher. Pure; must not know how it is printed or kept.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/statistics.h"
#include "results/record.h"

namespace moat {

/// Rate on zeros over rate on normal data of one case, otherwise the same.
struct Sensitivity {
  const Record* normal = nullptr;
  double ratio = 0;
  /// From the ends of both medians' 95 % intervals: holds the ratio with at least 90 %. Absent without both.
  std::optional<Interval> interval;
  std::string bound_how;  // Boundness::how
};

/// Every case that is bound by arithmetic (results/roofs.h says how that is decided) and ok, and measured,
/// with both data; in the order of those with normal data. `more` are of the same devices, for their roofs.
[[nodiscard]] std::vector<Sensitivity> zeros_to_normal(std::span<const Record> records,
                                                       std::span<const Record> more = {});

/// A table's text, or nothing if there is no such case.
[[nodiscard]] std::string sensitivity_text(std::span<const Record> records);

}  // namespace moat
