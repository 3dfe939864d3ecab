// The roofline with its launch term: laws of a bound, and the V100 of DeepBench's case.
#include "reports/gap/roofline.h"

#include "tests/catch.h"

using namespace moat;

namespace {

constexpr Roofline v100{15.7e12, 900e9, 5e-6};  // f32 and HBM2 of the data sheet

Work gemm(double m, double n, double k) {
  return {2 * m * n * k, 4 * (m * k + k * n), 4 * m * n};
}

}  // namespace

TEST_CASE("the roofs meet at the ridge") {
  CHECK(ridge_intensity(v100) == Approx(17.444).epsilon(1e-4));
  CHECK(attainable_rate(v100, ridge_intensity(v100)) == Approx(15.7e12));
  CHECK(attainable_rate(v100, 1000) == 15.7e12);
  CHECK(attainable_rate(v100, 0.25) == Approx(225e9));
}

TEST_CASE("a large product is bound by arithmetic, a thin one by memory, a small one by its launch") {
  CHECK(binding_kind(v100, gemm(4096, 4096, 4096)) == RoofKind::arithmetic);
  CHECK(least_seconds(v100, gemm(4096, 4096, 4096)) == Approx(2 * 4096.0 * 4096 * 4096 / 15.7e12));
  CHECK(binding_kind(v100, gemm(4096, 1, 4096)) == RoofKind::memory);
  CHECK(binding_kind(v100, gemm(64, 64, 64)) == RoofKind::launch);
  CHECK(attainable_rate(v100, gemm(64, 64, 64)) == Approx(2 * 64.0 * 64 * 64 / 5e-6));
  CHECK(name(RoofKind::launch) == "launch");
}

TEST_CASE("every launch counts") {
  CHECK(least_seconds(v100, gemm(64, 64, 64), 3) == Approx(15e-6));
}

TEST_CASE("work without operations is bound by memory and has no rate") {
  const Work copy{0, 8e9, 8e9};
  CHECK(binding_kind(v100, copy) == RoofKind::memory);
  CHECK(attainable_rate(v100, copy) == 0);
}

TEST_CASE("a chart's line bends at the ridge, if that is in sight") {
  const auto points = roofline_points(v100, {0.1, 1000});
  REQUIRE(points.size() == 3);
  CHECK(points[0].operations_per_second == Approx(90e9));
  CHECK(points[1].intensity == Approx(ridge_intensity(v100)));
  CHECK(points[2].operations_per_second == 15.7e12);
  CHECK(roofline_points(v100, {0.1, 1}).size() == 2);
}
