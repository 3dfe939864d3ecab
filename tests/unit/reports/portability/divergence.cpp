// Code divergence and coverage against published values, and the laws of a distance.
#include "reports/portability/divergence.h"

#include "tests/catch.h"

using namespace moat;

TEST_CASE("Code Base Investigator's example has its published divergence and coverage") {
  const LineSets lines{{{}, 2}, {{"cpu"}, 7}, {{"gpu"}, 7}, {{"cpu", "gpu"}, 17}};
  CHECK(*code_divergence(lines) == Approx(14.0 / 31));
  CHECK(*platform_coverage(lines, platforms_of(lines)) == Approx(0.9394).epsilon(1e-4));
  CHECK(*average_coverage(lines) == Approx(0.7273).epsilon(1e-4));
}

TEST_CASE("one source for all does not diverge, and sources without a common line do so entirely") {
  CHECK(*code_divergence({{{"a", "b", "c"}, 10}}) == 0);
  CHECK(*code_divergence({{{"a"}, 3}, {{"b"}, 4}, {{"c"}, 5}}) == 1);
}

TEST_CASE("divergence is the mean over pairs") {
  // a and b are equal, c has nothing in common with either: (0 + 1 + 1) / 3.
  CHECK(*code_divergence({{{"a", "b"}, 8}, {{"c"}, 8}}) == Approx(2.0 / 3));
}

TEST_CASE("a platform that needs no line is at distance 1 from those that do, and 0 from its like") {
  CHECK(*code_divergence({{{"a"}, 8}}, {"a", "b"}) == 1);
  CHECK(*code_divergence({{{}, 8}}, {"a", "b"}) == 0);
}

TEST_CASE("one platform has nothing to diverge from, and no lines have no coverage") {
  CHECK_FALSE(code_divergence({{{"a"}, 8}}).has_value());
  CHECK_FALSE(code_divergence({}).has_value());
  CHECK_FALSE(platform_coverage({}, {"a"}).has_value());
  CHECK_FALSE(average_coverage({{{}, 3}}).has_value());
  CHECK(*platform_coverage({{{}, 3}}, {"a"}) == 0);
}
