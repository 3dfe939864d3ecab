// The progress shown while cases run: on a terminal a line that is updated in place, elsewhere one line per
// case; failures always; and the remaining time. Must not know devices or processes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>

#include "reports/format/grid_terminal.h"
#include "results/record.h"

namespace moat {

/// Properties of an output stream.
struct TerminalStyle {
  bool is_terminal = false;
  bool moves = false;    // understands codes that move its cursor: TERM neither dumb nor unset
  bool colours = false;  // moves, NO_COLOR unset
  std::size_t columns = 100;
};
[[nodiscard]] TerminalStyle style_of(int descriptor);
/// For tables on standard output: as wide as the terminal, or of any width if the output is piped.
[[nodiscard]] TableOptions table_options();

class Progress {
 public:
  /// Writes to standard error. `quiet` writes nothing. `steps`: cases, or cases × rounds.
  Progress(std::size_t steps, bool quiet, std::uint64_t rounds = 1);

  void begin(const Case& identity, std::uint64_t round = 1);
  /// The current case enters this phase.
  void phase(std::string_view phase);
  /// `seconds`: wall time of the step. A case is told of in its first round, and when it fails.
  void end(const Record& record, double seconds);
  /// A step for which nothing is to be done.
  void pass() { ++done_; }
  /// `outcome`: in words. `counts`: the time of the case may be used to estimate the remaining time.
  void end(const std::string& outcome, bool failed, bool counts, double seconds);

 private:
  [[nodiscard]] std::string counter() const;
  [[nodiscard]] bool is_time_for_a_line() const;
  void count(bool counts, double seconds);
  void show_moving(std::string_view phase);
  void print_line(const std::string& text);

  TerminalStyle style_;
  bool quiet_;
  std::size_t steps_;
  std::uint64_t rounds_;
  std::uint64_t round_ = 1;
  std::chrono::steady_clock::time_point last_line_ = std::chrono::steady_clock::now();
  std::size_t done_ = 0;
  std::deque<double>
      recent_;  // seconds of the latest steps that took time: what compiles once must not count on
  std::string current_;
};

/// To standard error, a line each: "moat: …". Texts of drivers and files are made harmless.
void print_notices(std::span<const std::string> notices);

/// One line on standard error: who has not answered yet. What cannot be written is lost.
void print_waiting(const std::string& waiting);

/// "1h02m", "3m20s", "12s".
[[nodiscard]] std::string short_duration(double seconds);

}  // namespace moat
