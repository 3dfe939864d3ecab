// What the person at the terminal sees while cases run: one line per case, a moving one on a terminal,
// remaining time. Must not know devices or processes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "reports/format/table.h"
#include "results/record.h"

namespace moat {

/// Facts about a stream, asked once.
struct TerminalStyle {
  bool is_terminal = false;
  bool colours = false;  // terminal, NO_COLOR unset, TERM not dumb
  std::size_t columns = 100;
};
[[nodiscard]] TerminalStyle style_of(int descriptor);
/// For tables on standard output: as wide as the terminal, or as it takes where output is piped.
[[nodiscard]] TableOptions table_options();

class Progress {
 public:
  /// Writes to standard error. `quiet` writes nothing.
  Progress(std::size_t cases, bool quiet);

  void begin(const Case& identity);
  /// Where the current case has come to.
  void phase(std::string_view phase);
  /// `seconds`: wall time of the case.
  void end(const Record& record, double seconds);
  /// `outcome` in words; `counts`: took time that says something of the remaining ones.
  void end(const std::string& outcome, bool failed, bool counts, double seconds);

 private:
  [[nodiscard]] std::string counter() const;
  void show_moving(std::string_view phase);
  void print_line(const std::string& text);

  TerminalStyle style_;
  bool quiet_;
  std::size_t cases_;
  std::size_t done_ = 0;
  std::size_t measured_ = 0;
  double measured_seconds_ = 0;
  std::string current_;
};

/// "1h02m", "3m20s", "12s".
[[nodiscard]] std::string short_duration(double seconds);

}  // namespace moat
