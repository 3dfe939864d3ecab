// Text functions for all rooms: nearest names for error messages, glob matching, splitting.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace moat {

/// Up to three candidates with the smallest edit distance (Levenshtein) to `text`, nearest first; only those
/// with a distance of at most half of the longer length.
[[nodiscard]] std::vector<std::string> nearest(std::string_view text,
                                               std::span<const std::string> candidates);
/// " Did you mean a, b or c?", or "" if no candidate is near.
[[nodiscard]] std::string did_you_mean(std::string_view text, std::span<const std::string> candidates);
/// The character at the beginning of a text that is not empty, strictly: no overlong forms, no surrogates,
/// nothing beyond U+10FFFF. Where it is malformed, one byte, whose value stands for itself.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
  bool is_valid = false;
};
[[nodiscard]] CodePoint first_code_point(std::string_view text);

/// Shell-style match of the whole text: '*' any run, '?' any one character; no brackets.
[[nodiscard]] bool glob_match(std::string_view pattern, std::string_view text);
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view separator);

}  // namespace moat
