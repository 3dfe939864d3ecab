// The operating system's small text files, such as those of /proc, /sys and control groups: what stands in
// their lines. Must not know what any of them means.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace moat {

/// Without blanks, line ends and zeros around it.
[[nodiscard]] std::string_view trim(std::string_view text);

/// Value of the first line "<key> <separator> <value>".
[[nodiscard]] std::optional<std::string_view> field(std::string_view text, std::string_view key,
                                                    char separator);

/// The whole number that the text begins with, whatever follows: 12 of "12 kB".
[[nodiscard]] std::optional<std::size_t> leading_number(std::string_view text);

/// The whole file; empty if it cannot be read.
[[nodiscard]] std::string system_text(const std::filesystem::path& path);

}  // namespace moat
