// Derived figures of a record.
#include "results/figures.h"

namespace moat {

std::vector<std::span<const double>> rounds_of(const Measurement& measurement) {
  std::span<const double> left = measurement.samples_seconds;
  if (measurement.round_samples.empty()) return {left};
  std::vector<std::span<const double>> rounds;
  for (const std::uint64_t count : measurement.round_samples) {
    rounds.push_back(left.first(count));
    left = left.subspan(count);
  }
  return rounds;
}

std::vector<double> round_medians(const Measurement& measurement) {
  std::vector<double> medians;
  for (const std::span<const double> round : rounds_of(measurement)) {
    const std::optional<double> center = median(round);
    if (!center) return {};
    medians.push_back(*center);
  }
  return medians;
}

Figures figures(const Record& record) {
  Figures derived;
  if (!record.measurement) return derived;
  const std::vector<double> medians = round_medians(*record.measurement);
  derived.median_seconds = median(medians);
  const bool is_positive = derived.median_seconds && *derived.median_seconds > 0;
  if (record.stated_interval_seconds && is_positive) {
    derived.interval_seconds = record.stated_interval_seconds;
  } else if (record.status != Status::disturbed) {
    derived.interval_seconds = medians.size() > 1 ? interval_between_rounds(medians)
                                                  : median_interval(record.measurement->samples_seconds);
  }
  if (derived.interval_seconds && is_positive) {
    const auto [low, high] = *derived.interval_seconds;
    derived.relative_half_width = (high - low) / 2 / *derived.median_seconds;
  }
  if (record.status == Status::ok && is_positive) {
    derived.operations_per_second = record.work.operations / *derived.median_seconds;
    derived.bytes_per_second = record.work.bytes() / *derived.median_seconds;
  }
  return derived;
}

}  // namespace moat
