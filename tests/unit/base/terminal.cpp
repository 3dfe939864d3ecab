// Widths are a terminal's.
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
