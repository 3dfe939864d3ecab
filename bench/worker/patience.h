// How long one waits for a process. Time in which this process did not run itself (it was stopped, or its
// machine was suspended) counts as a pause, since the other one did not run either. Must not know processes.
#pragma once

#include <functional>

namespace moat {

/// Seconds of a clock that does not go back.
using SecondsClock = std::function<double()>;
[[nodiscard]] double steady_seconds();

class Patience {
 public:
  explicit Patience(double seconds, SecondsClock clock = steady_seconds);

  /// How long one may sleep at most before asking again.
  static constexpr double longest_sleep = 1;
  /// Seconds that are left, not above longest_sleep; 0 if there are none. To be asked before each sleep: if
  /// much more time than a sleep has passed since, it was a pause, and the end is put off.
  [[nodiscard]] double left();
  [[nodiscard]] double paused_seconds() const { return paused_; }

 private:
  SecondsClock clock_;
  double end_;
  double asked_;  // when left() was called last
  double paused_ = 0;
};

}  // namespace moat
