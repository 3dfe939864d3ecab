// Ratios with intervals: the laws that make factors of a gap multiply.
#include "base/factor.h"

#include <array>
#include <cmath>

#include "tests/catch.h"

using moat::Factor;

TEST_CASE("what is known exactly stays exact") {
  const Factor product = moat::exactly(3) * moat::exactly(4) / moat::exactly(2);
  CHECK(product == moat::exactly(6));
}

TEST_CASE("an interval's value is the middle of its logarithms") {
  const Factor peak = moat::between({200, 800});
  CHECK(peak.value == Approx(400));
  CHECK(peak.low == 200);
  CHECK(peak.high == 800);
  CHECK(moat::between({353.9, 353.9}).value == 353.9);
}

TEST_CASE("a quotient's ends come from opposite ends of its parts") {
  const Factor ratio = moat::between({2, 4}) / moat::between({1, 2});
  CHECK(ratio.low == 1);
  CHECK(ratio.high == 4);
}

TEST_CASE("the product of geometric means is the mean of the products") {
  const std::array<Factor, 3> hardware{moat::between({0.5, 0.7}), moat::between({1, 3}), moat::exactly(0.25)};
  const std::array<Factor, 3> stack{moat::exactly(0.9), moat::between({0.2, 0.4}), moat::between({1, 1.5})};
  std::array<Factor, 3> totals;
  for (std::size_t i = 0; i < totals.size(); ++i) totals.at(i) = hardware.at(i) * stack.at(i);
  const Factor apart = *moat::geometric_mean(hardware) * *moat::geometric_mean(stack);
  const Factor together = *moat::geometric_mean(totals);
  CHECK(apart.value == Approx(together.value));
  CHECK(apart.low == Approx(together.low));
  CHECK(apart.high == Approx(together.high));
  CHECK_FALSE(moat::geometric_mean({}).has_value());
}

TEST_CASE("a factor is undecided only where its interval holds both sides of 1") {
  CHECK(moat::is_undecided({1.05, 0.9, 1.2}));
  CHECK_FALSE(moat::is_undecided(moat::exactly(1)));
  CHECK_FALSE(moat::is_undecided({1.1, 1, 1.2}));
  CHECK_FALSE(moat::is_undecided({0.8, 0.7, 0.9}));
}
