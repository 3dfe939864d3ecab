// What is computed from a record: at the median, and rates only where the record speaks as a result.
#include "results/figures.h"

#include "tests/catch.h"

using namespace moat;

namespace {

Record measured(std::vector<double> samples, Status status = Status::ok) {
  Record record;
  record.status = status;
  record.work = {.operations = 6e9, .bytes_read = 2e9, .bytes_written = 1e9};
  record.measurement.emplace().samples_seconds = std::move(samples);
  return record;
}

}  // namespace

TEST_CASE("rates are at the median, over operations and over all bytes") {
  const Figures found = figures(measured({1, 2, 100}));
  CHECK(found.median_seconds == 2.0);
  CHECK(found.operations_per_second == 3e9);
  CHECK(found.bytes_per_second == 1.5e9);
  CHECK_FALSE(found.interval_seconds);  // three samples have none
}

TEST_CASE("what is not ok has a median and no rate") {
  const Status status = GENERATE(Status::wrong, Status::untrusted, Status::disturbed, Status::error);
  const Figures found = figures(measured({2, 2, 2}, status));
  CHECK(found.median_seconds == 2.0);
  CHECK_FALSE(found.operations_per_second);
  CHECK_FALSE(found.bytes_per_second);
}

TEST_CASE("a record without samples, or with a median of zero, has no rates") {
  Record record = measured({});
  CHECK_FALSE(figures(record).median_seconds);
  record.measurement.reset();
  CHECK_FALSE(figures(record).median_seconds);
  CHECK_FALSE(figures(measured({0, 0, 0})).operations_per_second);
}

TEST_CASE("the interval is of the samples, and its half width relative to the median") {
  const Figures found = figures(measured({9, 9.5, 10, 10, 10.5, 11}));
  REQUIRE(found.interval_seconds);
  CHECK(found.interval_seconds->low == 9);
  CHECK(found.interval_seconds->high == 11);
  CHECK(*found.relative_half_width == Approx(0.1));
}

TEST_CASE(
    "of several rounds, the median is that of theirs, and the interval is of the variation between them") {
  Record record = measured({1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 4});
  record.measurement->round_samples = {7, 3, 1};
  const Figures found = figures(record);
  CHECK(found.median_seconds == 2.0);
  CHECK(found.operations_per_second == 3e9);
  REQUIRE(found.interval_seconds);
  CHECK(*found.interval_seconds == interval_between_rounds(std::vector<double>{1, 2, 4}));
  CHECK(*found.relative_half_width ==
        Approx((found.interval_seconds->high - found.interval_seconds->low) / 4));
}

TEST_CASE("samples belong to their rounds in order") {
  Measurement measurement;
  measurement.samples_seconds = {1, 2, 3, 4};
  CHECK(rounds_of(measurement).size() == 1);
  CHECK(rounds_of(measurement)[0].size() == 4);
  measurement.round_samples = {1, 3};
  REQUIRE(rounds_of(measurement).size() == 2);
  CHECK(rounds_of(measurement)[1].front() == 2);
  CHECK(round_medians(measurement) == std::vector<double>{1, 3});
}

TEST_CASE("a published figure's interval is the one its source states") {
  Record record = measured({10});
  record.stated_interval_seconds = Interval{8, 14};
  const Figures found = figures(record);
  CHECK(found.interval_seconds->low == 8);
  CHECK(found.interval_seconds->high == 14);
  CHECK(*found.relative_half_width == Approx(0.3));
}

TEST_CASE("samples that were disturbed agree on a wrong value and have no interval") {
  const std::vector<double> samples(20, 8e-3);
  CHECK(figures(measured(samples)).relative_half_width == 0);
  CHECK_FALSE(figures(measured(samples, Status::disturbed)).interval_seconds);
  CHECK_FALSE(figures(measured(samples, Status::disturbed)).relative_half_width);
  CHECK(figures(measured(samples, Status::disturbed)).median_seconds == 8e-3);
}
