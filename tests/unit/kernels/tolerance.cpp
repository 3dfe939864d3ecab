// The bounds of dot products, and what the errors found say of the arithmetic behind them.
#include "kernels/tolerance.h"

#include <cmath>
#include <limits>

#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const double f32_roundoff = std::ldexp(1.0, -24);

constexpr Types f32{Type::f32, Type::f32, Type::f32};
constexpr Types f64{Type::f64, Type::f64, Type::f64};
constexpr Types f16_to_f32{Type::f16, Type::f32, Type::f32};

/// Outputs of one comparison: every output is 100 and its reference `relative_error` off, with products of
/// energy 1. Bounds are wide.
Verdict judged(std::int64_t terms, const Types& types, double relative_error, int outputs = 64) {
  Comparison comparison(terms, types);
  std::vector<std::byte> bytes(static_cast<std::size_t>(outputs) * size_bytes(types.output));
  for (int i = 0; i < outputs; ++i) {
    const auto at = static_cast<std::size_t>(i);
    store(types.output, bytes, at, 100);
    comparison.add(at, {100 + (i % 2 == 0 ? 1 : -1) * relative_error, 100, 1}, 50, bytes);
  }
  return comparison.verdict();
}

/// One output of f32 against a reference.
Verdict judged_once(double computed, double exact, double bound, const Types& types = f32) {
  Comparison comparison(1, types);
  std::vector<std::byte> bytes(size_bytes(types.output));
  store(types.output, bytes, 0, computed);
  comparison.add(0, {exact, std::fabs(exact), exact * exact}, bound, bytes);
  return comparison.verdict();
}

}  // namespace

TEST_CASE("a dot product may be off by what k truncated sums and the output's rounding leave") {
  // 1024 products of magnitude 8 in all; the sum is 2. gamma = 2·1024·2^-24 / (1 - 2·1024·2^-24).
  const double gamma = std::ldexp(1.0, -13) / (1 - std::ldexp(1.0, -13));
  const double bound = DotTolerance(1024, f32).bound({2, 8, 1});
  CHECK(bound == Approx(gamma * 8 + f32_roundoff * (2 + gamma * 8)).epsilon(1e-6));
  // A narrow output adds its own rounding: 2^-11 of f16.
  const double narrow = DotTolerance(1024, {Type::f16, Type::f32, Type::f16}).bound({2, 8, 1});
  CHECK(narrow == Approx(gamma * 8 + std::ldexp(1.0, -11) * (2 + gamma * 8)).epsilon(1e-4));
  // A result of zero may still be a subnormal off.
  CHECK(DotTolerance(1, f32).bound({0, 0, 0}) == Approx(std::ldexp(1.0, -150)));
}

TEST_CASE("integers are exact, and no bound holds once every digit may be lost") {
  CHECK(DotTolerance(1024, {Type::i8, Type::i32, Type::i32}).bound({2, 8, 1}) == 0);
  CHECK(DotTolerance((1 << 23) + 1, f32).bound({2, 8, 1}) == infinity);
  CHECK(std::isfinite(DotTolerance((1 << 23) - 1, f32).bound({2, 8, 1})));
}

