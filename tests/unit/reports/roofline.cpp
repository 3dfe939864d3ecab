// The roofline with its launch term: laws of a bound, and the V100 of DeepBench's case.
#include "reports/roofline.h"

#include <algorithm>

#include "tests/catch.h"

using namespace moat;

namespace {

constexpr Roofline v100{15.7e12, 900e9, 5e-6};  // f32 and HBM2 of the data sheet

RooflineWork gemm(double m, double n, double k) {
  return {2 * m * n * k, 4 * (m * k + k * n + m * n), 1};
}

}  // namespace

TEST_CASE("the roofs meet at the ridge") {
  CHECK(ridge_intensity(v100) == Approx(17.444).epsilon(1e-4));
  CHECK(attainable_rate(v100, ridge_intensity(v100)) == Approx(15.7e12));
  CHECK(attainable_rate(v100, 1000) == 15.7e12);
  CHECK(attainable_rate(v100, 0.25) == Approx(225e9));
}

TEST_CASE("a large product is bound by arithmetic, a thin one by memory, a small one by its launch") {
  CHECK(bound_of(v100, gemm(4096, 4096, 4096)) == Bound::arithmetic);
  CHECK(least_seconds(v100, gemm(4096, 4096, 4096)) == Approx(2 * 4096.0 * 4096 * 4096 / 15.7e12));
  CHECK(bound_of(v100, gemm(4096, 1, 4096)) == Bound::memory);
  CHECK(bound_of(v100, gemm(64, 64, 64)) == Bound::launch);
  CHECK(attainable_rate(v100, gemm(64, 64, 64)) == Approx(2 * 64.0 * 64 * 64 / 5e-6));
  CHECK(name(Bound::launch) == "launch");
}

TEST_CASE("every launch counts") {
  RooflineWork work = gemm(64, 64, 64);
  work.launches = 3;
  CHECK(least_seconds(v100, work) == Approx(15e-6));
}

TEST_CASE("work without operations is bound by memory and has no rate") {
  const RooflineWork copy{0, 2 * 8e9, 1};
  CHECK(bound_of(v100, copy) == Bound::memory);
  CHECK(attainable_rate(v100, copy) == 0);
}

TEST_CASE("an interval's rates lie between its ends and its bounds are all that may bind") {
  // Published peaks of one Ascend 910C package, and bandwidth 3.2 TB/s.
  const RooflineBetween roof = roofline_between({707.8e12, 800e12}, {3.2e12, 3.2e12}, {2e-6, 8e-6});
  CHECK(roof.low.launch_seconds == 8e-6);
  const Interval rates = attainable_rate(roof, 1000);
  CHECK(rates.low == 707.8e12);
  CHECK(rates.high == 800e12);
  CHECK(ridge_intensity(roof).low == Approx(221.19).epsilon(1e-4));
  CHECK(ridge_intensity(roof).high == 250);

  // 235 operations per byte: between the ridges.
  const RooflineWork between{235e9, 1e9, 1};
  CHECK(possible_bounds(roof, between) == std::vector{Bound::arithmetic, Bound::memory});
  CHECK(possible_bounds(roof, {1e12, 1e9, 1}) == std::vector{Bound::arithmetic});
  for (const double intensity : {1.0, 225.0, 240.0, 1e4}) {
    const RooflineWork work{intensity * 1e8, 1e8, 1};
    const auto bounds = possible_bounds(roof, work);
    for (const Roofline& end : {roof.low, roof.high}) {
      const Bound bound = bound_of(end, work);
      CHECK(std::find(bounds.begin(), bounds.end(), bound) != bounds.end());
    }
  }
}

TEST_CASE("a chart's line bends at the ridge, if that is in sight") {
  const auto points = roofline_points(v100, {0.1, 1000});
  REQUIRE(points.size() == 3);
  CHECK(points[0].operations_per_second == Approx(90e9));
  CHECK(points[1].intensity == Approx(ridge_intensity(v100)));
  CHECK(points[2].operations_per_second == 15.7e12);
  CHECK(roofline_points(v100, {0.1, 1}).size() == 2);
}
