// Logarithmic axes hold what they are told of, with few and round ticks.
#include "reports/svg/axis.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/catch.h"

using moat::LogAxis;
using moat::tick_text;

namespace {

LogAxis axis_of(const std::vector<double>& values, std::size_t most_ticks) {
  LogAxis axis;
  for (const double value : values) axis.hold(value);
  axis.round(most_ticks);
  return axis;
}

}  // namespace

TEST_CASE("an axis holds every value between its ends, with two to as many ticks as asked for") {
  for (const double low : {1e-9, 0.3, 1.0, 7.3, 9.99e11}) {
    for (const double ratio : {1.0, 1.001, 1.3, 3.9, 4.0, 20.0, 1e3, 1e9, 1e12}) {
      for (const std::size_t most : {3U, 5U, 9U, 12U}) {
        INFO(low << " to " << low * ratio << ", at most " << most);
        const LogAxis axis = axis_of({low, low * ratio}, most);
        CHECK(axis.low() <= low * (1 + 1e-9));
        CHECK(axis.high() >= low * ratio * (1 - 1e-9));
        CHECK(axis.ticks().size() >= 2);
        CHECK(axis.ticks().size() <= most);
        CHECK(std::is_sorted(axis.ticks().begin(), axis.ticks().end()));
        CHECK(axis.share(axis.low()) == 0);
        CHECK(axis.share(axis.high()) == 1);
      }
    }
  }
}

TEST_CASE("equal ratios are equal distances") {
  const LogAxis axis = axis_of({1, 1000}, 9);
  CHECK(axis.share(10) - axis.share(1) == Approx(axis.share(1000) - axis.share(100)));
  CHECK(axis.share(10) == Approx(1.0 / 3));
}

TEST_CASE("ticks are 1, 2 and 5 of each decade where there is room, and powers of ten where there is not") {
  CHECK(axis_of({1, 90}, 9).ticks() == std::vector<double>{1, 2, 5, 10, 20, 50, 100});
  CHECK(axis_of({1, 1e6}, 9).ticks().size() == 7);
}

TEST_CASE("a narrow axis has even ticks, as many as it may") {
  const std::vector<double> even = axis_of({1, 1.5}, 9).ticks();
  REQUIRE(even.size() == 6);
  for (std::size_t i = 0; i < even.size(); ++i) CHECK(even[i] == Approx(1 + 0.1 * static_cast<double>(i)));
  CHECK(axis_of({1, 1.5}, 5).ticks().size() == 4);  // 1, 1.2, 1.4, 1.6
  CHECK(axis_of({100, 350}, 9).ticks() == std::vector<double>{100, 150, 200, 250, 300, 350});
  CHECK(axis_of({1, 1.5}, 9).high() == Approx(1.5));
}

TEST_CASE("a single value stands in the middle, with a tenth of room to both sides") {
  const LogAxis axis = axis_of({3}, 9);
  CHECK((axis.low() < 3 && axis.low() > 2.5));
  CHECK((axis.high() > 3 && axis.high() < 3.5));
}

TEST_CASE("values that no logarithmic axis has are ignored, and stand at an end") {
  const double infinite = std::numeric_limits<double>::infinity();
  const LogAxis axis = axis_of({2, 20, 0, -1, infinite, std::nan("")}, 9);
  CHECK(axis.low() == 2);
  CHECK(axis.high() == 20);
  CHECK(axis.share(0) == 0);
  CHECK(axis.share(std::nan("")) == 0);
  CHECK(axis.share(infinite) == 1);
  CHECK(axis_of({}, 5).ticks().size() >= 2);
}

TEST_CASE("ticks read as round numbers with a decimal prefix") {
  CHECK(tick_text(2e11) == "200 G");
  CHECK(tick_text(0.5) == "0.5");
  CHECK(tick_text(1e12) == "1 T");
  CHECK(moat::units_text({"FLOP/s", "FLOP/s"}) == "FLOP/s");
  CHECK(moat::units_text({"FLOP/s", "OP/s", "FLOP/s"}) == "FLOP/s or OP/s");
}
