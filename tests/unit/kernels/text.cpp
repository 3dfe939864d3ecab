// Nearest names and globs.
#include "kernels/text.h"

#include "tests/catch.h"

using namespace moat;

TEST_CASE("globs match the whole text") {
  CHECK(glob_match("opencl:*", "opencl:0"));
  CHECK(glob_match("*/clblast", "library/clblast"));
  CHECK(glob_match("a?c", "abc"));
  CHECK(glob_match("*", ""));
  CHECK(glob_match("*a*b*", "xxaxxbxx"));
  CHECK_FALSE(glob_match("a", "ab"));
  CHECK_FALSE(glob_match("", "a"));
  CHECK_FALSE(glob_match("a*b", "a"));
}

TEST_CASE("near names are offered nearest first, distant ones not at all") {
  const std::vector<std::string> names{"standard", "quick", "deepbench-train"};
  CHECK(nearest("standart", names) == std::vector<std::string>{"standard"});
  CHECK(did_you_mean("quik", names) == " Did you mean quick?");
  CHECK(did_you_mean("zzzzzz", names).empty());
}

TEST_CASE("splitting keeps empty parts") {
  CHECK(split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
  CHECK(split("", ',') == std::vector<std::string_view>{""});
}
