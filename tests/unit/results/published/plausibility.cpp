// Which published figures cannot be right: each limit just within and just beyond.
#include "results/published/published.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr Types f32{Type::f32, Type::f32, Type::f32};
// A second at a peak of 1e12 and a bandwidth of 1e10.
constexpr Work by_arithmetic{1e12, 4e8, 4e8};
constexpr Work by_memory{1e9, 5e9, 5e9};

std::vector<Roof> roofs() {
  return {{RoofKind::arithmetic, Type::f32, Type::f32, between({0.5e12, 1e12}), "a paper", true, nullptr},
          {RoofKind::memory, Type::f32, Type::f32, exactly(1e10), "a paper", true, nullptr}};
}

bool is_refused(const Work& work, double seconds, bool slow_is_fine = false,
                const std::vector<Roof>& stated = roofs()) {
  return implausible_figure(work, f32, seconds, slow_is_fine, stated).has_value();
}

}  // namespace

TEST_CASE("no execution takes less than a nanosecond or more than a week") {
  constexpr double week = 7 * 24 * 3600;
  CHECK(is_refused({}, 0.9e-9, true, {}));
  CHECK_FALSE(is_refused({}, 1.1e-9, true, {}));
  CHECK_FALSE(is_refused({}, 0.99 * week, true, {}));
  CHECK(is_refused({}, 1.01 * week, true, {}));
  CHECK_THAT(*implausible_figure({}, f32, 1e-12, true, {}), ContainsSubstring("1e-12 s for one execution"));
}

TEST_CASE("arithmetic may be a quarter faster than the roof's upper end, of its own type alone") {
  CHECK_FALSE(is_refused(by_arithmetic, 1 / 1.24));
  CHECK(is_refused(by_arithmetic, 1 / 1.26));
  CHECK_THAT(*implausible_figure(by_arithmetic, f32, 0.5, false, roofs()),
             ContainsSubstring("2.000 TFLOP/s is 2 times the stated roof of 1.000 TFLOP/s") &&
                 ContainsSubstring("whether it really computed in f32"));
  CHECK_FALSE(implausible_figure(by_arithmetic, {Type::f16, Type::f32, Type::f32}, 0.5, false, roofs()));
}

TEST_CASE("compulsory bytes may come from caches: twice as fast for what only moves them, else 16 times") {
  CHECK_FALSE(is_refused(by_memory, 1 / 1.99));
  CHECK(is_refused(by_memory, 1 / 2.01));
  Work mixed = by_memory;
  mixed.operations = 1.1e10;  // more than its bytes
  CHECK_FALSE(is_refused(mixed, 1 / 15.9));
  CHECK(is_refused(mixed, 1 / 16.1));
}

TEST_CASE("a figure may be 500 times slower than its roofs, unless that is said to be fine") {
  for (const Work& work : {by_arithmetic, by_memory}) {
    CHECK_FALSE(is_refused(work, 490));
    CHECK(is_refused(work, 510));
    CHECK_FALSE(is_refused(work, 510, true));
  }
  CHECK_FALSE(is_refused(by_arithmetic, 510, false, {}));
  CHECK_THAT(*implausible_figure(by_arithmetic, f32, 600, false, roofs()),
             ContainsSubstring("600 times what the stated roofs allow"));
}

TEST_CASE("what is quicker than a launch is not slow, whatever its work") {
  const Work tiny{1e6, 4e3, 4e3};  // a microsecond of arithmetic
  CHECK_FALSE(is_refused(tiny, 0.0099));
  CHECK(is_refused(tiny, 0.0101));
}

TEST_CASE("an execution takes as long as the launch that is stated, or nearly") {
  std::vector<Roof> stated = roofs();
  stated.push_back({RoofKind::launch, Type::f32, Type::f32, exactly(1e3), "a paper", true, nullptr});
  const Work nothing{1, 4, 4};
  CHECK_FALSE(is_refused(nothing, 0.81e-3, false, stated));
  CHECK(is_refused(nothing, 0.79e-3, false, stated));
  // And no more than 500 of them where nothing else takes time.
  CHECK_FALSE(is_refused(nothing, 0.49, false, stated));
  CHECK(is_refused(nothing, 0.51, false, stated));
}
