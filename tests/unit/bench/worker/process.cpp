// Child processes: conversation, deadlines, endings, and that they die with their parent.
#include "bench/worker/process.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <fstream>

#include "tests/catch.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

ChildProcess shell(const std::string& script) {
  return ChildProcess({"/bin/sh", "-c", script});
}

/// Waits for one line for at most `seconds`.
ChildProcess::Reply receive(ChildProcess& child, std::string& line, double seconds) {
  Patience patience(seconds);
  return child.receive(line, patience);
}

bool alive(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string number;
  std::string program;
  std::string state;
  return stat >> number >> program >> state && state != "Z";
}

}  // namespace

TEST_CASE("lines go both ways, whole, however they arrive") {
  ChildProcess child = shell(
      "while read line <&3; do printf 'echo ' >&4; sleep 0.05; printf '%s\\nmore\\n' \"$line\" >&4; done");
  std::string line;
  for (const std::string text : {"one", "two"}) {
    REQUIRE(child.send(text));
    REQUIRE(receive(child, line, 10) == ChildProcess::Reply::line);
    CHECK(line == "echo " + text);
    REQUIRE(receive(child, line, 10) == ChildProcess::Reply::line);
    CHECK(line == "more");
  }
}

TEST_CASE("silence ends at the deadline and a hanging child can be ended") {
  ChildProcess child = shell("sleep 100");
  std::string line;
  CHECK(receive(child, line, 0.1) == ChildProcess::Reply::timed_out);
  CHECK_THAT(child.end(), ContainsSubstring("SIGKILL"));
}

TEST_CASE("a paused child does nothing until it is resumed, and can be ended") {
  ChildProcess child = shell("while read line <&3; do printf '%s\\n' \"$line\" >&4; done");
  std::string line;
  child.pause();
  REQUIRE(child.send("one"));
  CHECK(receive(child, line, 0.2) == ChildProcess::Reply::timed_out);
  child.resume();
  REQUIRE(receive(child, line, 10) == ChildProcess::Reply::line);
  CHECK(line == "one");
  child.pause();
  CHECK(child.end() == "exited with status 0");
}

TEST_CASE("how a child ended is told, with its last words") {
  ChildProcess crashed = shell("echo goodbye; echo cruel world >&2; kill -SEGV $$");
  std::string line;
  CHECK(receive(crashed, line, 10) == ChildProcess::Reply::ended);
  CHECK(crashed.end() == "killed by signal 11 (SIGSEGV)");
  CHECK(crashed.last_words() == "goodbye\ncruel world\n");
  ChildProcess left = shell("exit 3");
  CHECK(receive(left, line, 10) == ChildProcess::Reply::ended);
  CHECK(left.end() == "exited with status 3");
}

TEST_CASE("a child that talks without end does not block") {
  ChildProcess child = shell("echo done >&4; yes");
  std::string line;
  CHECK(receive(child, line, 30) == ChildProcess::Reply::line);
  CHECK(receive(child, line, 0.3) == ChildProcess::Reply::timed_out);
  CHECK(child.last_words().size() <= 8192);
}

TEST_CASE("a child dies with its parent, even if the parent is killed") {
  int report[2];
  REQUIRE(pipe(report) == 0);
  const pid_t parent = fork();
  REQUIRE(parent >= 0);
  if (parent == 0) {
    ChildProcess child = shell("sleep 100");
    const pid_t pid = child.pid();
    (void)!write(report[1], &pid, sizeof pid);
    pause();
    _exit(0);
  }
  pid_t child = 0;
  REQUIRE(read(report[0], &child, sizeof child) == sizeof child);
  REQUIRE(alive(child));
  kill(parent, SIGKILL);
  waitpid(parent, nullptr, 0);
  for (int i = 0; i < 100 && alive(child); ++i) usleep(20000);
  CHECK_FALSE(alive(child));
  close(report[0]);
  close(report[1]);
}

TEST_CASE("a child that cannot be executed is no child, and the reason is the system's") {
  const auto failure = [](const std::string& path) {
    return test::failure_of([&] { const ChildProcess child({path, "worker"}); });
  };
  CHECK_THAT(failure("/nonexistent/moat"), ContainsSubstring("a worker process cannot be started") &&
                                               ContainsSubstring("No such file or directory"));
  CHECK_THAT(failure("/etc"), ContainsSubstring("Permission denied"));
}

TEST_CASE("whether a child ended by itself is told from being ended") {
  ChildProcess left = shell("exit 3");
  std::string line;
  CHECK(receive(left, line, 10) == ChildProcess::Reply::ended);
  left.end();
  REQUIRE(left.own_status());
  CHECK(WEXITSTATUS(*left.own_status()) == 3);
  ChildProcess hung = shell("sleep 100");
  hung.end();
  CHECK_FALSE(hung.own_status());
}

TEST_CASE("descriptors that have run out are named") {
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit few = before;
  few.rlim_cur = 12;
  REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
  const std::string said = test::failure_of([] { ChildProcess child = shell("exit 0"); });
  setrlimit(RLIMIT_NOFILE, &before);
  CHECK_THAT(said, ContainsSubstring("Too many open files") || ContainsSubstring("Invalid argument"));
}
