// Numbers as people read them.
#include "base/units.h"

#include <limits>

#include "tests/catch.h"

using namespace moat;

TEST_CASE("quantities have four digits and the unit that suits them") {
  CHECK(quantity_text(139.2e9, "FLOP/s") == "139.2 GFLOP/s");
  CHECK(quantity_text(1e12, "FLOP/s") == "1.000 TFLOP/s");
  CHECK(quantity_text(999.94e9, "FLOP/s") == "999.9 GFLOP/s");
  CHECK(quantity_text(999.96e9, "FLOP/s") == "1.000 TFLOP/s");
  CHECK(quantity_text(12.344e9, "B/s") == "12.34 GB/s");
  CHECK(quantity_text(2, "OP") == "2.000 OP");
  CHECK(quantity_text(3.2e18, "FLOP") == "3.200 EFLOP");
  CHECK(quantity_text(0, "B") == "0 B");
  CHECK(number_text(std::numeric_limits<double>::infinity()) == "–");
  CHECK(number_text(0.05124) == "0.05124");
}

TEST_CASE("times are in s, ms, µs or ns") {
  CHECK(seconds_text(1.5) == "1.500 s");
  CHECK(seconds_text(0.99996) == "1.000 s");
  CHECK(seconds_text(1.2344e-3) == "1.234 ms");
  CHECK(seconds_text(123.44e-6) == "123.4 µs");
  CHECK(seconds_text(5e-9) == "5.000 ns");
}

TEST_CASE("precision is a percentage") {
  CHECK(percent_text(0.0042) == "0.42 %");
  CHECK(percent_text(0.25) == "25.0 %");
}

TEST_CASE("a factor has three digits, and its ends where they read differently") {
  CHECK(factor_text(0.04567) == "0.0457");
  CHECK(factor_text(123.4) == "123");
  CHECK(factor_text(0.0000123) == "1.23e-05");
  CHECK(factor_text(0) == "0");
  CHECK(factor_text(std::numeric_limits<double>::infinity()) == "–");
  CHECK(factor_text(Factor{0.5, 0.45, 0.55}) == "0.500 (0.450 to 0.550)");
  CHECK(factor_text(Factor{0.5, 0.49999, 0.50001}) == "0.500");
  CHECK(factor_text(exactly(1)) == "1.00");
}
