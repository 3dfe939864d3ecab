// Plausibility of samples against the clock and against what the device could do at the very best.
#include "bench/measure/plausibility.h"

#include <fmt/format.h>

#include <cmath>

#include "base/statistics.h"

namespace moat {

std::optional<std::string> implausible(const Work& work, const Measurement& measurement,
                                       const std::optional<Ceiling>& ceiling) {
  for (const double seconds : measurement.samples_seconds) {
    if (!std::isfinite(seconds)) return fmt::format("a sample of {} s per execution", seconds);
  }
  const std::optional<double> typical = median(measurement.samples_seconds);
  if (!typical) return "no samples";
  // A single slope of host time may be negative, where the host was interrupted; the median may not.
  if (*typical <= 0) return fmt::format("a median of {} s per execution", *typical);
  if (*typical * static_cast<double>(measurement.batch) < measurement.clock_resolution_seconds) {
    return fmt::format("a batch of {} took {:.3g} s, below the clock's resolution of {:.3g} s",
                       measurement.batch, *typical * static_cast<double>(measurement.batch),
                       measurement.clock_resolution_seconds);
  }
  if (!ceiling) return std::nullopt;
  if (work.operations / *typical > ceiling->operations_per_second) {
    return fmt::format("{:.4g} operations/s is more than the device can do: {:.4g} ({})",
                       work.operations / *typical, ceiling->operations_per_second, ceiling->source);
  }
  if (ceiling->bytes_per_second > 0 && work.bytes() / *typical > ceiling->bytes_per_second) {
    return fmt::format(
        "{:.4g} bytes/s of compulsory traffic is more than the fastest cache can do: {:.4g} ({})",
        work.bytes() / *typical, ceiling->bytes_per_second, ceiling->source);
  }
  return std::nullopt;
}

}  // namespace moat
