// Widths are a terminal's, and nothing untrusted steers it.
#include "base/terminal.h"

#include "tests/catch.h"

using namespace moat;

TEST_CASE("widths are what a terminal shows") {
  CHECK(display_width("µs ±") == 4);
  CHECK(display_width("昇腾") == 4);
  CHECK(display_width("\xff\xc3") == 2);
  CHECK(shortened("昇腾910B", 6) == "昇腾9…");
  CHECK(shortened("昇腾910B", 4) == "昇…");
  CHECK(shortened("abc", 3) == "abc");
  CHECK(shortened("abc", 0).empty());
}

TEST_CASE("control characters of drivers and files do not reach the terminal") {
  CHECK(printable("a\x1b[31mb\nc\x7f\xc2\x9b") == "a [31mb c  ");
  CHECK(printable("µ昇\t") == "µ昇 ");
  // A sequence that breaks off does not take a control character with it.
  CHECK(printable("\xff\x1b[2J\xe2\x80\n") == "\xff [2J\xe2  ");
}
