// What outputs' errors are accepted, what they say of the arithmetic behind them, and how likely a wrong
// result would have been accepted.
#include "kernels/comparison.h"

#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
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
    comparison.add(at, {100 + (i % 2 == 0 ? 1 : -1) * relative_error, 100, 1}, {.bound = 50}, bytes);
  }
  return comparison.verdict();
}

/// One output of f32 against a reference.
Verdict judged_once(double computed, double exact, double bound, const Types& types = f32) {
  Comparison comparison(1, types);
  std::vector<std::byte> bytes(size_bytes(types.output));
  store(types.output, bytes, 0, computed);
  comparison.add(0, {exact, std::fabs(exact), exact * exact}, {.bound = bound}, bytes);
  return comparison.verdict();
}

}  // namespace

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
  for (std::size_t i = 0; i < 64; ++i) comparison.add(i, {0, 0, 0}, {.bound = 1}, zeros);
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
  comparison.add(0, {1, 1, 1}, {.bound = 10}, bytes);   // a tenth of its bound
  comparison.add(1, {1.5, 1, 1}, {.bound = 1}, bytes);  // half of it
  comparison.add(2, {3, 1, 1}, {.bound = 4}, bytes);    // a quarter, below the reference
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

namespace {

/// `outputs` sums of `terms` products of energy 1 each, of which `missing` are left out; errors of the
/// arithmetic aside, which are `scale`.
Verdict incomplete(int outputs, std::int64_t terms, double missing, double scale) {
  boost::random::mt19937_64 engine(17);
  boost::random::normal_distribution<double> normal;
  Comparison comparison(terms, f64);
  std::vector<std::byte> bytes(static_cast<std::size_t>(outputs) * 8);
  for (int i = 0; i < outputs; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const double left_out = std::sqrt(missing) * normal(engine);
    const double exact = left_out + std::sqrt(1 - missing) * normal(engine);
    store(Type::f64, bytes, at, exact - left_out + scale * normal(engine));
    comparison.add(at, {exact, 1, 1}, {.bound = most_deviations * scale, .scale = scale}, bytes);
  }
  return comparison.verdict();
}

}  // namespace

TEST_CASE("missing products are named as such, and not as coarse arithmetic") {
  const double share = GENERATE(0.1, 0.5, 1.0);
  const Verdict verdict = incomplete(1000, 1 << 20, share, 1e-4);
  CHECK_FALSE(verdict.correct);
  CHECK_THAT(verdict.reason, ContainsSubstring("% of all products were missing"));
  CHECK(verdict.accumulation == "below f64");
}

TEST_CASE("where a few outputs cannot tell coarse arithmetic from missing products, nothing is claimed") {
  const Verdict verdict = judged(1 << 20, f32, 0.02, 16);  // 2 % of the products' size
  CHECK_FALSE(verdict.correct);
  CHECK(verdict.accumulation == "below f32");
  CHECK_THAT(verdict.reason, ContainsSubstring("products are missing, or the arithmetic is coarser than f32; "
                                               "16 outputs cannot tell which"));
}

TEST_CASE("many outputs are held to the size of independent roundings, one output to eight times as much") {
  // Errors of three standard deviations each.
  for (const int outputs : {1, 64}) {
    Comparison comparison(1 << 20, f64);
    std::vector<std::byte> bytes(static_cast<std::size_t>(outputs) * 8);
    for (int i = 0; i < outputs; ++i)
      comparison.add(static_cast<std::size_t>(i), {3e-12, 1, 1}, {.bound = 8e-12, .scale = 1e-12}, bytes);
    const Verdict verdict = comparison.verdict();
    CHECK(verdict.correct == (outputs == 1));
    if (outputs > 1)
      CHECK_THAT(verdict.reason, ContainsSubstring("times what independent roundings in f64 leave"));
  }
}

TEST_CASE("a verdict says how likely a sixty-fourth of the products could be missing") {
  // One output: a normal number of deviation 1/8 lies within 8 scales of 0.
  CHECK(incomplete(1, 1 << 20, 0, 1e-4).false_acceptance == Approx(0.7979 * 8e-4 * 8).epsilon(0.01));
  CHECK(incomplete(1, 1 << 20, 0, 1).false_acceptance > 0.99);
  CHECK(incomplete(1000, 1 << 20, 0, 1e-2).false_acceptance < 1e-100);
  // Fewer products than 64: one of them.
  CHECK(incomplete(1, 4, 0, 1e-4).false_acceptance == Approx(0.7979 * 8e-4 * 2).epsilon(0.01));
}

TEST_CASE("what is not a number, or has no bound, decides nothing") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(judged_once(nan, nan, 0).false_acceptance == 1);
  CHECK(judged_once(5, 1, infinity).correct);
  CHECK(judged_once(5, 1, infinity).false_acceptance == 1);
  CHECK(judged_once(0, 0, 0).false_acceptance == 0);  // a sum that is zero whatever is missing
}
