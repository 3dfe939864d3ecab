// Small text helpers that every room needs: nearest names for error messages, glob matching, splitting.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace moat {

/// Up to three candidates closest to `text` by edit distance (Levenshtein), nearest first; only plausible
/// ones (distance at most half of the longer length).
[[nodiscard]] std::vector<std::string> nearest(std::string_view text,
                                               std::span<const std::string> candidates);
/// " Did you mean a, b or c?" or "" if nothing is near.
[[nodiscard]] std::string did_you_mean(std::string_view text, std::span<const std::string> candidates);
/// Shell-style match of the whole text: '*' any run, '?' any one character; no brackets.
[[nodiscard]] bool glob_match(std::string_view pattern, std::string_view text);
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view separator);

}  // namespace moat
