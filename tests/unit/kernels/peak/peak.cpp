// Peak: keys, work, plans with no device, and a verifier in which every step shows.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.h"
#include "kernels/inputs.h"
#include "kernels/peak/peak.h"
#include "kernels/peak/reference.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

Traits traits_of(DeviceKind kind) {
  Traits traits;
  traits.kind = kind;
  traits.language = Language::opencl_c;
  traits.compute_units = 2;
  traits.max_group_size = 256;
  traits.max_group_shape = {256, 256, 64};
  traits.native_vector_f32 = kind == DeviceKind::cpu ? 16 : 1;
  traits.has_f64 = true;
  traits.has_f16 = true;
  return traits;
}

double rounded(Type type, double value) {
  if (type == Type::f64) return value;
  return type == Type::f32 ? static_cast<double>(static_cast<float>(value)) : from_f16(to_f16(value));
}

struct Fixture {
  explicit Fixture(const std::string& key, Data data = Data::normal) : problem(parse_problem(key)) {
    start = fill(problem->tensors()[0], data, 1);
    end.resize(problem->tensors()[1].bytes());
    const std::vector<std::span<const std::byte>> views{start};
    verifier = problem->verifier(views);
  }
  [[nodiscard]] const PeakProblem& peak() const { return dynamic_cast<const PeakProblem&>(*problem); }
  [[nodiscard]] Verdict check() const {
    const std::vector<std::span<const std::byte>> outputs{end};
    return verifier->check(outputs);
  }
  // Multiply-adds rounded twice, once (fused), or towards zero, as devices do.
  enum class Rounding { twice, once, towards_zero };
  void compute(std::int64_t pairs, Rounding rounding = Rounding::twice) {
    const Type type = problem->types().input;
    const double e = peak_coefficient(type);
    const auto chains = static_cast<std::size_t>(peak().chains());
    const auto add_product = [&](double to, double factor, double from) {
      if (rounding == Rounding::twice) return rounded(type, to + rounded(type, factor * from));
      const double exact = std::fma(factor, from, to);
      const double near = rounded(type, exact);
      if (rounding == Rounding::once || std::fabs(near) <= std::fabs(exact)) return near;
      return static_cast<double>(std::nextafter(static_cast<float>(near), 0.0F));
    };
    for (std::size_t i = 0; i < chains; ++i) {
      double x = load(type, start, i);
      double y = load(type, start, chains + i);
      for (std::int64_t pair = 0; pair < pairs; ++pair) {
        x = add_product(x, e, y);
        y = add_product(y, -e, x);
      }
      store(type, end, i, x);
      store(type, end, chains + i, y);
    }
  }
  void compute_bytes(std::int64_t pairs) {
    const auto chains = static_cast<std::size_t>(peak().chains());
    const auto byte = [](std::uint32_t from, std::uint32_t place) {
      const std::uint32_t value = from >> (8 * place) & 255;
      return value < 128 ? static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value) - 256;
    };
    const auto products = [&](std::uint32_t v) {
      return static_cast<std::uint32_t>(37 * byte(v, 0) + 91 * byte(v, 1) + 113 * byte(v, 2) +
                                        19 * byte(v, 3));
    };
    for (std::size_t i = 0; i < chains; ++i) {
      std::uint32_t x = 0;
      std::uint32_t y = 0;
      std::memcpy(&x, start.data() + 4 * i, 4);
      std::memcpy(&y, start.data() + 4 * (chains + i), 4);
      for (std::int64_t pair = 0; pair < pairs; ++pair) {
        x += products(y);
        y += products(x);
      }
      std::memcpy(end.data() + 4 * i, &x, 4);
      std::memcpy(end.data() + 4 * (chains + i), &y, 4);
    }
  }

  std::unique_ptr<const Problem> problem;
  std::vector<std::byte> start;
  std::vector<std::byte> end;
  std::unique_ptr<Verifier> verifier;
};

}  // namespace

