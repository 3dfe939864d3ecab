// The verifier must pass what a correct device computes,
// in any order of summation, and refuse everything else.
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

#include "kernels/gemm/gemm.h"
#include "kernels/gemm/reference.h"
#include "kernels/inputs.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Fixture {
  explicit Fixture(const std::string& key, Data data = Data::normal) : problem(parse_problem(key)) {
    const auto tensors = problem->tensors();
    a = fill(tensors[0], data, 1);
    b = fill(tensors[1], data, 1);
    c.resize(tensors[2].bytes());
    const std::vector<std::span<const std::byte>> inputs{a, b};
    verifier = problem->verifier(inputs);
  }
  [[nodiscard]] const GemmProblem& gemm() const { return dynamic_cast<const GemmProblem&>(*problem); }
  [[nodiscard]] Verdict check() const {
    const std::vector<std::span<const std::byte>> outputs{c};
    return verifier->check(outputs);
  }
  // Fills c by `dot`, which sees the operands' rows and columns as double.
  void compute(const std::function<double(const double* a, const double* b, std::int64_t stride,
                                          std::int64_t k)>& dot) {
    const GemmShape& s = gemm().shape();
    for (std::int64_t batch = 0; batch < s.batch; ++batch) {
      const GemmOperands operands = gemm_operands(gemm(), a, b, batch);
      for (std::int64_t i = 0; i < s.m; ++i) {
        for (std::int64_t j = 0; j < s.n; ++j) {
          const auto at = static_cast<std::size_t>((batch * s.m + i) * s.n + j);
          store(problem->types().output, c, at,
                dot(operands.a.data() + i * s.k, operands.b.data() + j, s.n, s.k));
        }
      }
    }
  }
  [[nodiscard]] double output(std::size_t at) const { return load(problem->types().output, c, at); }
  void set_output(std::size_t at, double value) { store(problem->types().output, c, at, value); }

  std::unique_ptr<const Problem> problem;
  std::vector<std::byte> a;
  std::vector<std::byte> b;
  std::vector<std::byte> c;
  std::unique_ptr<Verifier> verifier;
};

// Sums in double, float, or float from the other end, as a device might.
double in_f64(const double* a, const double* b, std::int64_t stride, std::int64_t k) {
  double sum = 0;
  for (std::int64_t p = 0; p < k; ++p) sum += a[p] * b[p * stride];
  return sum;
}
double in_f32(const double* a, const double* b, std::int64_t stride, std::int64_t k) {
  float sum = 0;
  for (std::int64_t p = 0; p < k; ++p) sum += static_cast<float>(a[p]) * static_cast<float>(b[p * stride]);
  return static_cast<double>(sum);
}
double in_f32_backwards(const double* a, const double* b, std::int64_t stride, std::int64_t k) {
  float sum = 0;
  for (std::int64_t p = k; p-- > 0;) sum += static_cast<float>(a[p]) * static_cast<float>(b[p * stride]);
  return static_cast<double>(sum);
}
float to_tf32(double value) {
  int exponent = 0;
  const double fraction = std::frexp(value, &exponent);
  return static_cast<float>(std::ldexp(std::nearbyint(std::ldexp(fraction, 11)), exponent - 11));
}
double in_tf32(const double* a, const double* b, std::int64_t stride, std::int64_t k) {
  float sum = 0;
  for (std::int64_t p = 0; p < k; ++p) sum += to_tf32(a[p]) * to_tf32(b[p * stride]);
  return static_cast<double>(sum);
}
double in_f16(const double* a, const double* b, std::int64_t stride, std::int64_t k) {
  double sum = 0;
  for (std::int64_t p = 0; p < k; ++p) sum = from_f16(to_f16(sum + a[p] * b[p * stride]));
  return sum;
}

}  // namespace

TEST_CASE("correct results of every type and transpose pass, in any order of summation") {
  const std::string type = GENERATE(as<std::string>{}, "f64", "f32", "f16", "bf16", "i8", "f16,output=f32");
  const std::string transpose = GENERATE(as<std::string>{}, "nn", "nt", "tn", "tt");
  Fixture f("gemm:m=17,n=23,k=61,batch=3,transpose=" + transpose + ",type=" + type);
  for (const auto& dot : {in_f64, in_f32, in_f32_backwards}) {
    if (type == "f64" && dot != in_f64) continue;
    f.compute(dot);
    const Verdict verdict = f.check();
    INFO(f.problem->key() << ": " << verdict.reason << " " << verdict.accumulation);
    CHECK(verdict.correct);
    CHECK(verdict.max_error <= verdict.tolerance);
    CHECK(verdict.method == "full");
    CHECK(verdict.checked == 17 * 23 * 3);
  }
}

TEST_CASE("one wrong, missing or NaN element in a small problem is found") {
  Fixture f("gemm:m=17,n=23,k=61,type=f32");
  f.compute(in_f32);
  const std::size_t at = GENERATE(as<std::size_t>{}, 0, 22, 390, 200);
  SECTION("slightly wrong") {
    f.set_output(at, f.output(at) + 1e-3);
    const Verdict verdict = f.check();
    CHECK_FALSE(verdict.correct);
    CHECK(verdict.max_error > verdict.tolerance);
    CHECK_THAT(verdict.reason, ContainsSubstring("element " + std::to_string(at)));
  }
  SECTION("NaN") {
    f.set_output(at, std::numeric_limits<double>::quiet_NaN());
    CHECK_FALSE(f.check().correct);
  }
  SECTION("infinite") {
    f.set_output(at, std::numeric_limits<double>::infinity());
    CHECK_FALSE(f.check().correct);
  }
}

