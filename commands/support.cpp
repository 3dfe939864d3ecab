// What several commands share: paths, defaults, quoting.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/output.h"
#include "base/text.h"
#include "bench/tune/tuned.h"
#include "commands/commands.h"

namespace moat {
namespace {

// What Ctrl-C prints: prepared beforehand, since a signal handler may only write.
std::string interruption_note;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

extern "C" void on_interrupt(int signal) {
  (void)!write(STDERR_FILENO, interruption_note.data(), interruption_note.size());
  _exit(128 + signal);  // workers die with this process; what is finished is on disk
}

/// A value that names a file or folder when it is given to `option`; a suite's or "none" may be a name
/// instead.
bool is_path(std::string_view option, std::string_view value) {
  constexpr std::array<std::string_view, 5> folders{"--store", "--kernel-dir", "--output", "-o", "--export"};
  if (value.empty() || value == "-") return false;
  if (option == "--tuning") return value != no_tuning;
  if (option == "--suite") return value.ends_with(".toml") || value.find('/') != std::string_view::npos;
  return std::ranges::find(folders, option) != folders.end();
}

/// A word of a command line with its path absolute: the value after `before`, or "--option=value".
std::string absolute_word(std::string_view before, std::string_view word) {
  if (is_path(before, word)) return absolute_path(word).string();
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos || !is_path(word.substr(0, equals), word.substr(equals + 1)))
    return std::string(word);
  return std::string(word.substr(0, equals + 1)) + absolute_path(word.substr(equals + 1)).string();
}

}  // namespace

int guarded_main(std::string_view program, const std::function<int()>& run) {
  try {
    return run();
  } catch (const std::exception& error) {
    say("{}: {}", program, failure_text(error));
  }
  return exit_usage;
}

void arm_interruption(const std::string& note) {
  interruption_note = "\nmoat: interrupted; " + printable(note) + "\n";
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    if (std::signal(number, on_interrupt) == SIG_IGN) std::signal(number, SIG_IGN);  // nohup, or a shell's &
  }
}

std::string this_executable() {
  return "/proc/self/exe";  // the image that runs, also where its file was replaced or removed
}

std::string default_store() {
  const char* named = std::getenv("MOAT_STORE");
  return named != nullptr && *named != '\0' ? named : "moat-store";
}

std::string store_option(const std::string& store) {
  return " --store " + shell_quoted(absolute_path(store).string());
}

std::string this_command_line() {
  std::ifstream stream("/proc/self/cmdline", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  std::vector<std::string> words;
  for (const std::string_view word :
       split(std::string_view(text).substr(0, text.empty() ? 0 : text.size() - 1), '\0')) {
    words.push_back(absolute_word(words.empty() ? "" : words.back(), word));
  }
  return shell_command(words);
}

}  // namespace moat