TEST_CASE("a peak key parses back to itself, from any order and with f32 for the default") {
  CHECK(parse_problem("peak:chains=64,steps=8,type=i8")->key() == "peak:chains=64,steps=8,type=i8");
  CHECK(parse_problem("peak:steps=16,chains=128")->key() == "peak:chains=128,steps=16,type=f32");
}

TEST_CASE("a wrong peak key names the argument and the way out") {
  CHECK_THROWS_WITH(parse_problem("peak:chains=64"), ContainsSubstring("steps= is missing"));
  CHECK_THROWS_WITH(parse_problem("peak:chains=65,steps=8"), ContainsSubstring("no multiple of 64"));
  CHECK_THROWS_WITH(parse_problem("peak:chains=64,steps=12"), ContainsSubstring("no multiple of 8"));
  CHECK_THROWS_WITH(parse_problem("peak:chains=1073741824,steps=8"), ContainsSubstring("will not do"));
  CHECK_NOTHROW(PeakProblem((1 << 30) - 64, 1 << 20, Type::f32));
  CHECK_THROWS_WITH(PeakProblem(1 << 30, 8, Type::f32), ContainsSubstring("no multiple of 64 up to"));
  CHECK_THROWS_WITH(PeakProblem(0, 8, Type::f32), ContainsSubstring("no multiple of 64 up to"));
  CHECK_THROWS_WITH(PeakProblem(64, (1 << 20) + 8, Type::f32), ContainsSubstring("no multiple of 8 up to"));
  CHECK_THROWS_WITH(PeakProblem(64, 0, Type::f32), ContainsSubstring("no multiple of 8 up to"));
  CHECK_THROWS_WITH(parse_problem("peak:chains=64,steps=8,type=bf16"),
                    ContainsSubstring("there are f64, f32, f16 and i8"));
}

TEST_CASE("work counts two operations per multiply-add") {
  CHECK(parse_problem("peak:chains=64,steps=8,type=f64")->work() == Work{1024, 1024, 1024});
  CHECK(parse_problem("peak:chains=64,steps=8,type=f16")->work() == Work{1024, 256, 256});
  CHECK(parse_problem("peak:chains=64,steps=8,type=i8")->work() == Work{1024, 512, 512});
}

TEST_CASE("the matrix's power is what step by step gives, and keeps the state's size") {
  const double e = peak_coefficient(Type::f64);
  long double x = 1;
  long double y = 0.25;
  for (int pair = 0; pair < 1000; ++pair) {
    x += static_cast<long double>(e) * y;
    y -= static_cast<long double>(e) * x;
  }
  const PeakMatrix m = peak_power(e, 1000);
  CHECK(std::fabs(m.xx + m.xy * 0.25 - static_cast<double>(x)) < 1e-13);
  CHECK(std::fabs(m.yx + m.yy * 0.25 - static_cast<double>(y)) < 1e-13);
  const PeakMatrix far = peak_power(e, 1 << 19);
  CHECK(std::fabs(far.xx * far.yy - far.xy * far.yx - 1) < 1e-14);
  CHECK(std::fabs(far.xx) < 2);
}

