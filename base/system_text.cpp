// Lines and numbers of the system's text files.
#include "base/system_text.h"

#include <charconv>
#include <fstream>
#include <sstream>

#include "base/text.h"

namespace moat {

std::string_view trim(std::string_view text) {
  constexpr std::string_view blank{" \t\r\n\0", 5};
  const std::size_t first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::optional<std::string_view> field(std::string_view text, std::string_view key, char separator) {
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t at = line.find(separator);
    if (at != std::string_view::npos && trim(line.substr(0, at)) == key) return trim(line.substr(at + 1));
  }
  return std::nullopt;
}

std::optional<std::size_t> leading_number(std::string_view text) {
  text = trim(text);
  std::size_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end == text.data()) return std::nullopt;
  return value;
}

std::string system_text(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace moat
