// The rate of a record with the ends that the interval of its median gives. Must not know how it is shown.
#pragma once

#include <optional>

#include "base/factor.h"
#include "results/figures.h"

namespace moat {

struct Rate {
  double value = 0;              // per second, at the median
  std::optional<Interval> ends;  // from the median's 95 % interval; absent where that is
  /// Exact where there are no ends.
  [[nodiscard]] Factor factor() const;
};

/// Of `work` in operations or bytes; `known` is figures(record). Nothing unless the record has rates, which
/// only ok ones have, and the work is above 0.
[[nodiscard]] std::optional<Rate> rate_of(double work, const Figures& known);

}  // namespace moat
