// Operators by name, problems by key, and what holds for the problems of every operator.
#include "kernels/operator.h"

#include <set>

#include "base/error.h"
#include "kernels/implementation.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("every operator is found by its name and reads its own example") {
  std::set<std::string_view> names;
  for (const Operator* known : operators()) {
    INFO(known->name());
    CHECK(&find_operator(known->name()) == known);
    names.insert(known->name());
    const auto problem = parse_problem(known->key_example());
    CHECK(problem->operator_name() == known->name());
    CHECK(parse_problem(problem->key())->key() == problem->key());
    CHECK_FALSE(known->implementations().empty());
    CHECK_FALSE(known->convention().empty());
  }
  CHECK(names.size() == operators().size());
}

TEST_CASE("an unknown operator is refused with the nearest and all that are known") {
  CHECK_THROWS_WITH(find_operator("gem"), ContainsSubstring("unknown operator 'gem'") &&
                                              ContainsSubstring("gemm") && ContainsSubstring("convolution"));
  CHECK_THROWS_AS(parse_problem("gemm"), UsageError);
  CHECK_THROWS_WITH(parse_problem("gemm"), ContainsSubstring("has no arguments"));
  CHECK_THROWS_AS(parse_problem(""), UsageError);
}

TEST_CASE("only operators that measure the device itself are roofs") {
  CHECK(is_roof_operator("stream"));
  CHECK(is_roof_operator("peak"));
  CHECK_FALSE(is_roof_operator("gemm"));
  CHECK_FALSE(is_roof_operator("attention"));
  CHECK_FALSE(is_roof_operator("convolution"));
  CHECK_FALSE(is_roof_operator("unknown"));
}

TEST_CASE("a tensor's elements are the product of its extents, one if it has none") {
  CHECK(Tensor{"a", Role::input, Type::f16, {3, 4, 5}}.elements() == 60);
  CHECK(Tensor{"a", Role::input, Type::f16, {3, 4, 5}}.bytes() == 120);
  CHECK(Tensor{"a", Role::input, Type::f16, {3, 0, 5}}.elements() == 0);
  CHECK(Tensor{"a", Role::input, Type::f16, {}}.elements() == 1);
}

TEST_CASE("a problem may lack inputs and still write, or write nothing at all") {
  const auto whole = parse_problem("gemm:m=2,n=2,k=2,type=f32");
  CHECK_FALSE(is_empty(*whole));
  CHECK_FALSE(writes_nothing(*whole));
  const auto no_products = parse_problem("gemm:m=2,n=2,k=0,type=f32");  // C = 0
  CHECK(is_empty(*no_products));
  CHECK_FALSE(writes_nothing(*no_products));
  const auto no_outputs = parse_problem("gemm:m=0,n=2,k=2,type=f32");
  CHECK(is_empty(*no_outputs));
  CHECK(writes_nothing(*no_outputs));
}

TEST_CASE("work counts every tensor's bytes once") {
  for (const Operator* known : operators()) {
    const auto problem = parse_problem(known->key_example());
    double read = 0;
    double written = 0;
    for (const Tensor& tensor : problem->tensors()) {
      (tensor.role == Role::input ? read : written) += static_cast<double>(tensor.bytes());
    }
    INFO(problem->key());
    CHECK(problem->work().bytes_read == read);
    CHECK(problem->work().bytes_written == written);
    CHECK(problem->work().bytes() == read + written);
  }
}
