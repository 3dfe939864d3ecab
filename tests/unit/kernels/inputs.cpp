// Input data: fixed streams, the stated distributions.
#include "kernels/inputs.h"

#include <cmath>

#include "tests/catch.h"

using namespace moat;

namespace {
Tensor tensor(Type type, std::int64_t elements, std::string name = "A") {
  return {std::move(name), Role::input, type, {elements}};
}
}  // namespace

TEST_CASE("normal data have mean 0 and variance 1 and are the same every time") {
  const auto bytes = fill(tensor(Type::f32, 100000), Data::normal, 1);
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 0; i < 100000; ++i) {
    const double value = load(Type::f32, bytes, i);
    sum += value;
    squares += value * value;
  }
  CHECK(std::fabs(sum / 100000) < 0.02);
  CHECK(std::fabs(squares / 100000 - 1) < 0.02);
  CHECK(fill(tensor(Type::f32, 100000), Data::normal, 1) == bytes);
}

TEST_CASE("the first normal numbers are these bits on every platform") {
  const auto bytes = fill(tensor(Type::f32, 3), Data::normal, 1);
  // Golden: this project's own stream; a change breaks comparability with every earlier record.
  CHECK(load(Type::f32, bytes, 0) == static_cast<double>(1.14163852F));
  CHECK(load(Type::f32, bytes, 1) == static_cast<double>(0.297948211F));
  CHECK(load(Type::f32, bytes, 2) == static_cast<double>(-0.81653744F));
}

TEST_CASE("seed and tensor name change the data") {
  const auto bytes = fill(tensor(Type::f32, 16), Data::normal, 1);
  CHECK(fill(tensor(Type::f32, 16), Data::normal, 2) != bytes);
  CHECK(fill(tensor(Type::f32, 16, "B"), Data::normal, 1) != bytes);
}

TEST_CASE("each distribution stays in its range") {
  for (const Type type : {Type::f32, Type::f16, Type::i8}) {
    const auto small = fill(tensor(type, 5000), Data::integers, 1);
    for (std::size_t i = 0; i < 5000; ++i) {
      const double value = load(type, small, i);
      REQUIRE(std::fabs(value) <= 4);
      REQUIRE(value == std::nearbyint(value));
    }
    const auto ones = fill(tensor(type, 9), Data::ones, 1);
    CHECK(load(type, ones, 8) == 1);
    const auto zeros = fill(tensor(type, 9), Data::zeros, 1);
    CHECK(load(type, zeros, 8) == 0);
  }
  const auto uniform = fill(tensor(Type::f64, 5000), Data::uniform, 1);
  for (std::size_t i = 0; i < 5000; ++i) REQUIRE(std::fabs(load(Type::f64, uniform, i)) <= 1);
}

TEST_CASE("data names parse back") {
  for (int i = 0; i <= static_cast<int>(Data::integers); ++i) {
    const auto data = static_cast<Data>(i);
    CHECK(parse_data(name(data)) == data);
  }
}

TEST_CASE("whole numbers of whatever many products add up within what the accumulator counts") {
  const auto terms = GENERATE(as<std::int64_t>{}, 1, 1000, 1 << 18, 1 << 21);
  for (const Types& types : {default_types(Type::f32), default_types(Type::bf16), default_types(Type::i8),
                             Types{Type::f16, Type::f16, Type::f16}}) {
    const std::vector<Tensor> tensors{{"a", Role::input, types.input, {terms}},
                                      {"b", Role::input, types.input, {terms}},
                                      {"c", Role::output, types.output, {1}}};
    const auto arrays = fill_whole(tensors, terms, types, 1);
    REQUIRE(arrays.size() == 2);
    double magnitude = 0;
    bool are_whole = true;
    for (std::int64_t i = 0; i < terms; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const double a = load(types.input, arrays[0], at);
      are_whole = are_whole && a == std::floor(a);
      magnitude += std::fabs(a * load(types.input, arrays[1], at));
    }
    const double most = is_floating(types.accumulate) ? 1 / unit_roundoff(types.accumulate) : 0x1p31;
    CHECK(are_whole);
    CHECK(magnitude <= most);
    if (terms >= 1000) CHECK(magnitude > 100);  // not nearly all of them 0
    if (terms <= 1000) CHECK(arrays != fill_whole(tensors, terms, types, 2));
  }
}
