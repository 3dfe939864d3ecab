// Exhausted resources in words, each as what it is.
#include "base/exhaustion.h"

#include <cerrno>
#include <new>
#include <system_error>

#include "base/error.h"
#include "tests/catch.h"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using moat::exhausted_in;
using moat::failure_text;
using moat::way_out;

namespace {

std::string of_code(int code) {
  return failure_text(std::system_error(code, std::generic_category(), "call"));
}

}  // namespace

TEST_CASE("every limit that a call can meet is named with the way to raise it") {
  CHECK_THAT(of_code(ENOSPC), EndsWith("No space left on device; free some space"));
  CHECK_THAT(of_code(EDQUOT), ContainsSubstring("disk quota"));
  CHECK_THAT(of_code(EFBIG), ContainsSubstring("ulimit -f"));
  CHECK_THAT(of_code(EMFILE), ContainsSubstring("ulimit -n"));
  CHECK_THAT(of_code(ENFILE), ContainsSubstring("fs.file-max"));
  CHECK_THAT(of_code(EAGAIN), ContainsSubstring("ulimit -u") && ContainsSubstring("pids.max"));
  CHECK_THAT(of_code(ENOMEM), ContainsSubstring("memory"));
  CHECK_THAT(std::string(way_out(EACCES)), ContainsSubstring("permissions"));
  CHECK(of_code(EPERM) == "call: Operation not permitted");  // not every call is about a file
}

TEST_CASE("a dying program's words are searched for what ran out") {
  CHECK(exhausted_in("LLVM ERROR: IO failure on output stream: No space left on device") == ENOSPC);
  CHECK(exhausted_in("libgomp: Thread creation failed: Resource temporarily unavailable") == EAGAIN);
  CHECK(exhausted_in("terminate called after throwing an instance of 'std::bad_alloc'") == ENOMEM);
  CHECK(exhausted_in("LLVM ERROR: out of memory") == ENOMEM);
  CHECK(exhausted_in("Assertion `x' failed.") == 0);
  CHECK(exhausted_in("") == 0);
}

TEST_CASE("what is no exhausted resource has no advice") {
  CHECK(way_out(0).empty());
  CHECK(way_out(EINVAL).empty());
  CHECK(failure_text(moat::UsageError("wrong word")) == "wrong word");
  CHECK(failure_text(std::bad_alloc()) == "the host has no memory left");
}
