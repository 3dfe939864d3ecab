// TOML from outside: bounded, and every error with its place and fit for a terminal.
#include "base/toml_document.h"

#include <array>
#include <functional>
#include <random>

#include "base/error.h"
#include "tests/catch.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

TomlLimits small() {
  TomlLimits limits;
  limits.kind = "a suite";
  limits.file_bytes = 200;
  limits.line_bytes = 60;
  limits.text_bytes = 20;
  return limits;
}

TomlDocument read(std::string_view text) {
  return {text, "my.toml", small()};
}

std::string failure(const std::function<void()>& action) {
  return test::failure_of(action);
}

}  // namespace

TEST_CASE("fields are read, also behind a byte order mark and with any text in comments") {
  const TomlDocument document = read("\xef\xbb\xbfname = \"Gerät\"  # größer\nlist = [1]\n[part]\n");
  CHECK(document.string_of(*document.root().get("name"), "name") == "Gerät");
  CHECK(document.line_of_text(document.root(), "name") == "Gerät");
  CHECK(document.line_of_text(document.root(), "absent").empty());
  CHECK(document.array_of(*document.root().get("list"), "list").size() == 1);
  CHECK(document.table_of(*document.root().get("part"), "write [part]").empty());
}

TEST_CASE("what is no TOML is told with line and column") {
  CHECK_THAT(failure([] { read("a = 1\nb = = 2\n"); }),
             StartsWith("my.toml:2:") && ContainsSubstring("not TOML here"));
}

TEST_CASE("text that violates an assertion of toml++ is refused with its line") {
  const std::string line = GENERATE("[<a]", "[[<a]]", "[[[a]]]", "[=", "[[\r", " \t[ \t.a]", "[[#a]]",
                                    "[\xc3\xa4]", "a = [ }", "b = { a = [ },", "b = [ }", "c = [1, }]");
  CAPTURE(line);
  CHECK_THAT(failure([&] { read("a = 1\n" + line + "\nb = 1\n"); }), StartsWith("my.toml:2:"));
}

TEST_CASE("any sequence of the signs of TOML is a document or one error with its place") {
  constexpr std::array signs{"[",   "]",          "{",     "}",     "=",    ",",   ".",   "\"",   "'",
                             "#",   "\n",         "\r",    " ",     "\t",   "a",   "b",   "1",    "-",
                             "+",   "_",          ":",     "T",     "0x",   "inf", "nan", "true", "\\",
                             "\\u", "1979-05-27", "[[a]]", "[a]\n", "a = ", "<",   "\x01"};
  std::mt19937 random(12);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same texts every time
  int documents = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (auto length = random() % 12; length > 0; --length) text += signs.at(random() % signs.size());
    CAPTURE(i, text);
    const std::string message = failure([&] { read(text), ++documents; });
    if (!message.empty()) REQUIRE_THAT(message, StartsWith("my.toml:"));
  }
  CHECK(documents > 500);
}

TEST_CASE("a table's name may be of letters, digits, signs or in quotation marks") {
  CHECK_NOTHROW(read("[a]\n[ b ]\n[[c]]\n[[ d-e ]]\n[_1.f]\n[1]\n[\"=\"]\n['<']\n"));
}

TEST_CASE("a file, a line and a text are bounded") {
  const std::string line = "# " + std::string(58, 'x');
  CHECK_NOTHROW(read(line));
  CHECK_THAT(failure([&] { read(line + "x"); }),
             StartsWith("my.toml:1:1:") && ContainsSubstring("at most 60 bytes"));
  const std::string file(200, '\n');
  CHECK_NOTHROW(read(file));
  CHECK_THAT(failure([&] { read(file + "\n"); }), ContainsSubstring("a suite holds at most 200 bytes"));
  const auto text_of = [](std::size_t bytes) {
    const TomlDocument document = read("name = \"" + std::string(bytes, 'x') + "\"");
    return document.string_of(*document.root().get("name"), "name");
  };
  CHECK(text_of(20).size() == 20);
  CHECK_THAT(failure([&] { text_of(21); }), ContainsSubstring("name holds at most 20 bytes"));
}

