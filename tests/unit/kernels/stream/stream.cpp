// Stream: keys, work, plans with no device, and a verifier that misses nothing.
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "base/error.h"
#include "kernels/inputs.h"
#include "kernels/stream/reference.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

Traits traits_of(DeviceKind kind) {
  Traits traits;
  traits.kind = kind;
  traits.language = Language::opencl_c;
  traits.compute_units = kind == DeviceKind::cpu ? 2 : 40;
  traits.max_group_size = 1024;
  traits.max_group_shape = {1024, 1024, 64};
  traits.local_memory_bytes = 32 << 10;
  traits.native_vector_f32 = kind == DeviceKind::cpu ? 16 : 1;
  traits.last_level_cache_bytes = 32 << 20;
  traits.has_f64 = true;
  return traits;
}

OrUnsupported<Plan> plan(std::size_t implementation, const std::string& key, const Traits& traits,
                         const Values& changes = {}) {
  const auto problem = parse_problem(key);
  Parameters parameters = stream_implementations()[implementation].defaults(*problem, traits);
  for (const auto& [name, value] : changes) parameters.values[name] = value;
  return stream_implementations()[implementation].plan(*problem, traits, parameters);
}

std::string reason(const OrUnsupported<Plan>& outcome) {
  const auto* unsupported = std::get_if<Unsupported>(&outcome);
  return unsupported == nullptr ? "" : unsupported->reason;
}

struct Fixture {
  explicit Fixture(const std::string& key, Data data = Data::normal) : problem(parse_problem(key)) {
    for (const Tensor& tensor : problem->tensors()) {
      if (tensor.role == Role::input) inputs.push_back(fill(tensor, data, 1));
    }
    output.resize(problem->tensors().back().bytes());
    const std::vector<std::span<const std::byte>> views(inputs.begin(), inputs.end());
    verifier = problem->verifier(views);
  }
  [[nodiscard]] const StreamProblem& stream() const { return dynamic_cast<const StreamProblem&>(*problem); }
  [[nodiscard]] double input(std::size_t which, std::size_t i) const {
    return load(problem->types().input, inputs[std::min(which, inputs.size() - 1)], i);
  }
  void set(std::size_t i, double value) { store(problem->types().output, output, i, value); }
  [[nodiscard]] double get(std::size_t i) const { return load(problem->types().output, output, i); }
  [[nodiscard]] Verdict check() const {
    const std::vector<std::span<const std::byte>> outputs{output};
    return verifier->check(outputs);
  }
  // As a device would compute: each operation rounded to the type.
  void compute() {
    const StreamProblem& p = stream();
    const double s = stream_scalar(p.types().input);
    const auto rounded = [&](double value) {
      return p.types().input == Type::f32 ? static_cast<double>(static_cast<float>(value)) : value;
    };
    double sum = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(p.n()); ++i) {
      const double a = input(0, i);
      const double b = input(1, i);
      switch (p.op()) {
        case StreamOp::copy:
          set(i, a);
          break;
        case StreamOp::mul:
          set(i, s * a);
          break;
        case StreamOp::add:
          set(i, a + b);
          break;
        case StreamOp::triad:
          set(i, a + rounded(s * b));
          break;
        case StreamOp::dot:
          sum = rounded(sum + rounded(a * b));
          break;
      }
    }
    if (p.op() == StreamOp::dot) set(0, sum);
  }

  std::unique_ptr<const Problem> problem;
  std::vector<std::vector<std::byte>> inputs;
  std::vector<std::byte> output;
  std::unique_ptr<Verifier> verifier;
};

}  // namespace

TEST_CASE("a stream key parses back to itself, from any order and with f32 for the default") {
  CHECK(parse_problem("stream:op=triad,n=33554432,type=f64")->key() == "stream:op=triad,n=33554432,type=f64");
  CHECK(parse_problem("stream:n=7,op=dot")->key() == "stream:op=dot,n=7,type=f32");
}

