// The bounds of dot products.
#include "kernels/tolerance.h"

#include <cmath>
#include <limits>

#include "tests/catch.h"

using namespace moat;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const double f32_roundoff = std::ldexp(1.0, -24);

constexpr Types f32{Type::f32, Type::f32, Type::f32};
constexpr Types f16{Type::f16, Type::f32, Type::f16};

}  // namespace

TEST_CASE("a short dot product may be off by what k truncated sums and the output's rounding leave") {
  // 1024 products of magnitude 8 in all; the sum is 2. gamma = 2·1024·2^-24 / (1 - 2·1024·2^-24).
  const double gamma = std::ldexp(1.0, -13) / (1 - std::ldexp(1.0, -13));
  // Of an energy so large that roundings which depend on each other are no larger.
  const double bound = DotTolerance(1024, f32).allow({2, 8, 1e6}).bound;
  CHECK(bound == Approx(gamma * 8 + f32_roundoff * (2 + gamma * 8)).epsilon(1e-6));
  // A narrow output adds its own rounding: 2^-11 of f16.
  const Allowance narrow = DotTolerance(1024, f16).allow({2, 8, 1e6});
  CHECK(narrow.bound == Approx(gamma * 8 + std::ldexp(1.0, -11) * (2 + gamma * 8)).epsilon(1e-4));
  CHECK(narrow.rounding == Approx(std::ldexp(1.0, -11) * (2 + gamma * 8)).epsilon(1e-4));
  // A result of zero may still be a subnormal off.
  CHECK(DotTolerance(1, f32).allow({0, 0, 0}).bound == Approx(std::ldexp(1.0, -150)));
}

TEST_CASE("a long one may be off by eight standard deviations of independent roundings") {
  const std::int64_t k = GENERATE(65536, 1 << 20, 1 << 24);
  const Dot sum{3, 1e9, 16};  // partial sums of size 5
  const double deviation = f32_roundoff * std::sqrt(static_cast<double>(k)) * 5;
  const Allowance allowance = DotTolerance(k, f32).allow(sum);
  CHECK(allowance.scale == Approx(deviation));
  CHECK(allowance.bound == Approx(8 * deviation + f32_roundoff * (3 + 8 * deviation)));
  // Matrix units truncate, to one side, as many times as they add four products.
  CHECK(DotTolerance(k, f16).allow(sum).scale ==
        Approx(deviation + f32_roundoff * static_cast<double>(k) / 4 * 5));
}

TEST_CASE("whole numbers are exact up to the accumulator's, whatever the order") {
  const std::int64_t k = 1 << 22;
  CHECK(DotTolerance(k, f32, true).allow({100, 0x1p24, 1e7}).bound == Approx(0.25 + f32_roundoff * 100.25));
  CHECK(std::isinf(DotTolerance(1 << 23, f32, true).allow({100, 0x1p24 + 2, 1e7}).bound));
  CHECK(DotTolerance(k, f16, true).allow({100, 0x1p24, 1e7}).bound ==
        Approx(0.25 + std::ldexp(1.0, -11) * 100.25).epsilon(1e-6));
  const std::vector<float> whole{1, -3, 0, 1e9F};
  CHECK(all_whole(Type::f32, std::as_bytes(std::span(whole))));
  for (const float other : {0.5F, std::numeric_limits<float>::quiet_NaN()})
    CHECK_FALSE(all_whole(Type::f32, std::as_bytes(std::span(&other, 1))));
}

TEST_CASE("integers are exact") {
  CHECK(DotTolerance(1024, {Type::i8, Type::i32, Type::i32}).allow({2, 8, 1}).bound == 0);
}

TEST_CASE(
    "Freivalds' bound is six deviations of a random walk over the products, and the outputs' rounding") {
  // 6·4·u·(sqrt(16)·3 + 4·5) + 6·u_out·3
  CHECK(refutation_bound(16, f32, 3, 5) ==
        Approx(24 * f32_roundoff * (4 * 3 + 4 * 5) + 6 * f32_roundoff * 3));
  // Truncation: 6·16/4·u·(3 + 5/4)
  CHECK(refutation_bound(16, f16, 3, 5) == Approx(24 * f32_roundoff * (4 * 3 + 4 * 5) +
                                                  24 * f32_roundoff * 4.25 + 6 * std::ldexp(1.0, -11) * 3));
  CHECK(refutation_bound(16, {Type::i8, Type::i32, Type::i32}, 3, 5) == 0);
}

TEST_CASE("a compensated sum keeps what double loses") {
  double sum = 0;
  double compensation = 0;
  for (const double value : {0x1p60, 1.0, -0x1p60}) add_compensated(value, 1, sum, compensation);
  CHECK(sum + compensation == 1);
  sum = compensation = 0;
  add_compensated(1 + 0x1p-30, 1 + 0x1p-30, sum, compensation);  // 1 + 2^-29 + 2^-60
  CHECK(sum == 1 + 0x1p-29);
  CHECK(compensation == 0x1p-60);
}
