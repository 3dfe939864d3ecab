// Choosing records by patterns.
#include "results/filter.h"

#include "base/error.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using test::good_record;

namespace {

std::vector<Record> three() {
  return {good_record("null:0", "naive"), good_record("null:0", "library/fast"),
          good_record("opencl:0", "portable/opencl")};
}

std::size_t count(const Filters& filters) {
  return select(three(), filters).size();
}

using Strings = std::vector<std::string>;

Filters by(Strings Filters::*list, Strings patterns) {
  Filters filters;
  filters.*list = std::move(patterns);
  return filters;
}

}  // namespace

TEST_CASE("without patterns every record is chosen, in order") {
  CHECK(select(three(), {}) == three());
}

TEST_CASE("a device is named by its id, its adapter or a glob") {
  CHECK(count(by(&Filters::devices, {"opencl:0"})) == 1);
  CHECK(count(by(&Filters::devices, {"null"})) == 2);
  CHECK(count(by(&Filters::devices, {"*:0"})) == 3);
  CHECK(count(by(&Filters::devices, {"null", "opencl:0"})) == 3);
}

TEST_CASE("an implementation is named whole or by a part") {
  CHECK(count(by(&Filters::implementations, {"library/fast"})) == 1);
  CHECK(count(by(&Filters::implementations, {"fast"})) == 1);
  CHECK(count(by(&Filters::implementations, {"portable"})) == 1);
  CHECK(count(by(&Filters::implementations, {"opencl"})) == 1);
}

TEST_CASE("every kind of pattern has to match") {
  Filters filters = by(&Filters::devices, {"null"});
  filters.implementations = {"naive"};
  CHECK(count(filters) == 1);
  filters.implementations = {"portable"};
  CHECK(count(filters) == 0);
  CHECK(count(by(&Filters::operators, {"gemm"})) == 3);
}

TEST_CASE("a pattern that matches nothing is an error with the nearest name") {
  CHECK_THROWS_WITH(count(by(&Filters::devices, {"opencl:1"})), ContainsSubstring("opencl:0"));
  CHECK_THROWS_WITH(count(by(&Filters::implementations, {"portabel"})), ContainsSubstring("portable/opencl"));
  CHECK_THROWS_AS(count(by(&Filters::operators, {"attention"})), UsageError);
  CHECK_THROWS_AS(count(by(&Filters::types, {"f8"})), UsageError);
}

TEST_CASE("a type is that of the inputs") {
  std::vector<Record> records = three();
  records[1].types = {Type::f16, Type::f32, Type::f32};
  const std::vector<Record> chosen = select(records, by(&Filters::types, {"f16"}));
  REQUIRE(chosen.size() == 1);
  CHECK(chosen[0] == records[1]);
  CHECK(select(records, by(&Filters::types, {"f*"})).size() == 3);
}

TEST_CASE("a problem is named by its key, however that is spelt, or by a glob over keys") {
  std::vector<Record> records = three();
  records[2].identity.problem = "gemm:m=8,n=4,k=2,type=f32";
  CHECK(select(records, by(&Filters::problems, {"gemm:k=2,n=4,m=8,type=f32"})).size() == 1);
  CHECK(select(records, by(&Filters::problems, {"gemm:m=100,*"})).size() == 2);
  CHECK_THROWS_AS(select(records, by(&Filters::problems, {"gemm:m=9,n=4,k=2,type=f32"})), UsageError);
}