TEST_CASE("a wrong stream key names the argument and the way out") {
  CHECK_THROWS_WITH(parse_problem("stream:op=scale,n=7"), ContainsSubstring("copy, mul, add, triad, dot"));
  CHECK_THROWS_WITH(parse_problem("stream:op=copy"), ContainsSubstring("n= is missing"));
  CHECK_THROWS_WITH(parse_problem("stream:op=copy,n=0"), ContainsSubstring("n=0 will not do"));
  CHECK_THROWS_WITH(parse_problem("stream:op=copy,n=2147483648"), ContainsSubstring("from 1 to 2147483647"));
  CHECK_THROWS_WITH(parse_problem("stream:op=copy,n=1,n=2"), ContainsSubstring("n is given twice"));
  CHECK_THROWS_WITH(parse_problem("stream:op=copy,m=1"), ContainsSubstring("unknown argument 'm=1'"));
  CHECK_THROWS_WITH(parse_problem("stream:op=copy,n=1,type=f16"), ContainsSubstring("there are f32 and f64"));
  CHECK_THROWS_WITH(parse_problem("stream:op=copy,n=1,type=f"), ContainsSubstring("type=f will not do"));
}

TEST_CASE("work counts elements as BabelStream does") {
  const auto work = [](const std::string& op) {
    return parse_problem("stream:op=" + op + ",n=1000,type=f64")->work();
  };
  CHECK(work("copy") == Work{0, 8000, 8000});
  CHECK(work("mul") == Work{1000, 8000, 8000});
  CHECK(work("add") == Work{1000, 16000, 8000});
  CHECK(work("triad") == Work{2000, 16000, 8000});
  CHECK(work("dot") == Work{2000, 16000, 0});
}

TEST_CASE("what a device computes passes, and one wrong, missing or NaN element anywhere does not") {
  const std::string op = GENERATE(as<std::string>{}, "copy", "mul", "add", "triad", "dot");
  const std::string type = GENERATE(as<std::string>{}, "f32", "f64");
  const std::size_t n = 5000;  // several blocks and a part of one
  Fixture f("stream:op=" + op + ",n=5000,type=" + type);
  f.compute();
  const Verdict verdict = f.check();
  INFO(f.problem->key() << ": " << verdict.reason);
  CHECK(verdict.correct);
  CHECK(verdict.method == "full");
  CHECK(verdict.checked == (op == "dot" ? 1 : n));
  const std::size_t at = op == "dot" ? 0 : GENERATE(as<std::size_t>{}, 0, 1023, 1024, 4999);
  const double good = f.get(at);
  for (const double bad : {good * 1.0001 + 0.01, std::numeric_limits<double>::quiet_NaN(),
                           std::numeric_limits<double>::infinity()}) {
    f.set(at, bad);
    CHECK_FALSE(f.check().correct);
  }
}

