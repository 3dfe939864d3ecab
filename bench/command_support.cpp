// What several commands share: paths, defaults, quoting.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

#include "bench/commands.h"
#include "kernels/text.h"

namespace moat {
namespace {

std::string quoted(std::string_view word) {
  constexpr std::string_view harmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
  if (!word.empty() && word.find_first_not_of(harmless) == std::string_view::npos) return std::string(word);
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

std::string this_executable() {
  return std::filesystem::read_symlink("/proc/self/exe").string();
}

std::string default_store() {
  const char* named = std::getenv("MOAT_STORE");
  return named != nullptr && *named != '\0' ? named : "moat-store";
}

std::string this_command_line() {
  std::ifstream stream("/proc/self/cmdline", std::ios::binary);
  const std::string words{std::istreambuf_iterator<char>(stream), {}};
  std::string line;
  for (const std::string_view word :
       split(std::string_view(words).substr(0, words.empty() ? 0 : words.size() - 1), '\0')) {
    line += (line.empty() ? "" : " ") + quoted(word);
  }
  return line;
}

}  // namespace moat
