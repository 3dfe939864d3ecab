// What is said of an error, whoever threw it.
#include "base/error.h"

#include <cerrno>
#include <filesystem>
#include <new>
#include <system_error>

#include "tests/catch.h"

using namespace moat;
namespace fs = std::filesystem;

TEST_CASE("our own errors are said as they are") {
  CHECK(failure_text(UsageError("--rounds: 'x' is no number")) == "--rounds: 'x' is no number");
}

TEST_CASE("std::filesystem's errors are a path and words, without what the library calls itself") {
  const std::error_code missing = std::make_error_code(std::errc::no_such_file_or_directory);
  CHECK(failure_text(fs::filesystem_error("cannot make absolute path", "a b", missing)) ==
        "a b: No such file or directory");
  CHECK(failure_text(fs::filesystem_error("rename", "a", "b", missing)) ==
        "a to b: No such file or directory");
  CHECK(failure_text(fs::filesystem_error("cannot make absolute path", missing)) ==
        "the working folder: No such file or directory");
}

TEST_CASE("errors of system calls keep the call and its words") {
  CHECK(failure_text(std::system_error(EMFILE, std::generic_category(), "pipe2")) ==
        "pipe2: Too many open files; raise the limit of open files (ulimit -n)");
  CHECK(failure_text(std::system_error(EMFILE, std::generic_category())) ==
        "the system: Too many open files; raise the limit of open files (ulimit -n)");
}

TEST_CASE("the JSON library's names for its errors are not shown") {
  CHECK(
      failure_text(std::runtime_error("[json.exception.type_error.302] type must be number, but is null")) ==
      "a JSON document is not as expected: type must be number, but is null");
}

TEST_CASE("want of memory has words") {
  CHECK(failure_text(std::bad_alloc()) == "the host has no memory left");
}
