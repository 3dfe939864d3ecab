// A rate and its ends, from a record's figures.
#include "results/rate.h"

#include "tests/catch.h"

using namespace moat;

namespace {

Figures known() {
  Figures figures;
  figures.median_seconds = 2;
  figures.interval_seconds = Interval{1, 4};
  figures.operations_per_second = 1;  // of whatever work; there is one
  return figures;
}

}  // namespace

TEST_CASE("a rate is work over the median, and the shortest time is its upper end") {
  const auto rate = rate_of(8, known());
  REQUIRE(rate);
  CHECK(rate->value == 4);
  REQUIRE(rate->ends);
  CHECK(rate->ends->low == 2);
  CHECK(rate->ends->high == 8);
  CHECK(rate->factor().value == 4);
  CHECK(rate->factor().low == 2);
  CHECK(rate->factor().high == 8);
}

TEST_CASE("without an interval, or with one that begins at zero, a rate is exact") {
  Figures figures = known();
  figures.interval_seconds = Interval{0, 4};
  CHECK_FALSE(rate_of(8, figures)->ends);
  figures.interval_seconds.reset();
  const auto rate = rate_of(8, figures);
  CHECK_FALSE(rate->ends);
  CHECK(rate->factor().low == 4);
  CHECK(rate->factor().high == 4);
}

TEST_CASE("what has no result, or no work, has no rate") {
  Figures figures = known();
  CHECK_FALSE(rate_of(0, figures));
  figures.operations_per_second.reset();
  CHECK_FALSE(rate_of(8, figures));
}
