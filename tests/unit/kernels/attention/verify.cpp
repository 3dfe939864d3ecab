// Attention's verifier must pass what a correct device computes and refuse what a wrong one does.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "kernels/attention/attention.h"
#include "kernels/inputs.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// What a device may do wrong.
struct Faults {
  float scale = 1;                // factor
  std::int64_t more_keys = 0;     // seen beyond those that are visible, or fewer
  std::int64_t from_query = 0;    // where more_keys begins
  bool next_head = false;         // reads the next key-value head
  bool transposed_heads = false;  // query head h reads key-value head h % key_value_heads
  bool narrow_sums = false;       // f16 accumulation
  bool narrow_weights = false;    // weights rounded to the input type: allowed
  std::int64_t block = 0;         // online softmax in blocks of keys: allowed
};

float sum_of(float a, float b, bool narrow) {
  return narrow ? static_cast<float>(from_f16(to_f16(static_cast<double>(a + b)))) : a + b;
}

struct Fixture {
  explicit Fixture(const std::string& key, Data data = Data::normal) : problem(parse_problem(key)) {
    for (const Tensor& tensor : problem->tensors()) {
      memory.push_back(tensor.role == Role::input ? fill(tensor, data, 1)
                                                  : std::vector<std::byte>(tensor.bytes()));
      values.emplace_back(tensor.elements());
      for (std::size_t i = 0; i < values.back().size(); ++i) {
        values.back()[i] = static_cast<float>(load(tensor.type, memory.back(), i));
      }
    }
  }
  [[nodiscard]] const AttentionProblem& attention() const {
    return dynamic_cast<const AttentionProblem&>(*problem);
  }
  [[nodiscard]] Verdict check() const {
    const std::vector<std::span<const std::byte>> inputs(memory.begin(), memory.begin() + 3);
    const std::vector<std::span<const std::byte>> outputs{memory[3]};
    return problem->verifier(inputs)->check(outputs);
  }
  [[nodiscard]] float at(std::size_t tensor, std::int64_t index) const {
    return values[tensor][static_cast<std::size_t>(index)];
  }
  void set(std::size_t tensor, std::int64_t index, double value) {
    const auto at = static_cast<std::size_t>(index);
    store(problem->types().input, memory[tensor], at, value);
    values[tensor][at] = static_cast<float>(load(problem->types().input, memory[tensor], at));
  }
  void compute(const Faults& faults = {}) {
    const AttentionShape& s = attention().shape();
    for (std::int64_t row = 0; row < s.batch * s.query_heads * s.queries; ++row) compute_row(row, faults);
  }
  void compute_row(std::int64_t row, const Faults& faults) {
    const AttentionShape& s = attention().shape();
    std::int64_t head = row / s.rows();
    if (faults.next_head) head = (head + 1) % (s.batch * s.key_value_heads);
    if (faults.transposed_heads) head = row / s.queries % s.key_value_heads;
    const std::int64_t query = row % s.queries;
    const std::int64_t more = query >= faults.from_query ? faults.more_keys : 0;
    const std::int64_t visible = std::clamp<std::int64_t>(s.visible(query) + more, 1, s.keys);
    std::vector<float> output(static_cast<std::size_t>(s.value_dim));
    float most = -INFINITY;
    float total = 0;
    const std::int64_t block = faults.block == 0 ? visible : faults.block;
    for (std::int64_t from = 0; from < visible; from += block) {
      std::vector<float> scores;
      for (std::int64_t j = from; j < std::min(from + block, visible); ++j) {
        float sum = 0;
        for (std::int64_t p = 0; p < s.key_dim; ++p) {
          sum = sum_of(sum, at(0, row * s.key_dim + p) * at(1, (head * s.keys + j) * s.key_dim + p),
                       faults.narrow_sums);
        }
        scores.push_back(sum * attention().scale() * faults.scale);
      }
      const float before = most;
      for (const float score : scores) most = std::max(most, score);
      const float shrink = std::exp(before - most);
      total *= shrink;
      for (float& element : output) element *= shrink;
      for (std::size_t i = 0; i < scores.size(); ++i) {
        float weight = std::exp(scores[i] - most);
        total = sum_of(total, weight, faults.narrow_sums);
        if (faults.narrow_weights) {
          std::array<std::byte, 4> rounded{};
          store(problem->types().input, rounded, 0, static_cast<double>(weight));
          weight = static_cast<float>(load(problem->types().input, rounded, 0));
        }
        const std::int64_t j = from + static_cast<std::int64_t>(i);
        for (std::size_t c = 0; c < output.size(); ++c) {
          const float value = at(2, (head * s.keys + j) * s.value_dim + static_cast<std::int64_t>(c));
          output[c] = sum_of(output[c], weight * value, faults.narrow_sums);
        }
      }
    }
    for (std::size_t c = 0; c < output.size(); ++c) {
      set(3, row * s.value_dim + static_cast<std::int64_t>(c), static_cast<double>(output[c] / total));
    }
  }

  std::unique_ptr<const Problem> problem;
  std::vector<std::vector<std::byte>> memory;  // Q, K, V, O
  std::vector<std::vector<float>> values;      // the same as floats
};

