// Text functions for all rooms: text from outside made printable, words quoted for a shell, nearest names for
// error messages, glob matching, splitting. Must not know where a text goes.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace moat {

/// The candidate that other tools call `text` ("fp16" for "f16"), if there is one. Otherwise up to three with
/// the smallest edit distance (Levenshtein, capitals like small letters) to it, nearest first; only those
/// with a distance of at most half of the longer length.
[[nodiscard]] std::vector<std::string> nearest(std::string_view text,
                                               std::span<const std::string> candidates);
/// " Did you mean a, b or c?", or "" if no candidate is near.
[[nodiscard]] std::string did_you_mean(std::string_view text, std::span<const std::string> candidates);
/// The same sentence about names that were chosen in another way; "" for none.
[[nodiscard]] std::string did_you_mean(std::span<const std::string> near);

/// The character at the beginning of a text that is not empty, strictly: no overlong forms, no surrogates,
/// nothing beyond U+10FFFF. Where it is malformed, one byte, whose value stands for itself.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
  bool is_valid = false;
};
[[nodiscard]] CodePoint first_code_point(std::string_view text);

/// One line of text from a driver, a file, the environment or the command line, fit for a terminal and for a
/// file: valid UTF-8 in which every character shows. Tabs and line ends become blanks; U+FFFD stands for
/// malformed bytes, for the other control characters (C0, DEL, C1), for the marks that turn the direction of
/// text, for whatever has no width (Unicode's Default_Ignorable_Code_Point but for variation selectors), for
/// line and paragraph separators and for noncharacters.
[[nodiscard]] std::string printable(std::string_view text);
/// The same for a text of several lines: '\n' stays.
[[nodiscard]] std::string printable_lines(std::string_view text);
/// The same where a name is expected: `otherwise` instead of a name in which nothing shows.
[[nodiscard]] std::string printable_name(std::string_view name, std::string_view otherwise = "(unnamed)");

/// The word, quoted so that a shell reads it back unchanged; itself where no quoting is needed. Always
/// printable: a word that is not is written as $'…', which bash, zsh, ksh and POSIX.1-2024 know.
[[nodiscard]] std::string shell_quoted(std::string_view word);
/// The words of a command, each quoted, with a blank between them.
[[nodiscard]] std::string shell_command(std::span<const std::string> words);

/// Shell-style match of the whole text: '*' any run, '?' any one character; no brackets.
[[nodiscard]] bool glob_match(std::string_view pattern, std::string_view text);
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view separator);

}  // namespace moat
