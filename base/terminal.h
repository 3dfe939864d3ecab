// What text on a terminal takes: its width, colours, and what must not reach it. Must not know tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace moat {

enum class Tone : std::uint8_t { plain, good, bad, faint, strong };

/// Width on a terminal: code points, wide East Asian ones counted twice.
[[nodiscard]] std::size_t display_width(std::string_view text);
/// At most `width` wide, the last place "…" where something is cut.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t width);
/// Control characters, which could steer the terminal, become spaces: text from drivers and files is not
/// trusted.
[[nodiscard]] std::string printable(std::string_view text);
[[nodiscard]] std::string coloured(std::string_view text, Tone tone, bool colour);

}  // namespace moat