TEST_CASE(
    "Freivalds' bound is six deviations of a random walk over the products, and the outputs' rounding") {
  // 6·4·u·(sqrt(16)·3 + 4·5) + 6·u_out·3
  CHECK(refutation_bound(16, f32, 3, 5) ==
        Approx(24 * f32_roundoff * (4 * 3 + 4 * 5) + 6 * f32_roundoff * 3));
  CHECK(refutation_bound(16, {Type::f16, Type::f32, Type::f16}, 3, 5) ==
        Approx(24 * f32_roundoff * (4 * 3 + 4 * 5) + 6 * std::ldexp(1.0, -11) * 3));
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

TEST_CASE("errors as large as f32's random walk pass as f32, at any length") {
  const std::int64_t k = GENERATE(16, 4096, 65536, 1 << 20, 1 << 26);
  const double walk = f32_roundoff * std::sqrt(1 + static_cast<double>(k) / 6);
  const Verdict verdict = judged(k, f32, walk);
  CHECK(verdict.correct);
  CHECK(verdict.accumulation == "f32");
  CHECK(judged(k, f32, 3.9 * walk).correct);
}

TEST_CASE("errors of inputs rounded to TF32 do not pass as f32, however long the sum") {
  // sqrt(2)·0.41·2^-11 of the products' energy.
  const double tf32 = std::sqrt(2.0) * 0.41 * std::ldexp(1.0, -11);
  const std::int64_t k = GENERATE(16, 4096, 65536, 1 << 19, 1 << 21);
  const Verdict verdict = judged(k, f32, tf32);
  CHECK(verdict.accumulation == "tf32-like");
  CHECK_FALSE(verdict.correct);
  CHECK_THAT(verdict.reason, ContainsSubstring("implies tf32-like arithmetic where f32 is stated"));
}

TEST_CASE("larger errors within the bound are half precision's") {
  CHECK(judged(64, f16_to_f32, 1e-3).accumulation == "f16-like");
  CHECK_FALSE(judged(64, f16_to_f32, 1e-3).correct);
}

TEST_CASE("where half precision is stated, nothing is too coarse") {
  CHECK(judged(64, {Type::f16, Type::f16, Type::f32}, 1e-3).accumulation == "f16");
  CHECK(judged(64, {Type::f16, Type::f16, Type::f32}, 1e-3).correct);
}

TEST_CASE("double is told from single by a sixteenth of single's rounding") {
  CHECK(judged(64, f64, f32_roundoff / 17).accumulation == "f64");
  const Verdict single = judged(64, f64, f32_roundoff / 15);
  CHECK(single.accumulation == "f32-like");
  CHECK_FALSE(single.correct);
}

TEST_CASE("an output type as coarse as the errors hides the arithmetic") {
  // Rounding 100 to f16 leaves 0.41·2^-11·100 = 0.02 on average.
  const Types types{Type::f16, Type::f32, Type::f16};
  CHECK(judged(64, types, 0.03125).accumulation == "hidden by f16 output");
  CHECK(judged(64, types, 0.0625).accumulation != "hidden by f16 output");
  // Up to twice as much.
  CHECK(judged(64, types, 0.039).accumulation == "hidden by f16 output");
  CHECK(judged(64, types, 0.0425).accumulation != "hidden by f16 output");
}

TEST_CASE("a few outputs, or none with products, imply nothing; no error at all is exact") {
  CHECK(judged(64, f32, 1e-3, 7).accumulation == "unknown");
  CHECK(judged(64, f32, 1e-3, 8).accumulation == "f16-like");
  CHECK(judged(64, f32, 0).accumulation == "exact");
  Comparison comparison(1, f32);
  const std::vector<std::byte> zeros(64 * 4);
  for (std::size_t i = 0; i < 64; ++i) comparison.add(i, {0, 0, 0}, 1, zeros);
  CHECK(comparison.verdict().accumulation == "unknown");
  CHECK(comparison.verdict().correct);
}

TEST_CASE("an output at its bound is right, one beyond it is wrong") {
  CHECK(judged_once(1.5, 1, 0.5).correct);
  const Verdict verdict = judged_once(1.5, 1, 0.25);
  CHECK_FALSE(verdict.correct);
  CHECK(verdict.max_error == 0.5);
  CHECK(verdict.tolerance == 0.25);
  CHECK_THAT(verdict.reason, ContainsSubstring("1 of 1 checked outputs beyond their bound") &&
                                 ContainsSubstring("element 0 is 1.5, reference 1, bound 0.25"));
}

TEST_CASE("a verdict tells the output that is worst relative to its own bound, and how many were looked at") {
  Comparison comparison(1, f32);
  std::vector<std::byte> bytes(4 * 4);
  for (std::size_t i = 0; i < 4; ++i) store(Type::f32, bytes, i, 2);
  comparison.add(0, {1, 1, 1}, 10, bytes);   // a tenth of its bound
  comparison.add(1, {1.5, 1, 1}, 1, bytes);  // half of it
  comparison.add(2, {3, 1, 1}, 4, bytes);    // a quarter, below the reference
  comparison.add_within_bounds(4);
  const Verdict verdict = comparison.verdict();
  CHECK(verdict.correct);
  CHECK(verdict.max_error == 0.5);
  CHECK(verdict.tolerance == 1);
  CHECK(verdict.checked == 7);
  CHECK(verdict.bias == Approx(1.0 / 3));
}

TEST_CASE("NaN is right where the reference is NaN and nowhere else") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(judged_once(nan, nan, 0).correct);
  CHECK_FALSE(judged_once(nan, 1, 1e30).correct);
  CHECK_FALSE(judged_once(1, nan, 1e30).correct);
  CHECK(judged_once(nan, 1, 1e30).max_error == infinity);
}

TEST_CASE("an infinity is right where the reference is one, or overflows the output within its bound") {
  CHECK(judged_once(infinity, infinity, 0).correct);
  CHECK_FALSE(judged_once(-infinity, infinity, 0).correct);
  CHECK_FALSE(judged_once(infinity, 1, 1e30).correct);
  const Types half{Type::f16, Type::f32, Type::f16};
  // f16 ends at 65504 and rounds to infinity from 65520 on.
  CHECK(judged_once(infinity, 65520, 0, half).correct);
  CHECK_FALSE(judged_once(infinity, 65518, 0, half).correct);
  CHECK_FALSE(judged_once(infinity, 65500, 10, half).correct);
  CHECK(judged_once(infinity, 65500, 20, half).correct);
  CHECK_FALSE(judged_once(-infinity, 65520, 0, half).correct);
}

TEST_CASE("integers are compared exactly and imply no arithmetic") {
  const Types integers{Type::i8, Type::i32, Type::i32};
  CHECK(judged_once(7, 7, 0, integers).correct);
  CHECK(judged_once(7, 7, 0, integers).accumulation == "exact");
  CHECK_FALSE(judged_once(8, 7, 0, integers).correct);
}
