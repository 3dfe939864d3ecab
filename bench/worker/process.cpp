// fork, exec, pipes and poll. Boost.Process cannot ask for the child's death with its parent, which a killed
// coordinator needs: an orphaned worker would go on loading the device (docs/adr/0004).
#include "bench/worker/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): POSIX, not C++
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <system_error>

#include "base/exhaustion.h"

namespace moat {
namespace {

constexpr std::size_t most_words = 8192;

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

CannotStart cannot_start(std::string_view call, int error) {
  const std::system_error failed(error, std::generic_category(), std::string(call));
  return CannotStart(fmt::format("a worker process cannot be started: {}", failure_text(failed)));
}

/// `is_socket`: a write to it when nobody reads any more raises no signal.
Pipe make_pipe(bool is_socket) {
  std::array<int, 2> ends{};
  if (is_socket && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw cannot_start("socketpair", errno);
  if (!is_socket && pipe2(ends.data(), O_CLOEXEC) != 0) throw cannot_start("pipe2", errno);
  // Away from 0 to 4, which the child's own descriptors take.
  for (int& end : ends) {
    const int moved = fcntl(end, F_DUPFD_CLOEXEC, 10);
    if (moved < 0) throw cannot_start("fcntl(F_DUPFD_CLOEXEC)", errno);
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
                               const Pipe& failure, const char* path, char* const* arguments) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // the parent died before the line above
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(words.write_end, STDOUT_FILENO);
  dup2(words.write_end, STDERR_FILENO);
  dup2(request.read_end, child_request_fd);
  dup2(reply.write_end, child_reply_fd);
  execv(path, arguments);
  const int error = errno;
  (void)!write(failure.write_end, &error, sizeof error);  // it closes by itself where the execution succeeds
  _exit(127);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments) {
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  const char* path = arguments[0].c_str();
  std::string name = "moat";  // what a driver calls the program in its messages, instead of "exe"
  if (arguments[0] == "/proc/self/exe") pointers[0] = name.data();
  Pipe request = make_pipe(true);
  Pipe reply = make_pipe(false);
  Pipe words = make_pipe(false);
  Pipe failure = make_pipe(false);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) throw cannot_start("fork", errno);
  if (pid_ == 0) become_child(parent, request, reply, words, failure, path, pointers.data());
  close_if_open(request.read_end);
  close_if_open(reply.write_end);
  close_if_open(words.write_end);
  request_ = request.write_end;
  reply_ = reply.read_end;
  words_ = words.read_end;
  fcntl(words_, F_SETFL, O_NONBLOCK);
  close_if_open(failure.write_end);
  int error = 0;
  ssize_t told = 0;
  do {
    told = read(failure.read_end, &error, sizeof error);
  } while (told < 0 && errno == EINTR);
  close_if_open(failure.read_end);
  if (told != sizeof error) return;
  end();
  close_if_open(reply_);
  close_if_open(words_);
  throw cannot_start(fmt::format("executing {}", arguments[0]), error);
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
    const ssize_t count = ::send(request_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
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

ChildProcess::Reply ChildProcess::receive(std::string& line, Patience& patience) {
  while (true) {
    if (const std::size_t newline = pending_.find('\n'); newline != std::string::npos) {
      line = pending_.substr(0, newline);
      pending_.erase(0, newline + 1);
      return Reply::line;
    }
    const double left = patience.left();
    if (left <= 0) return Reply::timed_out;
    std::array<pollfd, 2> sources{pollfd{reply_, POLLIN, 0}, pollfd{words_, POLLIN, 0}};
    const int ready = poll(sources.data(), sources.size(), static_cast<int>(std::ceil(1000 * left)));
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
  const bool ended_by_itself = gone == pid_;
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
  if (gone == pid_ && ended_by_itself) own_status_ = status;
  ending_ = gone == pid_ ? describe(status) : "ended in an unknown way";
  return *ending_;
}

}  // namespace moat
