// Batches, warm-up, samples and the stopping rule of docs/method.md.
#include "bench/measure/sampling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/statistics.h"

namespace moat {
namespace {

constexpr double clock_agreement = 0.10;
constexpr double warm_up_agreement = 0.01;
constexpr double slope_sample_seconds = 5e-3;

class Sampler {
 public:
  Sampler(const TimeBatch& time, const Clock& clock, const ClockCheck& check, const SamplingLimits& limits)
      : time_(time), limits_(limits), by_device_(check.trusted) {
    measurement_.clock = by_device_ ? clock.name : "host slope";
    measurement_.clock_resolution_seconds = clock.resolution_seconds;
    measurement_.clock_ratio = check.ratio;
    needed_ = std::max(limits.sample_seconds, limits.resolutions_per_sample * clock.resolution_seconds);
    // A slope is a difference of two times:
    // it needs batches that one interruption of the host does not outweigh.
    if (!by_device_) needed_ = std::max(needed_, slope_sample_seconds);
  }

  Measurement run(double first_seconds, const std::function<void()>& on_warm) {
    if (first_seconds < std::max(needed_, limits_.warm_up_seconds)) {
      find_batch();
      warm_up();
    }
    if (on_warm) on_warm();
    take();
    return std::move(measurement_);
  }

 private:
  // Seconds per execution of one sample of `executions`; host time spent is added to `spent`.
  double sample(std::size_t executions, double& spent) {
    const Timing once = time_(executions);
    spent += once.host_seconds;
    const auto count = static_cast<double>(executions);
    if (by_device_) return once.device_seconds / count;
    const Timing twice = time_(2 * executions);
    spent += twice.host_seconds;
    return (twice.host_seconds - once.host_seconds) / count;
  }

  void warmed(std::size_t executions, double spent) {
    measurement_.warm_up_executions += executions;
    measurement_.warm_up_seconds += spent;
  }

  // Grows the batch until one lasts as long as a sample must.
  // A clock that shows nothing at all ends the search.
  void find_batch() {
    constexpr std::size_t largest_batch = 1 << 20;
    std::size_t batch = 1;
    while (batch < largest_batch) {
      double spent = 0;
      const double seconds = sample(batch, spent) * static_cast<double>(batch);
      warmed(batch, spent);
      if (seconds >= needed_ || measurement_.warm_up_seconds > limits_.warm_up_seconds) break;
      const double factor = seconds > 0 ? std::clamp(1.2 * needed_ / seconds, 1.5, 10.0) : 10.0;
      batch =
          std::min(largest_batch, static_cast<std::size_t>(std::ceil(static_cast<double>(batch) * factor)));
    }
    measurement_.batch = batch;
  }

  // Blocks of at least a few milliseconds until two in a row agree.
  void warm_up() {
    double previous = 0;
    while (measurement_.warm_up_seconds < limits_.warm_up_seconds) {
      double spent = 0;
      double sum = 0;
      std::size_t blocks = 0;
      const double block_seconds = std::min(5e-3, limits_.warm_up_seconds / 4);
      while (blocks == 0 || (spent < block_seconds && blocks < 64)) {
        sum += sample(measurement_.batch, spent);
        ++blocks;
      }
      warmed(blocks * measurement_.batch, spent);
      const double mean = sum / static_cast<double>(blocks);
      if (std::fabs(mean - previous) <= warm_up_agreement * mean) return;
      previous = mean;
    }
  }

  void take() {
    std::vector<double>& samples = measurement_.samples_seconds;
    double spent = 0;
    std::size_t checkpoint = 20;
    while (samples.size() < limits_.most_samples) {
      samples.push_back(sample(measurement_.batch, spent));
      if (samples.size() == checkpoint) {
        const auto half_width = relative_half_width(samples);
        if (half_width && *half_width <= limits_.precision) {
          measurement_.stop_reason = "interval";
          return;
        }
        checkpoint = next_checkpoint(checkpoint);
      }
      if (samples.size() >= limits_.least_samples && spent >= limits_.cap_seconds) {
        measurement_.stop_reason = "time cap";
        return;
      }
    }
    measurement_.stop_reason = "sample cap";
  }

  const TimeBatch& time_;
  const SamplingLimits& limits_;
  bool by_device_;
  double needed_ = 0;
  Measurement measurement_;
};

/// Pairs of batches of n and 2n executions.
class ClockPairs {
 public:
  void add(const Timing& once, const Timing& twice) {
    const double slope = twice.host_seconds - once.host_seconds;
    if (slope > 0) ratios_.push_back((twice.device_seconds - once.device_seconds) / slope);
    keep_least(once_, once);
    keep_least(twice_, twice);
  }
  [[nodiscard]] double median_ratio() const { return median(ratios_).value_or(0); }
  /// Of the least times by either clock: an interruption only ever adds to a time.
  [[nodiscard]] double least_ratio() const {
    const double slope = twice_.host_seconds - once_.host_seconds;
    return slope > 0 ? (twice_.device_seconds - once_.device_seconds) / slope : 0;
  }

 private:
  static void keep_least(Timing& least, const Timing& timing) {
    least.device_seconds = std::min(least.device_seconds, timing.device_seconds);
    least.host_seconds = std::min(least.host_seconds, timing.host_seconds);
  }

  static constexpr double never = std::numeric_limits<double>::infinity();
  std::vector<double> ratios_;
  Timing once_{never, never};
  Timing twice_{never, never};
};

}  // namespace

std::size_t next_checkpoint(std::size_t n) {
  return (3 * n + 1) / 2;
}

ClockCheck check_clock(const TimeBatch& time, double seconds_per_execution) {
  constexpr double block_seconds = 3e-3;
  const auto executions = static_cast<std::size_t>(
      std::clamp(std::ceil(block_seconds / std::max(seconds_per_execution, 1e-9)), 1.0, 4096.0));
  const int pairs = seconds_per_execution > 0.2 ? 1 : 3;
  ClockCheck check;
  ClockPairs seen;
  for (const int factor : {1, 3}) {
    for (int pair = 0; pair < pairs * factor; ++pair) {
      const Timing once = time(executions);
      seen.add(once, time(2 * executions));
    }
    for (const double ratio : {seen.least_ratio(), seen.median_ratio()}) {
      check.ratio = ratio;
      check.trusted = std::fabs(check.ratio - 1) <= clock_agreement;
      if (check.trusted) return check;
    }
  }
  return check;
}

Measurement take_samples(const TimeBatch& time, const Clock& clock, const ClockCheck& check,
                         const SamplingLimits& limits, double first_seconds,
                         const std::function<void()>& on_warm) {
  return Sampler(time, clock, check, limits).run(first_seconds, on_warm);
}

}  // namespace moat
