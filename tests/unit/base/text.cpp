// Nearest names and globs.
#include "base/text.h"

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

TEST_CASE("characters are decoded strictly, and a malformed byte stands for itself") {
  const auto is = [](std::string_view text, char32_t value, std::size_t bytes, bool is_valid) {
    const CodePoint found = first_code_point(text);
    return found.value == value && found.bytes == bytes && found.is_valid == is_valid;
  };
  CHECK(is("a", U'a', 1, true));
  CHECK(is("\u00b5s", U'\u00b5', 2, true));
  CHECK(is("\u6607", U'\u6607', 3, true));
  CHECK(is("\U0001f600", U'\U0001f600', 4, true));
  for (const std::string_view text :
       {"\xff\x1b", "\xe2\x80\n", "\xe2\x80", "\xc0\x9b", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80"}) {
    CHECK(is(text, static_cast<unsigned char>(text.front()), 1, false));
  }
}
