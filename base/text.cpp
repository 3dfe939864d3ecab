// Printable text, quoted words, nearest names, glob matching, splitting.
#include "base/text.h"

#include <fmt/format.h>
#include <utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace moat {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string made;
  for (const char c : text) made += lower(c);
  return made;
}

/// What other tools call what has another name here; the text itself if it is none of them.
std::string_view our_word(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 30> words{
      {{"half", "f16"},       {"fp16", "f16"},         {"float16", "f16"},
       {"binary16", "f16"},   {"single", "f32"},       {"float", "f32"},
       {"fp32", "f32"},       {"float32", "f32"},      {"double", "f64"},
       {"fp64", "f64"},       {"float64", "f64"},      {"bfloat16", "bf16"},
       {"bfloat", "bf16"},    {"int8", "i8"},          {"s8", "i8"},
       {"char", "i8"},        {"int32", "i32"},        {"s32", "i32"},
       {"int", "i32"},        {"cpu", "host"},         {"matmul", "gemm"},
       {"mm", "gemm"},        {"sgemm", "gemm"},       {"dgemm", "gemm"},
       {"hgemm", "gemm"},     {"conv", "convolution"}, {"conv2d", "convolution"},
       {"sdpa", "attention"}, {"mha", "attention"},    {"markdown", "md"}}};
  const auto found = std::ranges::find(words, text, &std::pair<std::string_view, std::string_view>::first);
  return found == words.end() ? text : found->second;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, substitute}));
    }
  }
  return row[b.size()];
}

/// Whether nothing of the character shows, or more than itself: see printable.
bool is_unseen(char32_t point) {
  if (point < 0x20 || (point >= 0x7f && point < 0xa0)) return true;
  // Default_Ignorable_Code_Point (DerivedCoreProperties.txt) without the variation selectors, which belong to
  // the character before them; separators of lines and paragraphs; interlinear annotations; noncharacters.
  static constexpr std::array<std::pair<char32_t, char32_t>, 17> unseen{{{0x00ad, 0x00ad},
                                                                         {0x034f, 0x034f},
                                                                         {0x061c, 0x061c},
                                                                         {0x115f, 0x1160},
                                                                         {0x17b4, 0x17b5},
                                                                         {0x180b, 0x180f},
                                                                         {0x200b, 0x200f},
                                                                         {0x2028, 0x202e},
                                                                         {0x2060, 0x206f},
                                                                         {0x3164, 0x3164},
                                                                         {0xfdd0, 0xfdef},
                                                                         {0xfeff, 0xfeff},
                                                                         {0xffa0, 0xffa0},
                                                                         {0xfff0, 0xfffb},
                                                                         {0x1bca0, 0x1bca3},
                                                                         {0x1d173, 0x1d17a},
                                                                         {0xe0000, 0xe0fff}}};
  const bool is_listed = std::any_of(unseen.begin(), unseen.end(), [&](const auto& range) {
    return range.first <= point && point <= range.second;
  });
  return is_listed || (point & 0xfffeU) == 0xfffe;
}

std::string shown(std::string_view text, bool keeps_lines) {
  constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD
  std::string made;
  made.reserve(text.size());
  while (!text.empty()) {
    const auto [point, bytes, is_valid] = first_code_point(text);
    if (point == '\n' && keeps_lines) {
      made += '\n';
    } else if (point == '\t' || point == '\n' || point == '\r') {
      made += ' ';
    } else if (!is_valid || is_unseen(point)) {
      made += replacement;
    } else {
      made += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  return made;
}

/// $'…' with every byte that is not printable ASCII in octal.
std::string octal_quoted(std::string_view word) {
  std::string text = "$'";
  for (const char c : word) {
    if (c == '\'' || c == '\\') {
      text += std::string("\\") + c;
    } else if (c >= 0x20 && c < 0x7f) {
      text += c;
    } else {
      text += fmt::format("\\{:03o}", static_cast<std::uint8_t>(c));
    }
  }
  return text + "'";
}

}  // namespace

std::string printable(std::string_view text) {
  return shown(text, false);
}

std::string printable_lines(std::string_view text) {
  return shown(text, true);
}

std::string printable_name(std::string_view name, std::string_view otherwise) {
  std::string made = printable(name);
  return made.find_first_not_of(' ') == std::string::npos ? std::string(otherwise) : made;
}

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view harmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
  const bool is_harmless = !word.empty() && word.front() != '=' &&  // zsh: a command's path
                           word.find_first_not_of(harmless) == std::string_view::npos;
  if (is_harmless) return std::string(word);
  if (printable(word) != word) return octal_quoted(word);
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string shell_command(std::span<const std::string> words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + shell_quoted(word);
  return line;
}

std::vector<std::string> nearest(std::string_view text, std::span<const std::string> candidates) {
  constexpr std::size_t longest_compared = 256;  // what a person types; hostile input costs no quadratic time
  if (text.size() > longest_compared) return {};
  const std::string typed = lower(text);
  if (const std::string_view ours = our_word(typed); ours != typed) {
    // "cpu" also stands for a device of the host: "host:0".
    const auto same = std::ranges::find_if(
        candidates, [&](const std::string& name) { return name.substr(0, name.find(':')) == ours; });
    if (same != candidates.end()) return {*same};
  }
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > longest_compared) continue;
    const std::size_t distance = edit_distance(typed, lower(candidate));
    if (2 * distance <= std::max(text.size(), candidate.size())) ranked.emplace_back(distance, candidate);
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (const auto& [distance, candidate] : ranked) {
    if (names.size() == 3) break;
    if (std::find(names.begin(), names.end(), candidate) == names.end()) names.push_back(candidate);
  }
  return names;
}

std::string did_you_mean(std::string_view text, std::span<const std::string> candidates) {
  return did_you_mean(nearest(text, candidates));
}

std::string did_you_mean(std::span<const std::string> near) {
  if (near.empty()) return "";
  std::string sentence = " Did you mean " + near[0];
  for (std::size_t i = 1; i < near.size(); ++i) sentence += (i + 1 == near.size() ? " or " : ", ") + near[i];
  return sentence + "?";
}

bool glob_match(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) text += separator;
    text += parts[i];
  }
  return text;
}

CodePoint first_code_point(std::string_view text) {
  if (const auto byte = static_cast<std::uint8_t>(text.front()); byte < 0x80) return {byte, 1, true};
  constexpr std::size_t longest = 4;  // bytes of a character
  const char* at = text.data();
  if (utf8::find_invalid(at, at + std::min(text.size(), longest)) == at) {
    return {static_cast<std::uint8_t>(*at), 1, false};
  }
  const char32_t value = utf8::unchecked::next(at);
  return {value, static_cast<std::size_t>(at - text.data()), true};
}

}  // namespace moat
