// Sizes of memory in the unit that fits.
#include "base/bytes.h"

#include "tests/catch.h"

using namespace moat;

TEST_CASE("a size has the unit in which it reads best, however small or large it is") {
  CHECK(bytes_text(0) == "0 bytes");
  CHECK(bytes_text(1000) == "1000 bytes");
  CHECK(bytes_text(1024) == "1 KiB");
  CHECK(bytes_text(8192) == "8 KiB");
  CHECK(bytes_text(1.5 * 0x1p30) == "1.5 GiB");
  CHECK(bytes_text(0x1p70) == "1024 EiB");
}
