// Tables fit their width, keep numbers whole and let nothing steer the terminal.
#include "reports/format/table.h"

#include <stdexcept>

#include "base/text.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

Table sample() {
  Table table({{"device", Align::left, 2, true},
               {"rate", Align::right, 3, false},
               {"empty", Align::left, 9, false},
               {"a long remark", Align::left, 1, true}});
  table.add_row({{"host:0"}, {"139.2"}, {""}, {"nothing to say of it"}});
  table.add_row({{"opencl:0 on something"}, {"4.000"}, {""}, {"slow"}});
  return table;
}

}  // namespace

TEST_CASE("a table without a width shows everything, aligned, without blanks at line ends") {
  CHECK(sample().text({}) ==
        "device                  rate  a long remark\n"
        "host:0                 139.2  nothing to say of it\n"
        "opencl:0 on something  4.000  slow\n");
}

TEST_CASE("the least important text shortens first") {
  CHECK(sample().text({43, false}) ==
        "device                  rate  a long remark\n"
        "host:0                 139.2  nothing to s…\n"
        "opencl:0 on something  4.000  slow\n");
}

TEST_CASE("what cannot shorten enough goes before anything more important shortens") {
  CHECK(sample().text({36, false}) ==
        "device                  rate\n"
        "host:0                 139.2\n"
        "opencl:0 on something  4.000\n"
        "(no room for: a long remark)\n");
}

TEST_CASE("columns that fit no more are left out and named, numbers are never cut") {
  CHECK(sample().text({20, false}) ==
        "device          rate\n"
        "host:0         139.2\n"
        "opencl:0 on …  4.000\n"
        "(no room for: a long remark)\n");
  CHECK(sample().text({6, false}) ==
        " rate\n"
        "139.2\n"
        "4.000\n"
        "(no room for: a long remark, device)\n");
  CHECK_THAT(sample().text({1, false}), ContainsSubstring("139.2"));
}

TEST_CASE("no line is wider than asked for, as long as the most important column fits") {
  for (std::size_t width = 5; width < 60; ++width) {
    const std::string text = sample().text({width, false});
    for (const std::string_view line : split(text, '\n')) {
      if (!line.starts_with("(no room")) CHECK(display_width(line) <= width);
    }
  }
}

TEST_CASE("colours surround text alone and only where asked for") {
  Table table({{"status", Align::left, 1, false}, {"rate", Align::right, 1, false}});
  table.add_row({{"ok", Tone::good}, {"1"}});
  CHECK(table.text({0, true}) == "\x1b[1mstatus\x1b[0m  \x1b[1mrate\x1b[0m\n\x1b[32mok\x1b[0m         1\n");
  CHECK(table.text({0, false}).find('\x1b') == std::string::npos);
}

TEST_CASE("a row has as many cells as there are columns") {
  Table table({{"one", Align::left, 1, false}});
  CHECK_THROWS_AS(table.add_row({{"a"}, {"b"}}), std::logic_error);
}
