// Operators by name, problems by key, and what holds for the problems of every operator.
#include "kernels/operator.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "kernels/implementation.h"
#include "kernels/planning.h"
#include "tests/catch.h"
#include "tests/unit/kernels/plan.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

Traits shaders(Traits traits, std::uint32_t subgroup_size) {
  traits.language = Language::glsl;
  traits.has_16_bit_storage = true;
  traits.has_8_bit_storage = true;
  traits.subgroup_size = subgroup_size;
  return traits;
}

/// Among them a device for every method.
std::vector<Traits> all_devices() {
  std::vector<Traits> devices{cpu(), gpu(), shaders(cpu(), 8), shaders(gpu(), 32)};
  Traits matrices = shaders(gpu(), 32);
  for (const MatrixExtension extension : {MatrixExtension::khr, MatrixExtension::nv}) {
    matrices.matrix_shapes.push_back({Type::f16, Type::f32, 16, 16, 16, extension});
  }
  devices.push_back(matrices);
  for (Traits& traits : devices) traits.has_f16 = true;
  return devices;
}

bool builds_matrices() {
  return is_built(MatrixExtension::khr) || is_built(MatrixExtension::nv);
}

/// The operator's examples with each type that it has.
std::vector<std::unique_ptr<const Problem>> example_problems(const Operator& op) {
  std::vector<std::unique_ptr<const Problem>> problems;
  for (const std::string_view key : op.examples()) {
    const std::size_t before = problems.size();
    for (const std::string& type : type_names()) {
      try {
        problems.push_back(parse_problem(std::string(key) + ",type=" + type));
      } catch (const UsageError&) {
        continue;  // the operator has no such type
      }
    }
    INFO(key);
    CHECK(problems.size() > before);
    CHECK(problems.back()->operator_name() == op.name());
  }
  return problems;
}

}  // namespace

TEST_CASE("every operator has examples, and among their defaults is every method of its implementations") {
  for (const Operator* op : operators()) {
    const auto problems = example_problems(*op);
    for (const Implementation& implementation : op->implementations()) {
      std::set<std::string> chosen;
      for (const auto& problem : problems) {
        for (const Traits& traits : all_devices()) {
          const Parameters defaults = implementation.defaults(*problem, traits);
          if (std::holds_alternative<Plan>(implementation.plan(*problem, traits, defaults)))
            chosen.insert(defaults.method);
        }
      }
      for (const std::string_view method : implementation.methods) {
        if (method == "matrices" && !builds_matrices()) continue;
        INFO(op->name() << " " << implementation.name << " " << method);
        CHECK(chosen.contains(std::string(method)));
      }
    }
  }
}

TEST_CASE("every operator is found by its name and reads its own example") {
  std::set<std::string_view> names;
  for (const Operator* known : operators()) {
    INFO(known->name());
    CHECK(&find_operator(known->name()) == known);
    names.insert(known->name());
    const auto problem = parse_problem(known->key_example());
    CHECK(problem->operator_name() == known->name());
    CHECK(parse_problem(problem->key())->key() == problem->key());
    REQUIRE(known->implementations().size() == 2);
    CHECK(known->implementations()[0].name == "naive");
    CHECK(known->implementations()[1].name == "portable");
    for (const Implementation& own : known->implementations()) {
      const std::set<std::string_view> methods(own.methods.begin(), own.methods.end());
      CHECK(methods.size() == own.methods.size());
      CHECK_FALSE(methods.empty());
    }
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
