// write(2) instead of stdio: what was written is known at once, and nothing is left over for exit.
#include "base/output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <span>
#include <system_error>

#include "base/error.h"
#include "base/text.h"

namespace moat {
namespace {

/// All of `text`; errno of the first failure, 0 if there was none. `patience_ms`: how long a stream that
/// takes nothing at the moment (O_NONBLOCK) is waited for; negative: without end.
int write_whole(int descriptor, std::string_view text, int patience_ms) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd waiting{descriptor, POLLOUT, 0};
      if (::poll(&waiting, 1, patience_ms) == 0) return EAGAIN;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

/// What the text begins with and printable_lines would replace, though it is our own: a line end of CSV and,
/// on a terminal, a code of base/terminal.h or erase_line. Nothing if there is none.
std::string_view own_code(std::string_view text, bool is_terminal) {
  static constexpr std::array<std::string_view, 7> codes{"\r\n",     "\x1b[0m",  "\x1b[1m", "\x1b[2m",
                                                         "\x1b[31m", "\x1b[32m", erase_line};
  for (const std::string_view code : is_terminal ? std::span(codes) : std::span(codes).first(1)) {
    if (text.starts_with(code)) return code;
  }
  return "";
}

std::string harmless(std::string_view text, bool is_terminal) {
  std::string made;
  while (!text.empty()) {
    const std::string_view code = own_code(text, is_terminal);
    made += code;
    text.remove_prefix(code.size());
    const std::size_t next = std::min(text.find_first_of("\x1b\r", code.empty() ? 1 : 0), text.size());
    made += printable_lines(text.substr(0, next));
    text.remove_prefix(next);
  }
  return made;
}

/// A pipe, connection or terminal at whose other end nobody is any more.
bool is_unread(int descriptor, int error) {
  if (error == EPIPE || error == ECONNRESET) return true;
  struct stat status {};
  return error == EIO && ::fstat(descriptor, &status) == 0 && S_ISCHR(status.st_mode);
}

}  // namespace

void prepare_standard_streams() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error to handle, too
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    // The lowest number that is free is this one. Read-only for standard output: see write_output's EBADF.
    const int flags = descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY;
    if (::open("/dev/null", flags) < 0) (void)::open("/", O_RDONLY);  // no /dev: the number is what counts
  }
}

void write_output(std::string_view text) {
  write_own_output(harmless(text, ::isatty(STDOUT_FILENO) == 1));
}

void write_own_output(std::string_view text) {
  const int error = write_whole(STDOUT_FILENO, text, -1);
  if (error == 0 || is_unread(STDOUT_FILENO, error)) return;
  throw UsageError("cannot write to standard output: " +
                   (error == EBADF ? "it is closed" : std::generic_category().message(error)));
}

void write_error(std::string_view text) noexcept {
  constexpr int patience_ms = 100;
  try {
    (void)write_whole(STDERR_FILENO, harmless(text, ::isatty(STDERR_FILENO) == 1), patience_ms);
  } catch (...) {  // no memory for a message: the run is worth more than it
  }
}

}  // namespace moat
