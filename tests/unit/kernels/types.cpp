// Conversions of storage types, against IEEE 754's own figures.
#include "kernels/types.h"

#include <cmath>
#include <limits>

#include "tests/catch.h"

using namespace moat;

TEST_CASE("every finite f16 and bf16 survives a round trip through double") {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto pattern = static_cast<std::uint16_t>(bits);
    if (std::isnan(from_f16(pattern))) {
      REQUIRE(std::isnan(from_f16(to_f16(from_f16(pattern)))));
    } else {
      REQUIRE(to_f16(from_f16(pattern)) == pattern);
    }
    if (!std::isnan(from_bf16(pattern))) REQUIRE(to_bf16(from_bf16(pattern)) == pattern);
  }
}

TEST_CASE("f16 rounds to nearest even, overflows to infinity and keeps subnormals") {
  CHECK(to_f16(1.0) == 0x3c00);
  CHECK(to_f16(1.0 + 0x1p-11) == 0x3c00);            // tie to even, down
  CHECK(to_f16(1.0 + 3 * 0x1p-11) == 0x3c02);        // tie to even, up
  CHECK(to_f16(1.0 + 0x1p-11 + 0x1p-30) == 0x3c01);  // above the tie
  CHECK(to_f16(65504.0) == 0x7bff);
  CHECK(to_f16(65519.99) == 0x7bff);
  CHECK(to_f16(65520.0) == 0x7c00);
  CHECK(to_f16(-std::numeric_limits<double>::infinity()) == 0xfc00);
  CHECK(to_f16(0x1p-24) == 0x0001);
  CHECK(to_f16(0x1p-25) == 0x0000);
  CHECK(to_f16(-0.0) == 0x8000);
}

TEST_CASE("bf16 is the upper half of f32, rounded to nearest even") {
  CHECK(to_bf16(1.0) == 0x3f80);
  CHECK(to_bf16(1.0 + 0x1p-8) == 0x3f80);
  CHECK(to_bf16(1.0 + 3 * 0x1p-8) == 0x3f82);
  CHECK(to_bf16(1e39) == 0x7f80);
}

TEST_CASE("type names parse back") {
  for (const Type type : {Type::f64, Type::f32, Type::tf32, Type::f16, Type::bf16, Type::f8e4m3, Type::f8e5m2,
                          Type::i8, Type::i32}) {
    CHECK(parse_type(name(type)) == type);
  }
  CHECK_FALSE(parse_type("float"));
}
