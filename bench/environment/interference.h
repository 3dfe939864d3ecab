// What else the machine did while a case was sampled: counters that the kernel keeps of this process, its
// control groups and its processors, read before and after, and the judgement whether they explain the
// samples. Must not know devices, problems or records' files.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "results/record.h"

namespace moat {

/// Counters at one moment; each only grows. What the system does not count is absent.
struct Counters {
  struct Thread {
    double ran_seconds = 0;
    double waited_seconds = 0;  // ready, but without a processor
    std::uint64_t interruptions = 0;
  };
  double seconds = 0;                       // of a steady clock
  std::map<std::string, Thread> threads;    // of this process, by their number
  std::map<std::string, double> stolen;     // seconds, of each processor that it may use
  std::map<std::string, double> idle;       // likewise, in which it had nothing to do
  std::optional<double> throttled_seconds;  // of its control group or one above
  std::optional<double> pressure_seconds;   // in which some task of the system waited for a processor
  std::optional<std::uint64_t> thermal_throttles;
  std::size_t processors = 0;  // that it may use; 0: not known
};

/// Reads the counters below `root` ("/" but in tests, which also have a clock of their own).
class InterferenceObserver {
 public:
  explicit InterferenceObserver(std::filesystem::path root, std::function<double()> seconds);
  /// Of this process. MOAT_SYSTEM_ROOT names another root, for tests of whole programs.
  [[nodiscard]] static InterferenceObserver of_this_process();
  [[nodiscard]] Counters read() const;

 private:
  std::filesystem::path root_;
  std::function<double()> seconds_;
};

/// What happened between two readings.
struct Interference {
  double seconds = 0;
  std::optional<double> waited, stolen, throttled, pressure;  // shares, as Circumstances has them
  std::optional<std::uint64_t> interruptions, thermal_throttles;
};
/// Threads of a process wait for each other, too: no more counts as waited than the processors worked for
/// others, which is what they were neither idle nor this process' own. Of a thread that is new, all of its
/// time counts.
[[nodiscard]] Interference between(const Counters& before, const Counters& after);

/// Why the samples of `measurement` are not those of a quiet machine, or nothing. Time that a processor was
/// withheld shows as samples far above the median, which the median does not heed; only what is more than
/// these have, in excess of the median, lies in the median itself. It may be at most this share of the
/// sampled time.
inline constexpr double tolerated_interference = 0.05;
[[nodiscard]] std::optional<std::string> disturbance(const Interference& interference,
                                                     const Measurement& measurement);

/// Joins what `latest`, an Interference or the Circumstances of another round, has counted: the larger of two
/// shares, the sum of two counts.
template <class Latest>
void keep_note(const Latest& latest, Circumstances& all) {
  const auto keep_larger = [](auto& kept, const auto& value) {
    if (value) kept = std::max(kept.value_or(*value), *value);
  };
  const auto add = [](auto& sum, const auto& value) {
    if (value) sum = sum.value_or(0) + *value;
  };
  keep_larger(all.waited, latest.waited);
  keep_larger(all.stolen, latest.stolen);
  keep_larger(all.throttled, latest.throttled);
  keep_larger(all.pressure, latest.pressure);
  add(all.interruptions, latest.interruptions);
  add(all.thermal_throttles, latest.thermal_throttles);
}

}  // namespace moat
