// Attention's reference: its values where they are known, and a bound that is as its definition says.
#include "kernels/attention/reference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "kernels/inputs.h"
#include "tests/catch.h"

using namespace moat;

namespace {

constexpr double v = 0x1p-23;  // of truncating f32 adders

struct Given {
  explicit Given(const std::string& key) : problem(parse_problem(key)) {
    for (const Tensor& tensor : problem->tensors()) memory.emplace_back(tensor.bytes());
  }
  void fill_with(std::size_t tensor, double value) {
    const Type type = problem->types().input;
    for (std::size_t i = 0; i < memory[tensor].size() / size_bytes(type); ++i)
      store(type, memory[tensor], i, value);
  }
  [[nodiscard]] std::vector<AttentionOutput> row(std::int64_t at, std::int64_t head) const {
    const auto& attention = dynamic_cast<const AttentionProblem&>(*problem);
    std::vector<AttentionOutput> out(static_cast<std::size_t>(attention.shape().value_dim));
    attention_row(attention, memory[0], attention_head(attention, memory[1], memory[2], head), at, out);
    return out;
  }
  std::unique_ptr<const Problem> problem;
  std::vector<std::vector<std::byte>> memory;  // Q, K, V, O
};

double gamma_of(double n) {
  return n * v / (1 - n * v);
}

}  // namespace

TEST_CASE("equal scores average the visible values, and the bound is that of two sums of as many weights") {
  const std::int64_t keys = GENERATE(1, 100, 4096);
  Given given("attention:hq=1,sq=1,skv=" + std::to_string(keys) + ",d=2,dv=3,type=f32");
  given.fill_with(2, 4);
  const auto n = static_cast<double>(keys);
  // Scores are 0 and exact but for underflow: the exponential alone makes weights uncertain.
  const double rho = std::expm1(4 * v * (n + 1));
  const double total = rho * (1 + gamma_of(n)) + gamma_of(n);
  const double sums = 4 * ((1 + gamma_of(n)) * rho + gamma_of(n));
  const double any_order = (sums + 4 * total) / (1 - total);
  // Independent roundings: 16u in each weight, and the sums', which whole values make exact but for one
  // order.
  constexpr double u = v / 2;
  const double scale = 2 * 16 * u * 4 / std::sqrt(n) + u * std::sqrt(n) * (4 + 4 * std::sqrt(1 + 1 / n));
  const double error = std::min(any_order, 8 * scale);
  for (const AttentionOutput& output : given.row(0, 0)) {
    CHECK(output.dot.value == 4);
    CHECK(output.dot.magnitude == 4);
    CHECK(output.dot.energy == Approx(16 / n));
    CHECK(output.allowance.scale == Approx(scale).epsilon(1e-9));
    CHECK(output.allowance.bound ==
          Approx(error + (unit_roundoff(Type::f32) + v) * (4 + error)).epsilon(1e-9));
  }
}

TEST_CASE("weights that matrix units round to the inputs' type may be that much off") {
  Given given("attention:hq=1,sq=1,skv=8,d=2,dv=1,type=f16");
  given.fill_with(2, 1);
  Given precise("attention:hq=1,sq=1,skv=8,d=2,dv=1,type=f32");
  precise.fill_with(2, 1);
  const double more = given.row(0, 0)[0].allowance.bound - precise.row(0, 0)[0].allowance.bound;
  // The weights' rounding, and the output's.
  CHECK(more == Approx(2 * unit_roundoff(Type::f16)).epsilon(0.01));
}

TEST_CASE("a causal query sees the keys up to its own") {
  Given given("attention:hq=1,sq=3,skv=5,d=1,dv=1,mask=causal,type=f32");
  for (std::size_t i = 0; i < 5; ++i) store(Type::f32, given.memory[2], i, static_cast<double>(i + 1));
  CHECK(given.row(0, 0)[0].dot.value == Approx(2));    // of 1, 2, 3
  CHECK(given.row(1, 0)[0].dot.value == Approx(2.5));  // of 1 to 4
  CHECK(given.row(2, 0)[0].dot.value == Approx(3));
}

TEST_CASE("a head knows the range and the magnitude of its finite values, column by column") {
  Given given("attention:b=2,hq=2,hkv=1,sq=1,skv=3,d=1,dv=2,type=f32");
  // The second head's values: columns (1, -2, 3) and (4, infinity, -5); its keys 7, -8, infinity.
  const std::vector<double> values{1, 4, -2, std::numeric_limits<double>::infinity(), 3, -5};
  for (std::size_t i = 0; i < values.size(); ++i) store(Type::f32, given.memory[2], 6 + i, values[i]);
  const std::vector<double> keys{7, -8, std::numeric_limits<double>::infinity()};
  for (std::size_t i = 0; i < keys.size(); ++i) store(Type::f32, given.memory[1], 3 + i, keys[i]);
  const AttentionHead head = attention_head(dynamic_cast<const AttentionProblem&>(*given.problem),
                                            given.memory[1], given.memory[2], 1);
  CHECK(head.values == values);
  CHECK(head.keys == keys);
  CHECK(head.least == std::vector<double>{-2, -5});
  CHECK(head.most == std::vector<double>{3, std::numeric_limits<double>::infinity()});
  CHECK(head.magnitude == std::vector<double>{6, 9});
  CHECK(head.largest_key == 8);
}
