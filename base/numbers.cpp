// Numbers by std::from_chars, behind a check of every character.
#include "base/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/error.h"

namespace moat {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The digits at the beginning.
std::string_view digits_of(std::string_view text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// Whether it is digits, then a point and digits, then e, a sign and digits; the last two may be missing.
bool is_decimal(std::string_view text) {
  const std::size_t whole = digits_of(text).size();
  if (whole == 0) return false;
  text.remove_prefix(whole);
  if (text.starts_with('.')) {
    const std::size_t fraction = digits_of(text.substr(1)).size();
    if (fraction == 0) return false;
    text.remove_prefix(1 + fraction);
  }
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text.remove_prefix(1);
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && digits_of(text).size() == text.size();
}

struct DurationUnit {
  std::string_view name;
  double seconds;
};

/// Takes "30m" from the beginning of `text`. The unit is one of those from `first` on, which becomes the
/// next.
std::optional<double> take_part(std::string_view& text, std::size_t& first) {
  static constexpr std::array<DurationUnit, 5> units{
      {{"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}, {"ms", 0.001}}};
  const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::optional<double> value = decimal_number(text.substr(0, end));
  const std::size_t next = std::min(text.find_first_of("0123456789.", end), text.size());
  const std::string_view unit = text.substr(end, next - end);
  text.remove_prefix(next);
  for (std::size_t i = first; value && i < units.size(); ++i) {
    if (units.at(i).name != unit) continue;
    first = i + 1;
    return *value * units.at(i).seconds;
  }
  return std::nullopt;
}

[[noreturn]] void refuse_number(std::string_view text, std::string_view what, const std::string& wanted) {
  throw UsageError(
      fmt::format("{}{}'{}' is not {}", what, what.empty() ? "" : ": ", text.substr(0, 40), wanted));
}

}  // namespace

std::optional<std::uint64_t> whole_number(std::string_view text) {
  if (text.empty() || digits_of(text).size() != text.size()) return std::nullopt;
  if (text.front() == '0' && text.size() > 1) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() ? std::optional(value) : std::nullopt;
}

std::optional<double> decimal_number(std::string_view text) {
  if (!is_decimal(text)) return std::nullopt;
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<double> duration_seconds(std::string_view text) {
  if (const std::optional<double> seconds = decimal_number(text)) return seconds;
  if (text.empty()) return std::nullopt;
  double sum = 0;
  std::size_t unit = 0;
  while (!text.empty()) {
    const std::optional<double> part = take_part(text, unit);
    if (!part) return std::nullopt;
    sum += *part;
  }
  return std::isfinite(sum) ? std::optional(sum) : std::nullopt;
}

std::uint64_t parse_whole_number(std::string_view text, std::string_view what, std::uint64_t least,
                                 std::uint64_t most) {
  const std::optional<std::uint64_t> value = whole_number(text);
  if (value && *value >= least && *value <= most) return *value;
  refuse_number(text, what, fmt::format("a whole number from {} to {}", least, most));
}

double parse_decimal_number(std::string_view text, std::string_view what, double least, double most) {
  const std::optional<double> value = decimal_number(text);
  if (value && *value >= least && *value <= most) return *value;
  const bool is_open = most == std::numeric_limits<double>::infinity();
  refuse_number(text, what,
                is_open ? fmt::format("a number of at least {}", least)
                        : fmt::format("a number from {} to {}", least, most));
}

double parse_duration(std::string_view text, std::string_view what, double least, double most) {
  const std::optional<double> value = duration_seconds(text);
  if (value && *value >= least && *value <= most) return *value;
  refuse_number(
      text, what,
      fmt::format("a duration from {} to {} seconds; write it as 90, 90s, 10m or 1h30m", least, most));
}

}  // namespace moat
