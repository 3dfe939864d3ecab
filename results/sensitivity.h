// How much faster a device is on zeros than on normal data. (On constant data chips draw less power and can
// clock higher.) Pure; must not know how it is printed or stored.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/statistics.h"
#include "results/record.h"

namespace moat {

/// The rate on zeros divided by the rate on normal data, for cases that are otherwise the same.
struct Sensitivity {
  const Record* normal = nullptr;
  double ratio = 0;
  /// From the ends of both 95 % intervals; contains the ratio with at least 90 %. nullopt if one is missing.
  std::optional<Interval> interval;
  /// Operations per byte at the ridge point of the device's measured roofs; nullopt if they are not known,
  /// and usual_ridge_intensity (results/roofs.h) was assumed.
  std::optional<double> measured_ridge;
};

/// Every compute-bound case (its operations per byte exceed the ridge point) that is ok and measured with
/// both kinds of data, in the order of those with normal data. `more`: further records of the same devices,
/// for their roofs.
[[nodiscard]] std::vector<Sensitivity> zeros_to_normal(std::span<const Record> records,
                                                       std::span<const Record> more = {});

}  // namespace moat
