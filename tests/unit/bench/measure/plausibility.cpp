// What no device can have done: beyond its ceilings, below its clock, or no time at all.
#include "bench/measure/plausibility.h"

#include <limits>

#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

Measurement measured(std::vector<double> seconds) {
  Measurement measurement;
  measurement.samples_seconds = std::move(seconds);
  return measurement;
}

// Of an execution that takes a second.
constexpr Work work{.operations = 1e12, .bytes_read = 3e9, .bytes_written = 1e9};
const Measurement second = measured({0.9, 1, 1.1});

}  // namespace

TEST_CASE("a rate just within the ceilings is plausible, one just beyond either is not") {
  CHECK_FALSE(implausible(work, second, Ceiling{1.01e12, "a core", 4.01e9}));
  const auto operations = implausible(work, second, Ceiling{0.99e12, "a core", 4.01e9});
  REQUIRE(operations);
  CHECK_THAT(*operations, ContainsSubstring("1e+12 operations/s") && ContainsSubstring("9.9e+11 (a core)"));
  const auto bytes = implausible(work, second, Ceiling{1.01e12, "a cache", 3.99e9});
  REQUIRE(bytes);
  CHECK_THAT(*bytes, ContainsSubstring("4e+09 bytes/s") && ContainsSubstring("3.99e+09 (a cache)"));
}

TEST_CASE("a bandwidth that is not known bounds nothing, nor does a device without ceilings") {
  CHECK_FALSE(implausible(work, second, Ceiling{1.01e12, "a core", 0}));
  CHECK_FALSE(implausible(work, second, std::nullopt));
}

TEST_CASE("one sample may be negative, the median may not") {
  CHECK_FALSE(implausible(work, measured({-0.1, 1, 1}), std::nullopt));
  CHECK(implausible(work, measured({-0.1, -0.1, 1}), std::nullopt));
  CHECK(implausible(work, measured({0, 0, 0}), std::nullopt));
}

TEST_CASE("samples that are no numbers, and none at all, are not plausible") {
  CHECK(implausible(work, measured({1, std::numeric_limits<double>::quiet_NaN(), 1}), std::nullopt));
  CHECK(implausible(work, measured({1, 1, std::numeric_limits<double>::infinity()}), std::nullopt));
  CHECK(implausible(work, measured({}), std::nullopt) == std::optional<std::string>("no samples"));
}

TEST_CASE("a batch must last as long as the clock can tell") {
  Measurement measurement = measured({1e-9, 1e-9, 1e-9});
  measurement.clock_resolution_seconds = 1e-6;
  measurement.batch = 999;
  const auto reason = implausible({}, measurement, std::nullopt);
  REQUIRE(reason);
  CHECK_THAT(*reason, ContainsSubstring("a batch of 999"));
  measurement.batch = 1001;
  CHECK_FALSE(implausible({}, measurement, std::nullopt));
}
