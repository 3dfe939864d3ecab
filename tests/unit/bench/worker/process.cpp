// Child processes: conversation, deadlines, endings, and that they die with their parent.
#include "bench/worker/process.h"

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <fstream>

#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

ChildProcess shell(const std::string& script) {
  return ChildProcess({"/bin/sh", "-c", script});
}

std::chrono::steady_clock::time_point in_seconds(double seconds) {
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(static_cast<int>(seconds * 1000));
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
    REQUIRE(child.receive(line, in_seconds(10)) == ChildProcess::Reply::line);
    CHECK(line == "echo " + text);
    REQUIRE(child.receive(line, in_seconds(10)) == ChildProcess::Reply::line);
    CHECK(line == "more");
  }
}

TEST_CASE("silence ends at the deadline and a hanging child can be ended") {
  ChildProcess child = shell("sleep 100");
  std::string line;
  CHECK(child.receive(line, in_seconds(0.1)) == ChildProcess::Reply::timed_out);
  CHECK_THAT(child.end(), ContainsSubstring("SIGKILL"));
}

TEST_CASE("a paused child does nothing until it is resumed, and can be ended") {
  ChildProcess child = shell("while read line <&3; do printf '%s\\n' \"$line\" >&4; done");
  std::string line;
  child.pause();
  REQUIRE(child.send("one"));
  CHECK(child.receive(line, in_seconds(0.2)) == ChildProcess::Reply::timed_out);
  child.resume();
  REQUIRE(child.receive(line, in_seconds(10)) == ChildProcess::Reply::line);
  CHECK(line == "one");
  child.pause();
  CHECK(child.end() == "exited with status 0");
}

TEST_CASE("how a child ended is told, with its last words") {
  ChildProcess crashed = shell("echo goodbye; echo cruel world >&2; kill -SEGV $$");
  std::string line;
  CHECK(crashed.receive(line, in_seconds(10)) == ChildProcess::Reply::ended);
  CHECK(crashed.end() == "killed by signal 11 (SIGSEGV)");
  CHECK(crashed.last_words() == "goodbye\ncruel world\n");
  ChildProcess left = shell("exit 3");
  CHECK(left.receive(line, in_seconds(10)) == ChildProcess::Reply::ended);
  CHECK(left.end() == "exited with status 3");
}

TEST_CASE("a child that talks without end does not block") {
  ChildProcess child = shell("echo done >&4; yes");
  std::string line;
  CHECK(child.receive(line, in_seconds(30)) == ChildProcess::Reply::line);
  CHECK(child.receive(line, in_seconds(0.3)) == ChildProcess::Reply::timed_out);
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
