// A child process with which lines of text are exchanged. It ends when its parent ends, however that happens.
// Linux and POSIX only; must not know cases or records.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "bench/worker/patience.h"

namespace moat {

/// The child's file descriptors for requests and replies. Its standard output and standard error are captured
/// as its last words.
inline constexpr int child_request_fd = 3;
inline constexpr int child_reply_fd = 4;

/// The child could not be started: no process, descriptor or memory is left, or the file cannot be executed.
class CannotStart : public UsageError {
  using UsageError::UsageError;
};

class ChildProcess {
 public:
  /// Starts `arguments[0]` (a path) with the rest as its arguments. Throws CannotStart.
  explicit ChildProcess(const std::vector<std::string>& arguments);
  /// Kills the child if it still runs, and waits for it.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// False if the child no longer reads.
  bool send(const std::string& line);

  enum class Reply { line, ended, timed_out };
  /// Waits for one line (without its newline) as long as `patience` lasts.
  Reply receive(std::string& line, Patience& patience);

  /// Stops the child until resume(): its threads take no time from what else is measured.
  void pause();
  void resume();

  /// Kills the child if it still runs. Returns "killed by signal 11 (SIGSEGV)" or "exited with status 1".
  std::string end();
  /// After end(): the status of wait(2); nothing if the child did not end by itself.
  [[nodiscard]] std::optional<int> own_status() const { return own_status_; }

  /// The end of what the child wrote to standard output and error, at most 8 KiB.
  [[nodiscard]] const std::string& last_words() const { return last_words_; }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  void drain_words();

  pid_t pid_ = -1;
  int request_ = -1;
  int reply_ = -1;
  int words_ = -1;
  std::string pending_;
  std::string last_words_;
  std::optional<std::string> ending_;
  std::optional<int> own_status_;
};

}  // namespace moat
