// Waiting, less pauses.
#include "bench/worker/patience.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace moat {

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Patience::Patience(double seconds, SecondsClock clock)
    : clock_(std::move(clock)), end_(clock_() + seconds), asked_(end_ - seconds) {}

double Patience::left() {
  // A busy machine may let a process wait for some seconds that has slept for one.
  constexpr double longest_delay = 4;
  const double now = clock_();
  const double pause = now - asked_ - longest_sleep;
  if (pause > longest_delay) {
    end_ += pause;
    paused_ += pause;
  }
  asked_ = now;
  return std::clamp(end_ - now, 0.0, longest_sleep);
}

}  // namespace moat
