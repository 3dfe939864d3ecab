// Progress on standard error.
#include "commands/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <numeric>

#include "base/output.h"
#include "base/terminal.h"
#include "base/text.h"
#include "base/units.h"
#include "results/figures.h"

namespace moat {
namespace {

std::string outcome(const Record& record) {
  if (record.status != Status::ok) return fmt::format("{}: {}", name(record.status), record.reason);
  if (!record.measurement) return "right";
  const Figures computed = figures(record);
  const std::string_view unit = is_floating(record.types.input) ? "FLOP/s" : "OP/s";
  std::string text = record.operator_name == "stream"
                         ? quantity_text(computed.bytes_per_second.value_or(0), "B/s")
                         : quantity_text(computed.operations_per_second.value_or(0), unit);
  if (computed.relative_half_width) text += fmt::format(" ±{:.1f} %", 100 * *computed.relative_half_width);
  return text;
}

}  // namespace

TerminalStyle style_of(int descriptor) {
  TerminalStyle style;
  style.is_terminal = isatty(descriptor) == 1;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || *term == '\0' || std::string_view(term) == "dumb";
  style.moves = style.is_terminal && !dumb;
  style.colours = style.moves && (no_colour == nullptr || *no_colour == '\0');
  winsize size{};
  if (style.is_terminal && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    style.columns = size.ws_col;
  return style;
}

TableOptions table_options() {
  const TerminalStyle style = style_of(STDOUT_FILENO);
  return {style.is_terminal ? style.columns : 0, style.colours};
}

std::string short_duration(double seconds) {
  const auto whole = static_cast<long>(std::lround(seconds));
  if (whole >= 3600) return fmt::format("{}h{:02}m", whole / 3600, whole % 3600 / 60);
  if (whole >= 60) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  return fmt::format("{}s", whole);
}

Progress::Progress(std::size_t steps, bool quiet, std::uint64_t rounds)
    : style_(style_of(STDERR_FILENO)), quiet_(quiet), steps_(steps), rounds_(rounds) {}

std::string Progress::counter() const {
  const std::size_t left = steps_ - done_;
  std::string text = fmt::format("[{:>{}}/{}", done_, fmt::formatted_size("{}", steps_), steps_);
  if (!recent_.empty() && left > 0) {
    const double mean =
        std::accumulate(recent_.begin(), recent_.end(), 0.0) / static_cast<double>(recent_.size());
    text += fmt::format(", {} left", short_duration(mean * static_cast<double>(left)));
  }
  return text + "]";
}

void Progress::show_moving(std::string_view phase) {
  if (quiet_ || !style_.moves) return;
  const std::string text =
      shortened(printable(fmt::format("{} {} {}", counter(), current_, phase)), style_.columns - 1);
  write_error(fmt::format("{}{}", erase_line, text));
}

void Progress::begin(const Case& identity, std::uint64_t round) {
  round_ = round;
  current_ = fmt::format("{} {} {}", identity.device, identity.implementation, identity.problem);
  if (rounds_ > 1) current_ = fmt::format("round {} of {}: {}", round_, rounds_, current_);
  show_moving("");
}

void Progress::phase(std::string_view phase) {
  show_moving(phase);
}

void Progress::end(const Record& record, double seconds) {
  // The remaining time counts on cases that took time; skipped and unsupported ones take none.
  const bool ran = record.status != Status::skipped && record.status != Status::unsupported;
  const bool failed = ran && record.status != Status::ok;
  if (failed || (!style_.moves && (round_ == 1 || is_time_for_a_line()))) {
    end(outcome(record), failed, ran, seconds);
  } else {
    count(ran, seconds);
  }
}

bool Progress::is_time_for_a_line() const {
  constexpr std::chrono::seconds between_lines(10);
  return std::chrono::steady_clock::now() - last_line_ >= between_lines;
}

void Progress::count(bool counts, double seconds) {
  ++done_;
  if (!counts) return;
  constexpr std::size_t most = 50;
  recent_.push_back(seconds);
  if (recent_.size() > most) recent_.pop_front();
}

void Progress::end(const std::string& outcome, bool failed, bool counts, double seconds) {
  count(counts, seconds);
  std::string text = printable(fmt::format("{} {} {}", counter(), current_, outcome));
  if (style_.colours && failed) text = "\x1b[31m" + text + "\x1b[0m";
  print_line(text);
}

void Progress::print_line(const std::string& text) {
  if (quiet_) return;
  last_line_ = std::chrono::steady_clock::now();
  say("{}{}", style_.moves ? erase_line : "", text);
}

void print_notices(std::span<const std::string> notices) {
  for (const std::string& notice : notices) say("moat: {}", notice);
}

void print_waiting(const std::string& waiting) {
  say("moat: waiting for {} to list devices", waiting);
}

}  // namespace moat
