// Width by Unicode's East Asian Width, and SGR codes.
#include "base/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace moat {
namespace {

std::size_t width_of(char32_t point) {
  // Wide ranges of Unicode's East Asian Width (UAX #11) that matter in names:
  // Hangul, CJK, full-width forms, emoji.
  static constexpr std::array<std::pair<char32_t, char32_t>, 7> wide{{{0x1100, 0x115f},
                                                                      {0x2e80, 0xa4cf},
                                                                      {0xac00, 0xd7a3},
                                                                      {0xf900, 0xfaff},
                                                                      {0xff00, 0xff60},
                                                                      {0x1f300, 0x1faff},
                                                                      {0x20000, 0x3fffd}}};
  const auto holds = [&](const auto& range) { return range.first <= point && point <= range.second; };
  return std::any_of(wide.begin(), wide.end(), holds) ? 2 : 1;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto [point, length, is_valid] = first_code_point(text);
    width += width_of(point);
    text.remove_prefix(length);
  }
  return width;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::size_t used = 0;
  std::size_t bytes = 0;
  while (true) {
    const auto [point, length, is_valid] = first_code_point(text.substr(bytes));
    if (used + width_of(point) + 1 > width) break;
    used += width_of(point);
    bytes += length;
  }
  return std::string(text.substr(0, bytes)) + (width > 0 ? "…" : "");
}

std::string coloured(std::string_view text, Tone tone, bool colour) {
  // SGR codes: none, green, red, faint, bold.
  static constexpr std::array<std::string_view, 5> codes{"", "32", "31", "2", "1"};
  const std::string_view code = codes.at(static_cast<std::size_t>(tone));
  if (!colour || code.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

}  // namespace moat
