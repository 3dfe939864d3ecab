// Files that refuse, and locks whose holder dies.
#include "base/files.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "tests/catch.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using test::content;
using test::failure_of;

TEST_CASE("a full disk refuses a line with its name and the way out") {
  LineFile file("/dev/full");
  CHECK_THROWS_WITH(file.append("line"),
                    ContainsSubstring("/dev/full: No space left on device; free some space"));
}

TEST_CASE(
    "a line that does not fit leaves the lines before it, and the next one fits again when there is room") {
  const test::ScratchFolder folder;
  LineFile file(folder / "lines");
  file.append("first");
  std::string failure;
  {
    const test::FileSizeLimit limit(10);
    failure = failure_of([&] { file.append("second line"); });
  }
  CHECK_THAT(failure, ContainsSubstring("lines: File too large"));
  CHECK(content(folder / "lines") == "first\n");
  file.append("third");
  CHECK(content(folder / "lines") == "first\nthird\n");
}

TEST_CASE("a file that cannot be replaced keeps its content and leaves no temporary file") {
  const test::ScratchFolder folder;
  replace_file(folder / "run.json", "old");
  std::string failure;
  {
    const test::FileSizeLimit limit(10);
    failure = failure_of([&] { replace_file(folder / "run.json", "more than ten bytes"); });
  }
  CHECK_THAT(failure, ContainsSubstring("cannot write") && ContainsSubstring("File too large"));
  CHECK(content(folder / "run.json") == "old");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
  replace_file(folder / "run.json", "new");
  CHECK(content(folder / "run.json") == "new");
}

TEST_CASE("only regular files of a sensible size are read") {
  const test::ScratchFolder folder;
  CHECK_THROWS_WITH(read_file(folder / "absent", 10), ContainsSubstring("No such file"));
  CHECK_THROWS_WITH(read_file(folder.path(), 10), ContainsSubstring("not a regular file"));
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  CHECK_THROWS_WITH(read_file(folder / "fifo", 10), ContainsSubstring("not a regular file"));
  test::write(folder / "large", "eleven byte");
  CHECK_THROWS_WITH(read_file(folder / "large", 10), ContainsSubstring("11 bytes, at most 10"));
  CHECK(read_file(folder / "large", 11) == "eleven byte");
}

TEST_CASE("a lock is held once, and whoever comes second learns by whom and for what") {
  const test::ScratchFolder folder;
  CHECK_FALSE(FileLock::holder(folder / "lock"));
  {
    const FileLock lock(folder / "lock", "run 1");
    CHECK_THROWS_WITH(FileLock(folder / "lock", "run 2"),
                      ContainsSubstring("process " + std::to_string(::getpid()) + " (run 1)"));
    const auto holder = FileLock::holder(folder / "lock");
    REQUIRE(holder);
    CHECK(holder->pid == ::getpid());
    CHECK(holder->note == "run 1");
  }
  CHECK_FALSE(FileLock::holder(folder / "lock"));
  const FileLock again(folder / "lock", "run 3");
  CHECK(FileLock::holder(folder / "lock")->note == "run 3");
}

TEST_CASE("a lock ends with a killed holder") {
  const test::ScratchFolder folder;
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const FileLock lock(folder / "lock", "doomed");
    if (::write(ready[1], "x", 1) == 1) ::pause();
    ::_exit(1);
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  CHECK_THROWS_WITH(FileLock(folder / "lock", "mine"), ContainsSubstring("process " + std::to_string(child)));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK_FALSE(FileLock::holder(folder / "lock"));
  const FileLock mine(folder / "lock", "mine");
  CHECK(FileLock::holder(folder / "lock")->pid == ::getpid());
  ::close(ready[0]);
  ::close(ready[1]);
}
