// Numbers as people type them: what is read, and that nothing else is.
#include "base/numbers.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

#include "base/error.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a whole number is digits and nothing else") {
  CHECK(whole_number("0") == 0);
  CHECK(whole_number("1048576") == 1048576);
  CHECK(whole_number("18446744073709551615") == std::numeric_limits<std::uint64_t>::max());
  for (const char* text : {"",
                           " ",
                           "010",
                           "00",
                           "-1",
                           "+1",
                           " 1",
                           "1 ",
                           "1.0",
                           "1e3",
                           "0x10",
                           "0b1",
                           "1_000",
                           "1,000",
                           "nan",
                           "inf",
                           "18446744073709551616",
                           "99999999999999999999999",
                           "\u0661",
                           "1\n",
                           "one"}) {
    INFO(text);
    CHECK_FALSE(whole_number(text));
  }
  CHECK_FALSE(whole_number(std::string_view("1\0", 2)));
}

TEST_CASE("a decimal number has digits on both sides of its point") {
  CHECK(decimal_number("0.5") == 0.5);
  CHECK(decimal_number("1e-3") == 0.001);
  CHECK(decimal_number("90") == 90);
  CHECK(decimal_number("2.5E+2") == 250);
  for (const char* text : {"",    ".",     ".5",    "5.",    "-1",     "+1",  "-0",          " 1",
                           "1 ",  "1,5",   "nan",   "NaN",   "nan(1)", "inf", "infinity",    "1e",
                           "1e+", "1e400", "0x1p3", "1.2.3", "1e1.5",  "1s",  "\xef\xbc\x91"}) {
    INFO(text);
    CHECK_FALSE(decimal_number(text));
  }
}

TEST_CASE("a duration is seconds, or numbers with units from the largest down") {
  CHECK(duration_seconds("90") == 90);
  CHECK(duration_seconds("90s") == 90);
  CHECK(duration_seconds("10m") == 600);
  CHECK(duration_seconds("1h30m") == 5400);
  CHECK(duration_seconds("1h30m5s") == 5405);
  CHECK(duration_seconds("1.5h") == 5400);
  CHECK(duration_seconds("2d") == 172800);
  CHECK(duration_seconds("500ms") == 0.5);
  CHECK(duration_seconds("0.25") == 0.25);
  for (const char* text :
       {"",    "s",    "m",    "1h30",   "30m1h", "1m1m", "1x", "-5m",  "+5m",   "1h -5m", "1h 30m", " 1h",
        "1h ", "nans", "infh", "1e400h", "1.h",   ".5h",  "1H", "90 s", "90sec", "1hm",    "1s1ms1s"}) {
    INFO(text);
    CHECK_FALSE(duration_seconds(text));
  }
}

TEST_CASE("what is refused is quoted with the range that it should lie in") {
  CHECK(parse_whole_number("64", "--rounds", 1, 64) == 64);
  CHECK_THROWS_WITH(parse_whole_number("65", "--rounds", 1, 64),
                    "--rounds: '65' is not a whole number from 1 to 64");
  CHECK_THROWS_WITH(parse_whole_number("010", "", 1, 64), "'010' is not a whole number from 1 to 64");
  CHECK_THROWS_WITH(parse_decimal_number("nan", "--x", 0.1, 5), "--x: 'nan' is not a number from 0.1 to 5");
  CHECK_THROWS_WITH(parse_decimal_number("-1", "--x", 0, std::numeric_limits<double>::infinity()),
                    "--x: '-1' is not a number of at least 0");
  CHECK_THROWS_WITH(parse_duration("nan", "--timeout", 0.1, 1e6),
                    ContainsSubstring("--timeout: 'nan' is not a duration from 0.1 to 1000000 seconds") &&
                        ContainsSubstring("1h30m"));
  CHECK_THROWS_AS(parse_duration("0.05", "", 0.1, 1e6), UsageError);
}

TEST_CASE("any number that is written is read back, and any text is a number in its range or refused") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t value = random() >> (random() % 64U);
    CHECK(whole_number(fmt::format("{}", value)) == value);
    const double seconds =
        std::ldexp(static_cast<double>(random() % 1000000U), static_cast<int>(random() % 60U) - 40);
    CHECK(duration_seconds(fmt::format("{}", seconds)) == seconds);
  }
  constexpr std::string_view letters = "0123456789.eE+-xhmsd nai";
  for (int i = 0; i < 200000; ++i) {
    std::string text;
    for (std::uint64_t left = random() % 9U; left > 0; --left) text += letters[random() % letters.size()];
    INFO(text);
    const std::optional<std::uint64_t> whole = whole_number(text);
    if (whole) CHECK(fmt::format("{}", *whole) == text);
    const std::optional<double> decimal = decimal_number(text);
    const std::optional<double> seconds = duration_seconds(text);
    if (whole) CHECK(decimal == static_cast<double>(*whole));
    if (decimal) CHECK(seconds == decimal);
    if (seconds) {
      CHECK(std::isfinite(*seconds));
      CHECK(*seconds >= 0);
      CHECK(text.find_first_of(" xnai") == std::string::npos);
    }
  }
}
