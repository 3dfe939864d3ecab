// What several commands share: paths, defaults, quoting.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

#include "base/text.h"
#include "commands/commands.h"

namespace moat {
namespace {

// What Ctrl-C prints: prepared beforehand, since a signal handler may only write.
std::string interruption_note;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

extern "C" void on_interrupt(int signal) {
  (void)!write(STDERR_FILENO, interruption_note.data(), interruption_note.size());
  _exit(128 + signal);  // workers die with this process; what is finished is on disk
}

}  // namespace

void arm_interruption(const std::string& note) {
  interruption_note = "\nmoat: interrupted; " + note + "\n";
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    if (std::signal(number, on_interrupt) == SIG_IGN) std::signal(number, SIG_IGN);  // nohup, or a shell's &
  }
}

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view harmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
  if (!word.empty() && word.find_first_not_of(harmless) == std::string_view::npos) return std::string(word);
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

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
    line += (line.empty() ? "" : " ") + shell_quoted(word);
  }
  return line;
}

}  // namespace moat