TEST_CASE("a copy is exact: one unit in the last place is too much") {
  Fixture f("stream:op=copy,n=100");
  f.compute();
  f.set(50, static_cast<double>(std::nextafter(static_cast<float>(f.get(50)), 10.0F)));
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("infinity and NaN pass where the inputs have them") {
  Fixture f("stream:op=triad,n=2048");
  store(Type::f32, f.inputs[0], 7, std::numeric_limits<double>::infinity());
  store(Type::f32, f.inputs[1], 1500, std::numeric_limits<double>::quiet_NaN());
  f.compute();
  CHECK(f.check().correct);
  f.set(7, 1e30);
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("a long dot product's bound sees a group of products that is missing") {
  Fixture f("stream:op=dot,n=16777216");
  const Dot dot = stream_dot(Type::f32, f.inputs[0], f.inputs[1]);
  const double bound = DotTolerance(16777216, f.problem->types()).allow(dot).bound;
  CHECK(bound < 0.01 * std::sqrt(dot.energy));
  f.set(0, dot.value + bound / 2);
  CHECK(f.check().correct);
  f.set(0, 0);
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("a dot product of zeros is zero and nothing else") {
  Fixture f("stream:op=dot,n=1000", Data::zeros);
  f.set(0, 0);
  CHECK(f.check().correct);
  f.set(0, 1e-30);
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("every element belongs to one group") {
  const std::string op = GENERATE(as<std::string>{}, "copy", "dot");
  const std::int64_t n = GENERATE(as<std::int64_t>{}, 1, 63, 4096, 100003, 2147483647);
  const std::size_t implementation = GENERATE(as<std::size_t>{}, 0, 1);
  const Traits traits = traits_of(GENERATE(DeviceKind::cpu, DeviceKind::gpu));
  const Plan made = std::get<Plan>(
      plan(implementation, "stream:op=" + op + ",n=" + std::to_string(n) + ",type=f32", traits));
  const Step& step = made.steps.at(0);
  const auto groups = static_cast<std::int64_t>(step.groups[0]);
  const auto items = static_cast<std::int64_t>(step.group_shape[0]);
  const std::int64_t per_group =
      implementation == 1 ? step.arguments.back().value : items * (op == "dot" ? 1024 : 1);
  CHECK(per_group <= std::numeric_limits<std::int32_t>::max());
  CHECK(groups * per_group >= n);
  CHECK((groups - 1) * per_group < n);
  CHECK(made.steps.size() == (op == "dot" ? 2 : 1));
  if (op == "dot") {
    const std::int64_t parts = made.steps[1].arguments.back().value;
    CHECK(parts == (implementation == 1 ? groups : (n + 1023) / 1024));
    CHECK(made.scratch_bytes == std::vector<std::size_t>{static_cast<std::size_t>(parts) * 4});
  }
}

TEST_CASE("only arrays beyond the caches are stored past them, and only by CPUs") {
  const auto streaming = [](const std::string& key, DeviceKind kind) {
    const auto problem = parse_problem(key);
    return stream_implementations()[1].defaults(*problem, traits_of(kind)).values.at("STREAMING");
  };
  CHECK(streaming("stream:op=triad,n=33554432", DeviceKind::cpu) == 1);
  CHECK(streaming("stream:op=triad,n=1000000", DeviceKind::cpu) == 0);
  CHECK(streaming("stream:op=triad,n=33554432", DeviceKind::gpu) == 0);
}

TEST_CASE("vectors are tried only in languages that have words for them") {
  Traits traits = traits_of(DeviceKind::gpu);
  for (const Language language : {Language::opencl_c, Language::cuda}) {
    traits.language = language;
    const std::string why = reason(plan(1, "stream:op=triad,n=99", traits, {{"VECTOR_WIDTH", 2}}));
    CHECK(why == (language == Language::cuda ? "VECTOR_WIDTH=2 has no word in cuda" : ""));
    CHECK(reason(plan(1, "stream:op=triad,n=99", traits)).empty());
  }
}

TEST_CASE("a device without f64 has no f64 stream, and a broken rule is named") {
  Traits traits = traits_of(DeviceKind::gpu);
  traits.has_f64 = false;
  for (const std::size_t implementation : {0U, 1U}) {
    CHECK(reason(plan(implementation, "stream:op=copy,n=9,type=f64", traits)) ==
          "the device has no f64 arithmetic");
    CHECK(reason(plan(implementation, "stream:op=copy,n=9,type=f32", traits)).empty());
  }
  CHECK_THAT(reason(plan(1, "stream:op=copy,n=9", traits, {{"VECTOR_WIDTH", 3}})),
             ContainsSubstring("VECTOR_WIDTH=3 is no power of two"));
  CHECK_THAT(reason(plan(1, "stream:op=dot,n=9", traits, {{"GROUP_X", 1025}})),
             ContainsSubstring("GROUP_X=1025"));
}