TEST_CASE("where the inputs make NaN or infinity, that and nothing else is right") {
  const double value =
      GENERATE(std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity());
  Fixture f("gemm:m=5,n=7,k=9,type=f32");
  store(Type::f32, f.a, 9 + 4, value);  // row 1
  const std::vector<std::span<const std::byte>> inputs{f.a, f.b};
  f.verifier = f.problem->verifier(inputs);
  f.compute(in_f32);
  const Verdict verdict = f.check();
  INFO(verdict.reason);
  CHECK(verdict.correct);
  CHECK(std::isfinite(verdict.max_error));
  CHECK(std::isfinite(verdict.tolerance));
  const double other = GENERATE(0.0, 1e30, std::numeric_limits<double>::quiet_NaN());
  if (std::isnan(other) && std::isnan(value)) return;
  f.set_output(7 + 3, other);
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("an integer result off by one is wrong") {
  Fixture f("gemm:m=9,n=9,k=9,type=i8");
  f.compute(in_f64);
  CHECK(f.check().correct);
  f.set_output(40, f.output(40) + 1);
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("silent TF32 and half accumulation do not pass as f32") {
  const int k = GENERATE(16, 256, 2048);
  Fixture f("gemm:m=24,n=24,k=" + std::to_string(k) + ",type=f32");
  f.compute(in_f32);
  CHECK(f.check().accumulation == "f32");
  CHECK(f.check().correct);
  f.compute(in_tf32);
  CHECK(f.check().accumulation == "tf32-like");
  CHECK_FALSE(f.check().correct);
  f.compute(in_f16);
  CHECK(f.check().accumulation == "f16-like");
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("half accumulation of half inputs is found where the output type does not hide it") {
  Fixture wide("gemm:m=24,n=24,k=512,type=f16,output=f32");
  wide.compute(in_f16);
  CHECK_FALSE(wide.check().correct);
  Fixture narrow("gemm:m=24,n=24,k=4,type=f16");
  narrow.compute(in_f32);
  CHECK(narrow.check().correct);
  CHECK(narrow.check().accumulation == "hidden by f16 output");
}

TEST_CASE("truncating instead of rounding shows as a bias, not as an error") {
  Fixture f("gemm:m=24,n=24,k=64,type=f16");
  f.compute([](const double* a, const double* b, std::int64_t stride, std::int64_t k) {
    const double exact = in_f64(a, b, stride, k);
    const double rounded = from_f16(to_f16(exact));
    if (std::fabs(rounded) <= std::fabs(exact)) return rounded;
    return from_f16(static_cast<std::uint16_t>(to_f16(exact) - 1));  // one step towards zero
  });
  const Verdict verdict = f.check();
  CHECK(verdict.bias < -0.9);
}

TEST_CASE("large problems are refuted by a single wrong element anywhere") {
  const std::string type = GENERATE(as<std::string>{}, "f32", "f64", "f16", "bf16", "i8");
  Fixture f("gemm:m=600,n=520,k=300,transpose=nt,type=" + type);
  f.compute(type == "f64" ? in_f64 : in_f32);
  const Verdict clean = f.check();
  INFO(type << ": " << clean.reason);
  CHECK(clean.correct);
  CHECK(clean.method == "freivalds+sampled");
  const std::size_t at = GENERATE(as<std::size_t>{}, 1, 123456, 311999 - 520);
  f.set_output(at, -f.output(at) + 8);
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("an f16 overflow is infinity and nothing else") {
  Fixture f("gemm:m=8,n=8,k=60000,type=f16", Data::ones);
  std::vector<std::byte> fours(f.a.size());
  for (std::size_t i = 0; i < fours.size() / 2; ++i) store(Type::f16, fours, i, 4.0);
  const std::vector<std::span<const std::byte>> inputs{fours, f.b};
  f.verifier = f.problem->verifier(inputs);
  for (std::size_t i = 0; i < 64; ++i) f.set_output(i, std::numeric_limits<double>::infinity());
  CHECK(f.check().correct);
  f.set_output(3, -std::numeric_limits<double>::infinity());
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("an overflowing large problem is right with infinities and wrong with a finite value among them") {
  Fixture f("gemm:m=32,n=31,k=70000,type=f16", Data::ones);
  for (std::size_t i = 0; i < 32 * 31; ++i) f.set_output(i, std::numeric_limits<double>::infinity());
  const Verdict verdict = f.check();
  INFO(verdict.reason);
  CHECK(verdict.correct);
  CHECK(verdict.method == "freivalds+sampled");
  for (std::size_t i = 0; i < 32 * 31; ++i) f.set_output(i, 1000.0);
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("the compensated reference is better than plain double") {
  // Sums of 2^53, 1, -2^53 in that order lose the 1 in plain double.
  const auto problem = parse_problem("gemm:m=1,n=1,k=3,type=f64");
  const std::vector<double> a{0x1p53, 1.0, -0x1p53};
  const std::vector<double> b{1.0, 1.0, 1.0};
  const auto bytes = [](const std::vector<double>& v) { return std::as_bytes(std::span(v)); };
  const Dot dot = gemm_dot(dynamic_cast<const GemmProblem&>(*problem), bytes(a), bytes(b), 0, 0, 0);
  CHECK(dot.value == 1.0);
}
