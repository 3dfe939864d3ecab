// Work over the median and over the ends of its interval.
#include "results/rate.h"

namespace moat {

Factor Rate::factor() const {
  return ends ? Factor{value, ends->low, ends->high} : exactly(value);
}

std::optional<Rate> rate_of(double work, const Figures& known) {
  if (!known.operations_per_second || !(work > 0)) return std::nullopt;
  Rate rate{work / *known.median_seconds, std::nullopt};
  const std::optional<Interval>& seconds = known.interval_seconds;
  if (seconds && seconds->low > 0) rate.ends = Interval{work / seconds->high, work / seconds->low};
  return rate;
}

}  // namespace moat
