// Lines and numbers of the system's text files.
#include "base/system_text.h"

#include "tests/catch.h"
#include "tests/unit/results/scratch.h"

using namespace moat;

TEST_CASE("a field is what stands behind its key on the first such line") {
  constexpr std::string_view text =
      "MemTotal:       12 kB\nmodel name\t: A chip: fast\nMemTotal: 13 kB\nempty:\n";
  CHECK(field(text, "MemTotal", ':') == "12 kB");
  CHECK(field(text, "model name", ':') == "A chip: fast");
  CHECK(field(text, "empty", ':') == "");
  CHECK_FALSE(field(text, "Mem", ':'));
  CHECK_FALSE(field(text, "MemTotal", '='));
}

TEST_CASE("a number may be followed by its unit, not preceded by anything but blanks") {
  CHECK(leading_number(" 12 kB\n") == 12);
  CHECK(leading_number("9223372036854771712") == 9223372036854771712U);
  for (const char* text : {"", "max", "-1", "kB 12", "99999999999999999999"})
    CHECK_FALSE(leading_number(text));
}

TEST_CASE("blanks, line ends and zeros around a text are not part of it") {
  CHECK(trim(std::string_view(" \ta b\r\n\0", 8)) == "a b");
  CHECK(trim(" \n").empty());
}

TEST_CASE("a file that cannot be read is an empty text") {
  const test::ScratchFolder folder;
  test::write(folder / "max", "max 100000\n");
  CHECK(system_text(folder / "max") == "max 100000\n");
  CHECK(system_text(folder / "missing").empty());
}
