// Nearest names, characters, glob matching, splitting.
#include "base/text.h"

#include <utf8.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace moat {
namespace {

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

}  // namespace

std::vector<std::string> nearest(std::string_view text, std::span<const std::string> candidates) {
  constexpr std::size_t longest_compared = 256;  // what a person types; hostile input costs no quadratic time
  if (text.size() > longest_compared) return {};
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > longest_compared) continue;
    const std::size_t distance = edit_distance(text, candidate);
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
  const std::vector<std::string> names = nearest(text, candidates);
  if (names.empty()) return "";
  std::string sentence = " Did you mean " + names[0];
  for (std::size_t i = 1; i < names.size(); ++i)
    sentence += (i + 1 == names.size() ? " or " : ", ") + names[i];
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
  constexpr std::size_t longest = 4;  // bytes of a character
  const char* at = text.data();
  if (utf8::find_invalid(at, at + std::min(text.size(), longest)) == at) {
    return {static_cast<std::uint8_t>(*at), 1, false};
  }
  const char32_t value = utf8::unchecked::next(at);
  return {value, static_cast<std::size_t>(at - text.data()), true};
}

}  // namespace moat
