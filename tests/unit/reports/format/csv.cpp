// CSV as RFC 4180 has it: what is read, what is refused with its line, and that no text becomes a formula.
#include "reports/format/csv.h"

#include "tests/catch.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using moat::test::failure_of;

namespace {

std::string refusal(const std::string& text) {
  return failure_of([&] { (void)parse_csv(text, "a.csv"); });
}

}  // namespace

TEST_CASE("rows are read with quotes, either line end, and a byte order mark") {
  const auto rows =
      parse_csv("\xef\xbb\xbfx,y\r\n\"a,b\", c \n\n\"say \"\"hi\"\"\",\"two\nlines\"\nlast,", "a.csv");
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].fields == std::vector<std::string>{"x", "y"});
  CHECK(rows[1].fields == std::vector<std::string>{"a,b", "c"});
  CHECK(rows[2].fields == std::vector<std::string>{"say \"hi\"", "two\nlines"});
  CHECK(rows[3].fields == std::vector<std::string>{"last", ""});
  CHECK(rows[1].line == 2);
  CHECK(rows[2].line == 4);
  CHECK(rows[3].line == 6);
}

TEST_CASE("an empty text has no rows") {
  CHECK(parse_csv("", "a.csv").empty());
  CHECK(parse_csv("\n \r\n", "a.csv").empty());
}

TEST_CASE("what RFC 4180 does not know is refused with its line") {
  CHECK_THAT(refusal("x\nb\"c\n"), ContainsSubstring("a.csv:2: quotes"));
  CHECK_THAT(refusal("x\n\n\"b\"c\n"), ContainsSubstring("a.csv:3: quotes"));
  CHECK_THAT(refusal("x\ny\n\"open\n"), ContainsSubstring("a.csv:3: quotes"));
  CHECK_THAT(refusal("x,y\n1,2\n3\n"), ContainsSubstring("a.csv:3: 1 fields where the header has 2"));
}

TEST_CASE("a file beyond the limits is refused") {
  CHECK_THAT(refusal(std::string(CsvLimits::bytes + 1, 'x')), ContainsSubstring("bytes; at most"));
  CHECK_THAT(refusal(std::string(CsvLimits::field_bytes + 1, 'x')),
             ContainsSubstring("a.csv:1: a field has"));
  CHECK_THAT(refusal(std::string(CsvLimits::fields, ',')), ContainsSubstring("more than 64 fields"));
  std::string rows;
  for (std::size_t i = 0; i <= CsvLimits::rows; ++i) rows += "x\n";
  CHECK_THAT(refusal(rows), ContainsSubstring("a.csv:100002: more than 100001 rows"));
}

TEST_CASE("text is never a formula, and reads back as it was") {
  for (const std::string text :
       {"plain", "=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''@x", "'quoted'", "a=b", "  =cmd", "\t=cmd",
        "\uff1d1", "a\"b", "a,b;=c", "two\r\nlines", " blanks ", "'", ""}) {
    INFO(text);
    const std::string written = csv_text(text);
    CHECK(written.front() == '"');
    const std::size_t first = written.find_first_not_of("\" \t");
    if (first != std::string::npos) CHECK(std::string("=+-@").find(written[first]) == std::string::npos);
    const auto rows = parse_csv("x,y\r\n" + written + ",1\r\n", "a.csv");
    REQUIRE(rows.size() == 2);
    CHECK(rows[1].fields[0] == text);
  }
}

TEST_CASE("numbers read back as they were") {
  CHECK(csv_number(0.1) == "0.1");
  CHECK(csv_number(205365) == "205365");
  CHECK(std::stod(csv_number(1.0 / 3)) == 1.0 / 3);
}

TEST_CASE("a file has 16 MiB at most") {
  constexpr std::size_t most = 16U << 20;
  CHECK_THAT(refusal(std::string(most, 'x')), ContainsSubstring("a field has"));
  CHECK_THAT(refusal(std::string(most + 1, 'x')), !ContainsSubstring("a field has"));
}

TEST_CASE("other forms of tables are named") {
  CHECK_THAT(
      refusal("problem;platform;application;fom\np;x;a;1,5\n"),
      ContainsSubstring("a.csv:1: columns are separated by semicolons") && ContainsSubstring("1.5, not 1,5"));
  CHECK_THAT(refusal("problem\tplatform\tapplication\tfom\np\tx\ta\t1\n"), ContainsSubstring("by tabs"));
  CHECK_THAT(refusal(std::string("\xff\xfep\0,\0", 6)), ContainsSubstring("a.csv:1: the text is UTF-16"));
  CHECK_THAT(refusal(std::string("\xfe\xff\0p\0,", 6)), ContainsSubstring("UTF-16"));
  CHECK_THAT(refusal(std::string("p\0,\0q\0", 6)), ContainsSubstring("UTF-16"));
  // A separator within a field is text.
  CHECK(parse_csv("a;b,c\n1;2,3\n", "a.csv")[1].fields[0] == "1;2");
}
