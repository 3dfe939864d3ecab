// Freivalds' check by itself:
// right products pass, an element that is off by more than rounding leaves does not.
#include "kernels/gemm/freivalds.h"

#include <cmath>
#include <limits>

#include "kernels/gemm/reference.h"
#include "kernels/inputs.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// A product computed in double and rounded to the output's type.
struct Product {
  explicit Product(const std::string& key, Data data = Data::normal) : problem(parse_problem(key)) {
    const auto tensors = problem->tensors();
    a = fill(tensors[0], data, 1);
    b = fill(tensors[1], data, 1);
    c.resize(tensors[2].bytes());
    const GemmShape& s = gemm().shape();
    for (std::int64_t i = 0; i < s.batch * s.m * s.n; ++i) set(static_cast<std::size_t>(i), exact(i));
  }
  [[nodiscard]] const GemmProblem& gemm() const { return dynamic_cast<const GemmProblem&>(*problem); }
  [[nodiscard]] double exact(std::int64_t element) const {
    const GemmShape& s = gemm().shape();
    return gemm_dot(gemm(), a, b, element / (s.m * s.n), element / s.n % s.m, element % s.n).value;
  }
  void set(std::size_t element, double value) { store(problem->types().output, c, element, value); }
  [[nodiscard]] double at(std::size_t element) const { return load(problem->types().output, c, element); }
  [[nodiscard]] std::optional<std::string> refuted() {
    return Freivalds(gemm(), a, b).refute(c, [&](std::size_t element) {
      ++asked;
      return exact(static_cast<std::int64_t>(element));
    });
  }

  std::unique_ptr<const Problem> problem;
  std::vector<std::byte> a;
  std::vector<std::byte> b;
  std::vector<std::byte> c;
  int asked = 0;
};

}  // namespace

TEST_CASE("a right product passes, however its matrices lie and whatever their type") {
  const std::string transpose = GENERATE("nn", "nt", "tn", "tt");
  const std::string type = GENERATE("f64", "f32", "f16", "i8");
  Product product("gemm:m=5,n=9,k=33,batch=3,transpose=" + transpose + ",type=" + type);
  CHECK(product.refuted() == std::nullopt);
  CHECK(product.asked == 0);
}

TEST_CASE("an element that is off is told with its row and matrix") {
  Product product("gemm:m=5,n=9,k=33,batch=3,type=f32");
  // Matrix 2, row 3, column 4. Rounding leaves some 1e-4 of a row of this length.
  const std::size_t element = (2 * 5 + 3) * 9 + 4;
  product.set(element, product.at(element) + GENERATE(0.01, -0.01));
  const auto reason = product.refuted();
  REQUIRE(reason);
  CHECK_THAT(*reason, ContainsSubstring("row 3 of matrix 2: residual 0.01,"));
}

TEST_CASE("an error that rounding may leave is not refuted") {
  Product product("gemm:m=5,n=9,k=33,type=f32");
  product.set(4, product.at(4) + 1e-6);
  CHECK_FALSE(product.refuted());
}

TEST_CASE("an integer product is refuted by an output that is off by one") {
  Product product("gemm:m=5,n=9,k=33,type=i8");
  product.set(7, product.at(7) + 1);
  CHECK(product.refuted());
}

TEST_CASE("two errors in a row that cancel each other in a plain sum are found by random signs") {
  Product product("gemm:m=2,n=40,k=8,type=f32");
  for (std::size_t pair = 0; pair < 20; ++pair) {
    product.set(2 * pair, product.at(2 * pair) + 1);
    product.set(2 * pair + 1, product.at(2 * pair + 1) - 1);
  }
  CHECK(product.refuted());
}

TEST_CASE("NaN is no product") {
  Product product("gemm:m=5,n=9,k=33,type=f32");
  product.set(7, std::numeric_limits<double>::quiet_NaN());
  CHECK(product.refuted());
}

TEST_CASE("an infinity enters as what it ought to be, for at most 1024 of them") {
  Product few("gemm:m=4,n=256,k=8,type=f32");
  for (std::size_t i = 0; i < 1024; ++i) few.set(i, infinity);
  CHECK_FALSE(few.refuted());
  CHECK(few.asked == 1024);
  SECTION("beside a wrong element they do not hide it") {
    few.set(5, few.exact(5) + 1);
    CHECK(few.refuted());
  }
  SECTION("rows with more are passed over") {
    Product many("gemm:m=5,n=256,k=8,type=f32");
    for (std::size_t i = 0; i < 1280; ++i) many.set(i, infinity);
    many.set(1279, 1e6);
    CHECK_FALSE(many.refuted());
    CHECK(many.asked == 1024);
  }
}