// Small: all rows are compared; large and long: some.
const std::string small = "attention:b=2,hq=4,hkv=2,sq=19,skv=33,d=24,dv=16,mask=causal";
const std::string large = "attention:b=600,hq=4,hkv=2,sq=19,skv=20,d=4,dv=48,mask=causal";
const std::string long_context = "attention:hq=2,sq=20,skv=20000,d=48,dv=40,mask=causal";

}  // namespace

TEST_CASE("correct attention of every type passes, whatever the blocks of its softmax") {
  const std::string type = GENERATE(as<std::string>{}, "f32", "f16", "bf16");
  const std::string key = GENERATE(as<std::string>{}, small, large, "attention:hq=2,sq=17,skv=5,d=64");
  Fixture f(key + ",type=" + type);
  f.compute({.block = GENERATE(0, 1, 7)});
  const Verdict verdict = f.check();
  INFO(f.problem->key() << ": " << verdict.reason << " " << verdict.accumulation);
  CHECK(verdict.correct);
  CHECK(verdict.max_error <= verdict.tolerance);
  CHECK(verdict.method == (key == large ? "sampled+range" : "full"));
}

TEST_CASE("weights rounded to 16-bit inputs' type pass, as matrix units need them") {
  const std::string type = GENERATE(as<std::string>{}, "f16", "bf16");
  const std::string key = GENERATE(as<std::string>{}, small, large);
  Fixture f(key + ",type=" + type);
  f.compute({.narrow_weights = true});
  const Verdict verdict = f.check();
  INFO(verdict.reason);
  CHECK(verdict.correct);
}

TEST_CASE("every planted fault is found, in small and large problems of every type") {
  const std::string type = GENERATE(as<std::string>{}, "f32", "f16", "bf16");
  const std::string key = GENERATE(as<std::string>{}, small, large);
  const Faults faults = GENERATE(Faults{.scale = 1.01F}, Faults{.scale = 1.4427F}, Faults{.more_keys = 1},
                                 Faults{.more_keys = -1}, Faults{.more_keys = -1, .from_query = 18},
                                 Faults{.next_head = true}, Faults{.transposed_heads = true});
  // 1 % of the scale is within what bf16 itself rounds away.
  if (type == "bf16" && faults.scale == 1.01F) return;
  Fixture f(key + ",type=" + type);
  f.compute(faults);
  INFO(f.problem->key() << ": scale " << faults.scale << ", keys " << faults.more_keys << " from "
                        << faults.from_query << ", next " << faults.next_head);
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("a single key too few is found among 20000") {
  const std::string type = GENERATE(as<std::string>{}, "f32", "f16");
  Fixture f(long_context + ",type=" + type);
  f.compute();
  const Verdict verdict = f.check();
  INFO(verdict.reason);
  CHECK(verdict.correct);
  f.compute({.more_keys = -1});
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("sums in f16 do not pass as f32") {
  Fixture f(GENERATE(as<std::string>{}, small, large));
  f.compute({.narrow_sums = true});
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("one output that was never written is found in a large problem, wherever it is") {
  Fixture f(large);
  f.compute();
  REQUIRE(f.check().correct);
  const std::int64_t last = 600 * 4 * 19 * 48 - 1;
  const std::int64_t index = GENERATE_COPY(std::int64_t{1}, std::int64_t{12345}, last);
  const double value = GENERATE(as<double>{}, not_a_number, 9.0, infinity);
  f.set(3, index, value);
  INFO("output " << index << " is " << value);
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("a NaN among a query's scores makes its outputs NaN, and no others") {
  Fixture f("attention:hq=1,sq=4,skv=6,d=8,mask=causal");
  f.set(1, 4 * 8 + 3, not_a_number);  // key 4, which queries 2 and 3 see
  f.compute();
  CHECK(std::isnan(f.at(3, 2 * 8)));
  CHECK(f.check().correct);
  f.set(3, 1 * 8, not_a_number);
  CHECK_FALSE(f.check().correct);
  f.compute();
  f.set(3, 3 * 8, 0.5);
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("an infinite value reaches the outputs of the queries that see it") {
  Fixture f("attention:hq=1,sq=4,skv=6,d=8,mask=causal");
  f.set(2, 4 * 8 + 3, -infinity);
  f.compute();
  CHECK(f.at(3, 2 * 8 + 3) == -INFINITY);
  CHECK(std::isfinite(f.at(3, 1 * 8 + 3)));
  CHECK(f.check().correct);
  f.set(3, 2 * 8 + 3, infinity);
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("a score of minus infinity weighs nothing, but all of them are no distribution") {
  Fixture f("attention:hq=1,sq=1,skv=3,d=2");
  for (std::int64_t p = 0; p < 2; ++p) f.set(0, p, 1);
  f.set(1, 0, -infinity);
  f.compute();
  CHECK(std::isfinite(f.at(3, 0)));
  CHECK(f.check().correct);
  f.set(1, 2, -infinity);
  f.set(1, 4, -infinity);
  f.compute();
  CHECK(std::isnan(f.at(3, 0)));
  CHECK(f.check().correct);
}

TEST_CASE("scores far apart are right where the softmax is one key") {
  Fixture f("attention:hq=1,sq=8,skv=40,d=16,scale=1000");
  f.compute({.block = 5});
  const Verdict verdict = f.check();
  INFO(verdict.reason);
  CHECK(verdict.correct);
  f.compute({.next_head = false, .block = 0});
  f.set(3, 3, f.at(3, 3) + 0.5);
  CHECK_FALSE(f.check().correct);
}
