// Derived figures of a record.
#include "results/figures.h"

namespace moat {

Figures figures(const Record& record) {
  Figures derived;
  if (!record.measurement) return derived;
  const std::vector<double>& samples = record.measurement->samples_seconds;
  derived.median_seconds = median(samples);
  derived.interval_seconds = median_interval(samples);
  derived.relative_half_width = relative_half_width(samples);
  if (record.stated_interval_seconds && derived.median_seconds && *derived.median_seconds > 0) {
    const Interval& stated = *record.stated_interval_seconds;
    derived.interval_seconds = stated;
    derived.relative_half_width = (stated.high - stated.low) / 2 / *derived.median_seconds;
  }
  if (record.status == Status::ok && derived.median_seconds && *derived.median_seconds > 0) {
    derived.operations_per_second = record.work.operations / *derived.median_seconds;
    derived.bytes_per_second = record.work.bytes() / *derived.median_seconds;
  }
  return derived;
}

}  // namespace moat