TEST_CASE("floating chains pass however a device rounds, and fail with a pair of steps too few") {
  const std::string type = GENERATE(as<std::string>{}, "f64", "f32", "f16");
  const std::string steps = GENERATE(as<std::string>{}, "8", "256", "1024");
  Fixture f("peak:chains=192,steps=" + steps + ",type=" + type);
  for (const auto rounding : {Fixture::Rounding::twice, Fixture::Rounding::once}) {
    f.compute(f.peak().pairs(), rounding);
    const Verdict verdict = f.check();
    INFO(f.problem->key() << ": " << verdict.reason);
    CHECK(verdict.correct);
    CHECK(verdict.checked == 384);
    CHECK(verdict.accumulation == type);
  }
  f.compute(f.peak().pairs() - 1);
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("truncating adders pass within the bound for any rounding") {
  Fixture f("peak:chains=64,steps=8");
  f.compute(4, Fixture::Rounding::towards_zero);
  CHECK(f.check().correct);
}

TEST_CASE("one wrong chain is found") {
  Fixture f("peak:chains=64,steps=2048");
  f.compute(f.peak().pairs());
  REQUIRE(f.check().correct);
  const std::size_t at = GENERATE(as<std::size_t>{}, 0, 63, 64, 127);
  store(Type::f32, f.end, at, load(Type::f32, f.end, at) + 0.01);
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("zeros stay zeros") {
  Fixture f("peak:chains=64,steps=64", Data::zeros);
  CHECK(f.check().correct);
  store(Type::f32, f.end, 5, 1e-20);
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("integer chains are exact: every chain of few, and samples of many") {
  Fixture small("peak:chains=128,steps=64,type=i8");
  small.compute_bytes(8);
  CHECK(small.check().correct);
  CHECK(small.check().method == "full");
  small.compute_bytes(7);
  CHECK_FALSE(small.check().correct);
  Fixture large("peak:chains=262144,steps=520,type=i8");
  large.compute_bytes(65);
  const Verdict verdict = large.check();
  CHECK(verdict.correct);
  CHECK(verdict.method == "sampled");
  CHECK(verdict.checked == 2 * 4098);
  // A piece of 64 chains that was never computed.
  std::fill_n(large.end.begin() + 4 * 100032, 4 * 64, std::byte{0xff});
  CHECK_FALSE(large.check().correct);
}

TEST_CASE("every chain belongs to one work-item") {
  const std::int64_t chains = GENERATE(as<std::int64_t>{}, 64, 192, 100032, 1073741760);
  const std::string type = GENERATE(as<std::string>{}, "f64", "f32", "f16", "i8");
  const Traits traits = traits_of(GENERATE(DeviceKind::cpu, DeviceKind::gpu));
  const auto problem = parse_problem("peak:chains=" + std::to_string(chains) + ",steps=16,type=" + type);
  for (const Implementation& implementation : peak_implementations()) {
    const Parameters parameters = implementation.defaults(*problem, traits);
    const Plan plan = std::get<Plan>(implementation.plan(*problem, traits, parameters));
    const Step& step = plan.steps.at(0);
    const bool portable = implementation.name == "portable";
    const std::int64_t per_item =
        portable ? parameters.values.at("VECTOR_WIDTH") * parameters.values.at("CHAINS") : 1;
    const std::int64_t per_group = per_item * static_cast<std::int64_t>(step.group_shape[0]);
    const auto groups = static_cast<std::int64_t>(step.groups[0]);
    CHECK(groups * per_group >= chains);
    CHECK((groups - 1) * per_group < chains);
    CHECK(step.arguments.back().value == (type == "i8" ? 2 : 8));
  }
}

TEST_CASE("a device without the type's arithmetic has no peak of it") {
  Traits traits = traits_of(DeviceKind::gpu);
  traits.has_f64 = false;
  traits.has_f16 = false;
  for (const std::string type : {"f64", "f16"}) {
    const auto problem = parse_problem("peak:chains=64,steps=8,type=" + type);
    for (const Implementation& implementation : peak_implementations()) {
      const auto outcome = implementation.plan(*problem, traits, implementation.defaults(*problem, traits));
      REQUIRE(std::holds_alternative<Unsupported>(outcome));
      CHECK(std::get<Unsupported>(outcome).reason == "the device has no " + type + " arithmetic");
    }
  }
}

TEST_CASE("a smaller state may be off by less, in proportion") {
  Fixture f("peak:chains=64,steps=256");
  f.compute(f.peak().pairs());
  const Verdict usual = f.check();
  for (std::size_t i = 0; i < 128; ++i) {
    store(Type::f32, f.start, i, load(Type::f32, f.start, i) / 256);
    store(Type::f32, f.end, i, load(Type::f32, f.end, i) / 256);
  }
  const Verdict smaller = f.check();
  CHECK(smaller.correct);
  CHECK(smaller.max_error == usual.max_error / 256);
  CHECK(smaller.tolerance == Approx(usual.tolerance / 256));
  CHECK(smaller.method == "full");
}
