// fork, exec, pipes and poll. Boost.Process cannot ask for the child's death with its parent, which a killed
// coordinator needs: an orphaned worker would go on loading the device (docs/adr/0004).
#include "bench/worker/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): POSIX, not C++
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

namespace moat {
namespace {

constexpr std::size_t most_words = 8192;

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  // Away from 0 to 4, which the child's own descriptors take.
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
  for (int& end : ends) {
    const int moved = fcntl(end, F_DUPFD_CLOEXEC, 10);
    if (moved < 0) throw std::system_error(errno, std::generic_category(), "fcntl(F_DUPFD_CLOEXEC)");
    close(end);
    end = moved;
  }
  return {ends[0], ends[1]};
}

void close_if_open(int& descriptor) {
  if (descriptor >= 0) close(descriptor);
  descriptor = -1;
}

std::string describe(int status) {
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    const char* abbreviation = sigabbrev_np(number);
    return "killed by signal " + std::to_string(number) +
           (abbreviation == nullptr ? "" : std::string(" (SIG") + abbreviation + ")");
  }
  return "exited with status " + std::to_string(WEXITSTATUS(status));
}

// Only async-signal-safe calls from here to exec.
[[noreturn]] void become_child(pid_t parent, const Pipe& request, const Pipe& reply, const Pipe& words,
                               char* const* arguments) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // the parent died before the line above
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(words.write_end, STDOUT_FILENO);
  dup2(words.write_end, STDERR_FILENO);
  dup2(request.read_end, child_request_fd);
  dup2(reply.write_end, child_reply_fd);
  execv(arguments[0], arguments);
  const char* message = "cannot execute the worker\n";
  (void)!write(STDERR_FILENO, message, std::strlen(message));
  _exit(127);
}

}  // namespace

std::chrono::steady_clock::time_point from_now(double seconds) {
  return std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                                std::chrono::duration<double>(seconds));
}

ChildProcess::ChildProcess(const std::vector<std::string>& arguments) {
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  Pipe request = make_pipe();
  Pipe reply = make_pipe();
  Pipe words = make_pipe();
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) become_child(parent, request, reply, words, pointers.data());
  close_if_open(request.read_end);
  close_if_open(reply.write_end);
  close_if_open(words.write_end);
  request_ = request.write_end;
  reply_ = reply.read_end;
  words_ = words.read_end;
  fcntl(words_, F_SETFL, O_NONBLOCK);
}

ChildProcess::~ChildProcess() {
  end();
  close_if_open(request_);
  close_if_open(reply_);
  close_if_open(words_);
}

bool ChildProcess::send(const std::string& line) {
  const std::string text = line + "\n";
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t count = write(request_, text.data() + sent, text.size() - sent);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;  // EPIPE: SIGPIPE is ignored by the coordinator
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

// At most a pipe's content at once:
// a driver that prints without end must not keep the deadline from being seen.
void ChildProcess::drain_words() {
  std::array<char, 4096> chunk{};
  for (int reads = 0; reads < 16; ++reads) {
    const ssize_t count = read(words_, chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      if (count == 0) close_if_open(words_);
      break;
    }
    last_words_.append(chunk.data(), static_cast<std::size_t>(count));
  }
  if (last_words_.size() > most_words) last_words_.erase(0, last_words_.size() - most_words);
}

ChildProcess::Reply ChildProcess::receive(std::string& line, std::chrono::steady_clock::time_point deadline) {
  while (true) {
    if (const std::size_t newline = pending_.find('\n'); newline != std::string::npos) {
      line = pending_.substr(0, newline);
      pending_.erase(0, newline + 1);
      return Reply::line;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now())
            .count();
    if (left <= 0) return Reply::timed_out;
    std::array<pollfd, 2> sources{pollfd{reply_, POLLIN, 0}, pollfd{words_, POLLIN, 0}};
    const int ready = poll(sources.data(), sources.size(), static_cast<int>(std::min<long long>(left, 1000)));
    if (ready < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
    if (ready <= 0) continue;
    if (sources[1].revents != 0) drain_words();
    if (sources[0].revents == 0) continue;
    std::array<char, 65536> chunk{};
    const ssize_t count = read(reply_, chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return Reply::ended;
    pending_.append(chunk.data(), static_cast<std::size_t>(count));
  }
}

void ChildProcess::pause() {
  if (!ending_) kill(pid_, SIGSTOP);
}

void ChildProcess::resume() {
  if (!ending_) kill(pid_, SIGCONT);
}

std::string ChildProcess::end() {
  if (ending_) return *ending_;
  resume();
  int status = 0;
  // A child that closed its pipe is about to end by itself: its own ending says more than our signal.
  const auto patience = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
  pid_t gone = 0;
  close_if_open(request_);
  while ((gone = waitpid(pid_, &status, WNOHANG)) == 0 && std::chrono::steady_clock::now() < patience)
    usleep(2000);
  if (gone == 0) {
    kill(pid_, SIGKILL);
    // A process stuck inside a driver's call into the kernel does not even die of this.
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while ((gone = waitpid(pid_, &status, WNOHANG)) == 0 && std::chrono::steady_clock::now() < limit)
      usleep(2000);
    if (gone == 0) {
      ending_ = "did not end after SIGKILL: it is stuck in a driver call";
      return *ending_;
    }
  }
  if (words_ >= 0) drain_words();
  ending_ = gone == pid_ ? describe(status) : "ended in an unknown way";
  return *ending_;
}

}  // namespace moat