TEST_CASE("characters beyond ASCII stand only in comments and in a field's text") {
  CHECK_NOTHROW(read("name = 'ü'"));
  CHECK_NOTHROW(read("name = \"a\\\"ü\""));
  const std::string text = GENERATE("ü = 1", "list = [\"ü\"]", "a = 1 ü", "\"ü\" = 1");
  CHECK_THAT(failure([&] { read(text); }), ContainsSubstring("non-ASCII character"));
}

TEST_CASE("a place counts characters, not bytes") {
  CHECK_THAT(failure([] { read("name = \"üü\" ü"); }), StartsWith("my.toml:1:13:"));
}

TEST_CASE("texts of several lines are refused") {
  const std::string quotes = GENERATE("\"\"\"", "'''");
  CHECK_THAT(failure([&] { read("name = " + quotes + "x" + quotes); }), ContainsSubstring("on one line"));
}

TEST_CASE("values of another kind are refused by their names") {
  const TomlDocument document = read("number = 1\nempty = []\nblank = ' '\nbell = \"\\u0007\"\n");
  const auto node = [&](const char* name) -> const toml::node& { return *document.root().get(name); };
  CHECK_THAT(failure([&] { static_cast<void>(document.string_of(node("number"), "title")); }),
             StartsWith("my.toml:1:10: title is a text in quotes"));
  CHECK_THAT(failure([&] { static_cast<void>(document.array_of(node("empty"), "list")); }),
             ContainsSubstring("at least one entry"));
  CHECK_THAT(failure([&] { static_cast<void>(document.array_of(node("number"), "list")); }),
             ContainsSubstring("list in brackets"));
  CHECK_THAT(failure([&] { static_cast<void>(document.line_of(node("blank"), "title")); }),
             ContainsSubstring("one line of text"));
  CHECK_THAT(failure([&] { static_cast<void>(document.line_of(node("bell"), "title")); }),
             ContainsSubstring("without control characters"));
  CHECK_THAT(failure([&] { static_cast<void>(document.table_of(node("number"), "write [part]")); }),
             ContainsSubstring("write [part]"));
}

TEST_CASE("an unknown field is refused with the nearest that is known") {
  const TomlDocument document = read("titel = 'x'");
  const std::array<std::string, 2> known{"title", "source"};
  CHECK_THAT(failure([&] { document.check_fields(document.root(), "the suite", known); }),
             ContainsSubstring("unknown field 'titel' in the suite") && ContainsSubstring("title, source"));
  CHECK_NOTHROW(document.check_fields(read("title = 'x'").root(), "the suite", known));
}

TEST_CASE("messages are short and hold nothing that steers a terminal") {
  const std::string message = failure([] {
    read("a = 1").fail(TomlDocument::Position{3, 4}, "\x1b[31m" + std::string(5000, 'x'));
  });
  CHECK_THAT(message, StartsWith("my.toml:3:4: ?[31mxxx"));
  CHECK(message.size() < 1000);
  CHECK(moat::quoted_text("short") == "'short'");
  CHECK(moat::quoted_text(std::string(81, 'x')).size() < 90);
}

TEST_CASE("a file is read whole, or one byte beyond its limit") {
  const test::ScratchFolder folder;
  test::write(folder / "suite.toml", "12345");
  const auto file = [&](const std::string& name, std::size_t bytes) {
    return read_toml_file((folder / name).string(), "suite", bytes, "moat list names some");
  };
  CHECK(file("suite.toml", 100) == "12345");
  CHECK(file("suite.toml", 5) == "12345");
  CHECK(file("suite.toml", 3) == "1234");
  CHECK_THAT(failure([&] { file("absent.toml", 9); }),
             ContainsSubstring("No such file") && ContainsSubstring("moat list names some"));
  CHECK_THAT(failure([&] { file("", 9); }), ContainsSubstring("not a regular file"));
}
