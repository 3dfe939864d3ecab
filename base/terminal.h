// Text on a terminal: its width and colours. Must not know tables.
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
[[nodiscard]] std::string coloured(std::string_view text, Tone tone, bool colour);

}  // namespace moat
