// Text from outside, words for a shell, nearest names and globs.
#include "base/text.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>

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
  CHECK(did_you_mean(std::vector<std::string>{"a", "b", "c"}) == " Did you mean a, b or c?");
}

TEST_CASE("capitals and the words of other tools are near their names here") {
  const std::vector<std::string> types{"f64", "f32", "f16", "bf16", "i8", "i32"};
  for (const char* text : {"fp16", "float16", "half", "FP16", "F16"})
    CHECK(nearest(text, types).front() == "f16");
  CHECK(did_you_mean("half", types) == " Did you mean f16?");
  CHECK(nearest("F32", types).front() == "f32");
  CHECK(nearest("double", types) == std::vector<std::string>{"f64"});
  CHECK(nearest("M", std::vector<std::string>{"n", "m"}) == std::vector<std::string>{"m"});
  CHECK(nearest("cpu", std::vector<std::string>{"null:0", "host:0"}) == std::vector<std::string>{"host:0"});
  CHECK(nearest("half", std::vector<std::string>{"hall"}) == std::vector<std::string>{"hall"});
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

namespace {

const std::string mark = "\xEF\xBF\xBD";  // U+FFFD

std::string utf8_of(char32_t point) {
  const auto byte = [](char32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
  if (point < 0x80) return {byte(point)};
  if (point < 0x800) return {byte(0xc0 | point >> 6U), byte(0x80 | (point & 0x3fU))};
  if (point < 0x10000)
    return {byte(0xe0 | point >> 12U), byte(0x80 | (point >> 6U & 0x3fU)), byte(0x80 | (point & 0x3fU))};
  return {byte(0xf0 | point >> 18U), byte(0x80 | (point >> 12U & 0x3fU)), byte(0x80 | (point >> 6U & 0x3fU)),
          byte(0x80 | (point & 0x3fU))};
}

/// What bash makes of a word.
std::string as_bash_reads(const std::string& word) {
  const std::string script = "printf '%s' " + word;
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execlp("bash", "bash", "-c", script.c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  std::string text;
  std::array<char, 1024> chunk{};
  for (ssize_t got = 0; (got = read(ends[0], chunk.data(), chunk.size())) > 0;)
    text.append(chunk.data(), static_cast<std::size_t>(got));
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return text;
}

}  // namespace

TEST_CASE("text from outside keeps every character that shows") {
  for (const std::string text :
       {"", "plain", "\u00b5\u2013\u2603\U0001d4b3 ok", "\u6607\u817e", "e\u0301", "\u2764\ufe0f"})
    CHECK(printable(text) == text);
}

TEST_CASE("what controls a terminal, turns text, has no width or is malformed becomes U+FFFD") {
  for (const char* bad :
       {"\x01",   "\x1b",   "\x7f",   "\xC2\x85",   "\xC2\x9B", "\u00ad", "\u061c", "\u200b",
        "\u200d", "\u200e", "\u202e", "\u2028",     "\u2029",   "\u2060", "\u2066", "\u3164",
        "\ufeff", "\ufff9", "\uffff", "\U000e0041", "\xFF",     "\xC0"}) {
    CHECK(printable(std::string("a") + bad + "b") == "a" + mark + "b");
    CHECK(printable_lines(std::string("a\n") + bad + "b") == "a\n" + mark + "b");
  }
  CHECK(printable("\xED\xA0\x80") == mark + mark + mark);  // a surrogate: each byte by itself
  CHECK(printable("cut \xE2\x82") == "cut " + mark + mark);
  CHECK(printable(std::string("a\0b", 3)) == "a" + mark + "b");
  // A sequence that breaks off does not take a control character with it.
  CHECK(printable("\xff\x1b[2J\xe2\x80\n") == mark + mark + "[2J" + mark + mark + " ");
}

TEST_CASE("no character of Unicode gets through that is a control character or turns the direction") {
  for (char32_t point = 0; point <= 0x10ffff; ++point) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const std::string made = printable(utf8_of(point));
    if (made != utf8_of(point)) continue;
    const bool is_control = point < 0x20 || (point >= 0x7f && point < 0xa0);
    const bool turns = (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
    REQUIRE_FALSE((is_control || turns));
  }
}

TEST_CASE("tabs and line ends are blanks, except where lines are wanted") {
  CHECK(printable("a\r\n\tb") == "a   b");
  CHECK(printable_lines("a\r\n\tb\n") == "a \n b\n");
}

TEST_CASE("a name in which nothing shows has a word in its place") {
  CHECK(printable_name("") == "(unnamed)");
  CHECK(printable_name(" \t\n") == "(unnamed)");
  CHECK(printable_name("", "no name") == "no name");
  CHECK(printable_name("GPU\x1b[2J") == "GPU" + mark + "[2J");
}

TEST_CASE("a word that a shell reads as it stands is not quoted") {
  const std::string word = GENERATE("moat", "--device=opencl:0", "gemm:m=1,n=2", "a/b-c.d@e%f+g_h");
  CHECK(shell_quoted(word) == word);
}

TEST_CASE("a word that a shell would change is quoted") {
  CHECK(shell_quoted("") == "''");
  CHECK(shell_quoted("two words") == "'two words'");
  CHECK(shell_quoted("opencl:*") == "'opencl:*'");
  CHECK(shell_quoted("$HOME") == "'$HOME'");
  CHECK(shell_quoted("~") == "'~'");
  CHECK(shell_quoted("=ls") == "'=ls'");
  CHECK(shell_quoted("it's") == "'it'\\''s'");
  CHECK(shell_quoted("a\x1b'b\\c\n") == "$'a\\033\\'b\\\\c\\012'");
  CHECK(shell_command(std::vector<std::string>{"moat", "show", "--store", "my store"}) ==
        "moat show --store 'my store'");
}

TEST_CASE("bash reads any word back as it was, and what is pasted is printable") {
  std::string every;
  for (int byte = 1; byte < 256; ++byte) every += static_cast<char>(byte);
  for (const std::string& word : {every, std::string("a;b $(x)"), std::string("\u202eevil"),
                                  std::string("my store"), std::string("a\nb"), std::string("-n"),
                                  std::string("!history"), std::string("'"), std::string("\\")}) {
    const std::string quoted = shell_quoted(word);
    CHECK(printable(quoted) == quoted);
    CHECK(as_bash_reads(quoted) == word);
  }
}
