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

namespace {

bool is(std::string_view text, char32_t value, std::size_t bytes, bool is_valid) {
  const CodePoint found = first_code_point(text);
  return found.value == value && found.bytes == bytes && found.is_valid == is_valid;
}

}  // namespace

TEST_CASE("a character is decoded with its length, whatever follows it") {
  for (const std::string following : {"", "a", "\u00b5", "\xff", "\x80"}) {
    CAPTURE(following);
    CHECK(is("a" + following, U'a', 1, true));
    CHECK(is(std::string(1, '\0') + following, U'\0', 1, true));
    CHECK(is("\x7f" + following, 0x7f, 1, true));
    CHECK(is("\xc2\x80" + following, 0x80, 2, true));
    CHECK(is("\u00b5" + following, U'\u00b5', 2, true));
    CHECK(is("\u07ff" + following, U'\u07ff', 2, true));
    CHECK(is("\u0800" + following, U'\u0800', 3, true));
    CHECK(is("\u6607" + following, U'\u6607', 3, true));
    CHECK(is("\ud7ff" + following, U'\ud7ff', 3, true));
    CHECK(is("\ue000" + following, U'\ue000', 3, true));
    CHECK(is("\uffff" + following, U'\uffff', 3, true));
    CHECK(is("\U00010000" + following, U'\U00010000', 4, true));
    CHECK(is("\U0001f600" + following, U'\U0001f600', 4, true));
    CHECK(is("\U0010ffff" + following, U'\U0010ffff', 4, true));
  }
}

TEST_CASE("characters are decoded strictly, and a malformed byte stands for itself") {
  const auto is_malformed = [](std::string_view text) {
    CAPTURE(text);
    CHECK(is(text, static_cast<unsigned char>(text.front()), 1, false));
  };
  SECTION("bytes that begin no character") {
    for (const std::string_view text : {"\x80", "\xbf", "\xf8\x88\x80\x80\x80", "\xfe", "\xff\x1b"}) {
      is_malformed(text);
    }
  }
  SECTION("longer forms than a character needs") {
    for (const std::string_view text : {"\xc0\x80", "\xc0\x9b", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf",
                                        "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf"}) {
      is_malformed(text);
    }
  }
  SECTION("surrogates, which stand for no character") {
    for (const std::string_view text : {"\xed\xa0\x80", "\xed\xaf\xbf", "\xed\xb0\x80", "\xed\xbf\xbf"}) {
      is_malformed(text);
    }
  }
  SECTION("beyond U+10FFFF") {
    for (const std::string_view text : {"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf7\xbf\xbf\xbf"}) {
      is_malformed(text);
    }
  }
  SECTION("sequences that end too early") {
    for (const std::string_view text : {"\xc2", "\xe2", "\xe2\x80", "\xf0", "\xf0\x9f", "\xf0\x9f\x98"}) {
      is_malformed(text);
      is_malformed(std::string(text) + "\n");
      is_malformed(std::string(text) + "\u00b5");
    }
  }
}
