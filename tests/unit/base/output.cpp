// Standard streams that are closed, full or without a reader, and what of a text reaches them.
#include "base/output.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <functional>

#include "base/error.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Descriptor `number` stands for `other` while this lives.
class Redirected {
 public:
  Redirected(int number, int other) : number_(number), saved_(dup(number)) { dup2(other, number); }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;
  ~Redirected() {
    dup2(saved_, number_);
    close(saved_);
  }

 private:
  int number_;
  int saved_;
};

/// What `action` writes to a pipe in the place of descriptor `number`.
std::string written(int number, const std::function<void()>& action) {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  {
    const Redirected redirected(number, ends[1]);
    action();
  }
  close(ends[1]);
  std::string text;
  std::array<char, 4096> chunk{};
  for (ssize_t got = 0; (got = read(ends[0], chunk.data(), chunk.size())) > 0;)
    text.append(chunk.data(), static_cast<std::size_t>(got));
  close(ends[0]);
  return text;
}

/// A pipe that nobody reads any more.
int broken_pipe() {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  close(ends[0]);
  return ends[1];
}

/// The exit status of `action` in a process of its own.
int status_of(const std::function<int()>& action) {
  const pid_t child = fork();
  if (child == 0) _exit(action());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("what is written is what arrives, lines and CSV's line ends included") {
  CHECK(written(STDOUT_FILENO, [] { write_output("a\nb\r\n\u00b5\n"); }) == "a\nb\r\n\u00b5\n");
  CHECK(written(STDOUT_FILENO, [] { print("{} of {}\n", 1, "two"); }) == "1 of two\n");
  CHECK(written(STDERR_FILENO, [] { say("{} cases", 3); }) == "3 cases\n");
}

TEST_CASE("nothing in a text steers a terminal") {
  const std::string mark = "\xEF\xBF\xBD";
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    const std::string text = written(stream, [&] {
      const std::string name = "GPU\x1b[2J\x1b]0;x\x07\u202e\r!\xff";
      if (stream == STDOUT_FILENO) {
        print("{}\n", name);
      } else {
        say("{}", name);
      }
    });
    CHECK(text == "GPU" + mark + "[2J" + mark + "]0;x" + mark + mark + " !" + mark + "\n");
  }
  // Where there is no terminal, colours are control characters like others.
  CHECK(written(STDOUT_FILENO, [] { write_output("\x1b[31mred\x1b[0m"); }) ==
        mark + "[31mred" + mark + "[0m");
}

TEST_CASE("a stream for errors that is closed, full or without reader is no error") {
  const int full = open("/dev/full", O_WRONLY);
  const int broken = broken_pipe();
  CHECK(status_of([&] {
          prepare_standard_streams();
          for (const int stream : {full, broken}) {
            dup2(stream, STDERR_FILENO);
            say("lost");
          }
          close(STDERR_FILENO);
          say("lost");
          return 7;
        }) == 7);
  close(full);
  close(broken);
}

TEST_CASE("output that cannot be written whole is an error, a reader who has seen enough is none") {
  const int full = open("/dev/full", O_WRONLY);
  const auto outcome = [](int stream) {
    return status_of([stream] {
      prepare_standard_streams();
      if (stream >= 0) {
        dup2(stream, STDOUT_FILENO);
      } else {
        close(STDOUT_FILENO);
        prepare_standard_streams();
      }
      try {
        write_output("a table\n");
        write_output("another\n");
      } catch (const UsageError&) {
        return 2;
      }
      return 0;
    });
  };
  CHECK(outcome(full) == 2);
  CHECK(outcome(-1) == 2);
  const int broken = broken_pipe();
  CHECK(outcome(broken) == 0);
  close(full);
  close(broken);
  // A terminal that was closed, as for a run that goes on after its connection dropped.
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE((terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0));
  const int hung_up = open(ptsname(terminal), O_RDWR | O_NOCTTY);
  close(terminal);
  CHECK(outcome(hung_up) == 0);
  close(hung_up);
}

TEST_CASE("no file gets the number of a standard stream that was closed") {
  for (int closed = 0; closed < 8; ++closed) {
    CAPTURE(closed);
    CHECK(status_of([closed] {
            for (int number = 0; number < 3; ++number) {
              if ((closed >> number & 1) != 0) close(number);
            }
            prepare_standard_streams();
            return open("/dev/null", O_RDONLY) > STDERR_FILENO ? 0 : 1;
          }) == 0);
  }
}
