// Text on a terminal: its width, colours, and removal of control characters. Must not know tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace moat {

enum class Tone : std::uint8_t { plain, good, bad, faint, strong };

/// Width on a terminal: code points, wide East Asian ones counted twice.
[[nodiscard]] std::size_t display_width(std::string_view text);
/// The text cut to `width`; if something was removed, it ends with "…".
[[nodiscard]] std::string shortened(std::string_view text, std::size_t width);
/// Replaces control characters, which could control the terminal, by spaces:
/// text from drivers and files is not trusted.
[[nodiscard]] std::string printable(std::string_view text);
[[nodiscard]] std::string coloured(std::string_view text, Tone tone, bool colour);

}  // namespace moat
