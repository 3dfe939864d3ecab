// Measured roofs, and how a bound is known, in words.
#include "reports/findings/roof_words.h"

#include "results/roofs.h"
#include "tests/catch.h"
#include "tests/unit/results/measured_record.h"

using namespace moat;
using test::measured_record;

TEST_CASE("a measured roof is told with what it is of") {
  const std::vector<Record> records{measured_record("d:0", "peak:chains=64,steps=1000,type=f64", 2e-6),
                                    measured_record("d:0", "stream:op=triad,n=1000000,type=f64", 1e-3),
                                    measured_record("d:0", "stream:op=copy,n=1,type=f32", 1e-6)};
  const std::vector<Roofs> all = measured_roofs(records);
  REQUIRE(all.size() == 1);
  REQUIRE(all[0].all.size() == 3);
  CHECK(measured_roof_text(*all[0].arithmetic(Type::f64)) == "f64 64.00 GFLOP/s");
  CHECK(measured_roof_text(*all[0].memory()) == "24.00 GB/s (triad, n=1000000, f64)");
  CHECK(measured_roof_text(*all[0].launch()) == "1.000 µs a launch");
}

TEST_CASE("a ridge is told with where it comes from") {
  CHECK(ridge_text(10.667) == "above 10.7 op/byte, the ridge of the measured roofs");
  CHECK(ridge_text(std::nullopt) == "above 64 op/byte, assumed because no roofs were measured");
}
