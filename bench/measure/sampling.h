// How one case is timed: batch size, warm-up, samples, stopping rule; and whether a device's clock can be
// trusted. Pure logic over a function that times a batch; must not know kinds of devices, files or processes.
#pragma once

#include <cstddef>
#include <functional>

#include "adapters/adapter.h"
#include "results/record.h"

namespace moat {

/// Runs that many executions back to back and returns the time of the whole batch by both clocks.
using TimeBatch = std::function<Timing(std::size_t executions)>;

struct SamplingLimits {
  double warm_up_seconds = 1;            // at most
  double sample_seconds = 100e-6;        // at least, per sample
  double resolutions_per_sample = 1000;  // at least, of the clock's resolution
  double cap_seconds = 2;    // of host time for all samples; at least `least_samples` are taken regardless
  double precision = 0.005;  // relative half-width of the median's 95 % interval at which to stop
  std::size_t least_samples = 3;
  std::size_t most_samples = 10000;
};

/// Device time divided by the slope of host time between n and 2n executions, which cancels fixed costs.
struct ClockCheck {
  double ratio = 1;
  bool trusted = true;  // within 10 %
};

/// The ratio is that of the medians of several pairs, or of their least times: either must agree, and a
/// disagreement must occur twice, because load on the host can cause one by chance. Takes about 50 ms, or
/// nine executions if they are longer.
[[nodiscard]] ClockCheck check_clock(const TimeBatch& time, double seconds_per_execution);

/// Samples with the device's clock if `check` trusts it, otherwise with the slope of host time. The returned
/// samples are seconds per execution. The precision is tested at n = 20, 30, 45, 68, … `first_seconds`: of
/// the execution before; one that lasts longer than the warm-up may has warmed the device up, and is a batch.
/// `on_warm` is called between the warm-up and the first sample.
[[nodiscard]] Measurement take_samples(const TimeBatch& time, const Clock& clock, const ClockCheck& check,
                                       const SamplingLimits& limits, double first_seconds = 0,
                                       const std::function<void()>& on_warm = {});

/// The next n at which the precision is tested.
[[nodiscard]] std::size_t next_checkpoint(std::size_t n);

}  // namespace moat
