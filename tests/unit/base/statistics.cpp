// Order statistics: published ranks, and the coverage that they promise.
#include "base/statistics.h"

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::WithinRel;

TEST_CASE("quantiles interpolate between order statistics as R's type 7 does") {
  const std::vector<double> samples{3, 1, 4, 1, 5, 9, 2, 6};
  CHECK(*quantile(samples, 0) == 1);
  CHECK(*quantile(samples, 0.25) == 1.75);
  CHECK(*median(samples) == 3.5);
  CHECK_THAT(*quantile(samples, 0.9), WithinRel(6.9));
  CHECK(*quantile(samples, 1) == 9);
  CHECK(*median(std::vector<double>{7}) == 7);
}

TEST_CASE("samples that are absent or not finite have no statistics") {
  CHECK_FALSE(median({}));
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    const std::vector<double> samples{1, 2, 3, bad, 4, 5, 6, 7};
    CHECK_FALSE(median(samples));
    CHECK_FALSE(median_interval(samples));
    CHECK_FALSE(relative_half_width(samples));
  }
}

TEST_CASE("the ranks of the median's 95 % interval are those of the published tables") {
  for (std::size_t n = 0; n < 6; ++n) CHECK_FALSE(median_interval_ranks(n));
  // Table of Conover and of Hahn & Meeker (two-sided, at least 95 %).
  const std::vector<std::pair<std::size_t, Ranks>> table{
      {6, {1, 6}},   {7, {1, 7}},    {8, {1, 8}},    {9, {2, 8}},    {10, {2, 9}},
      {11, {2, 10}}, {12, {3, 10}},  {13, {3, 11}},  {14, {3, 12}},  {15, {4, 12}},
      {16, {4, 13}}, {17, {5, 13}},  {18, {5, 14}},  {19, {5, 15}},  {20, {6, 15}},
      {25, {8, 18}}, {30, {10, 21}}, {40, {14, 27}}, {50, {18, 33}}, {100, {40, 61}}};
  for (const auto& [n, ranks] : table) {
    INFO("n = " << n);
    CHECK(median_interval_ranks(n) == ranks);
  }
}

TEST_CASE("the ranks are the narrowest that reach 95 %, by the binomial sum itself") {
  for (std::size_t n = 6; n <= 300; ++n) {
    const Ranks ranks = median_interval_ranks(n).value();
    CHECK(ranks.low + ranks.high == n + 1);
    double term = std::pow(0.5, static_cast<double>(n));  // P(exactly 0 of n are below the median)
    double below = term;                                  // P(fewer than k+1 are)
    for (std::size_t k = 1; k < ranks.low; ++k) {
      term *= static_cast<double>(n - k + 1) / static_cast<double>(k);
      below += term;
    }
    const double next = term * static_cast<double>(n - ranks.low + 1) / static_cast<double>(ranks.low);
    INFO("n = " << n);
    CHECK(below <= 0.025);
    CHECK(below + next > 0.025);
  }
}

TEST_CASE("the interval holds the order statistics at those ranks") {
  const std::vector<double> samples{6, 5, 4, 3, 2, 1};
  CHECK(median_interval(samples) == Interval{1, 6});
  CHECK_THAT(*relative_half_width(samples), WithinRel(2.5 / 3.5));
  CHECK_FALSE(relative_half_width(std::vector<double>{0, 0, 0, 0, 0, 0}));
  CHECK_FALSE(median_interval(std::vector<double>{1, 2, 3, 4, 5}));
}

TEST_CASE("the interval covers the true median in 93 to 97 % of trials") {
  // At the sizes at which the runner looks; log-normal, since times have a long upper tail. Its median is 1.
  std::mt19937_64 engine(20260101);
  std::lognormal_distribution<double> times(0, 0.05);
  for (const std::size_t n : {20U, 30U, 45U, 68U}) {
    constexpr int trials = 4000;
    int covered = 0;
    std::vector<double> samples(n);
    for (int trial = 0; trial < trials; ++trial) {
      for (double& sample : samples) sample = times(engine);
      const Interval interval = median_interval(samples).value();
      covered += interval.low <= 1 && 1 <= interval.high ? 1 : 0;
    }
    INFO("n = " << n << ", covered " << covered << " of " << trials);
    CHECK(covered >= trials * 93 / 100);
    CHECK(covered <= trials * 97 / 100);
  }
}

TEST_CASE("the interval between a few rounds is Student's on the logarithms") {
  // t(0.975; 2) = 4.303 (tables), s = 0.1, n = 3: half a width of 0.2484.
  const std::vector<double> rounds{std::exp(-0.1), 1, std::exp(0.1)};
  const Interval interval = interval_between_rounds(rounds).value();
  CHECK_THAT(interval.low, WithinRel(std::exp(-4.302653 * 0.1 / std::sqrt(3.0)), 1e-6));
  CHECK_THAT(interval.high, WithinRel(std::exp(4.302653 * 0.1 / std::sqrt(3.0)), 1e-6));
  CHECK(interval_between_rounds(std::vector<double>{2, 2, 2}) == Interval{2, 2});
  CHECK(interval_between_rounds(std::vector<double>{6, 5, 4, 3, 2, 1}) == Interval{1, 6});
}

TEST_CASE("one round, or one that is no time, leaves nothing to compare") {
  CHECK_FALSE(interval_between_rounds({}));
  CHECK_FALSE(interval_between_rounds(std::vector<double>{1}));
  const double bad =
      GENERATE(0.0, -1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN());
  CHECK_FALSE(interval_between_rounds(std::vector<double>{1, bad, 1}));
}

TEST_CASE("the interval between rounds holds their median and does not depend on their order or unit") {
  std::mt19937_64 engine(20260103);
  std::lognormal_distribution<double> times(0, 0.5);
  for (std::size_t n = 2; n <= 12; ++n) {
    for (int trial = 0; trial < 100; ++trial) {
      std::vector<double> rounds(n);
      for (double& round : rounds) round = times(engine);
      const Interval interval = interval_between_rounds(rounds).value();
      CHECK(interval.low <= *median(rounds));
      CHECK(*median(rounds) <= interval.high);
      std::vector<double> scaled(rounds.rbegin(), rounds.rend());
      for (double& round : scaled) round *= 1e-6;
      const Interval small = interval_between_rounds(scaled).value();
      CHECK_THAT(small.low, WithinRel(interval.low * 1e-6, 1e-9));
      CHECK_THAT(small.high, WithinRel(interval.high * 1e-6, 1e-9));
    }
  }
}

TEST_CASE(
    "where a machine drifts between rounds, their interval covers the true time and that of all samples does "
    "not") {
  std::mt19937_64 engine(20260104);
  std::normal_distribution<double> drift(0, 0.05);   // of the machine, the same for all samples of a round
  std::normal_distribution<double> noise(0, 0.005);  // of a sample
  constexpr int trials = 2000;
  int covered_by_rounds = 0;
  int covered_by_samples = 0;
  const auto covers = [](const Interval& interval) {
    return interval.low <= 1 && 1 <= interval.high ? 1 : 0;
  };
  for (int trial = 0; trial < trials; ++trial) {
    std::vector<double> medians;
    std::vector<double> samples;
    for (int round = 0; round < 3; ++round) {
      const double typical = drift(engine);
      std::vector<double> of_round(30);
      for (double& sample : of_round) sample = std::exp(typical + noise(engine));
      medians.push_back(*median(of_round));
      samples.insert(samples.end(), of_round.begin(), of_round.end());
    }
    covered_by_rounds += covers(interval_between_rounds(medians).value());
    covered_by_samples += covers(median_interval(samples).value());
  }
  INFO("rounds " << covered_by_rounds << ", samples " << covered_by_samples << " of " << trials);
  CHECK(covered_by_rounds >= trials * 93 / 100);
  CHECK(covered_by_rounds <= trials * 97 / 100);
  CHECK(covered_by_samples < trials * 70 / 100);
}

TEST_CASE("stopping when the interval is narrow enough keeps the coverage") {
  std::mt19937_64 engine(20260102);
  std::lognormal_distribution<double> times(0, 0.015);
  constexpr int trials = 2000;
  int covered = 0;
  for (int trial = 0; trial < trials; ++trial) {
    std::vector<double> samples;
    for (const std::size_t n : {20U, 30U, 45U, 68U, 102U, 153U, 230U}) {
      while (samples.size() < n) samples.push_back(times(engine));
      if (*relative_half_width(samples) <= 0.005) break;
    }
    const Interval interval = median_interval(samples).value();
    covered += interval.low <= 1 && 1 <= interval.high ? 1 : 0;
  }
  INFO("covered " << covered << " of " << trials);
  CHECK(covered >= trials * 93 / 100);
  CHECK(covered <= trials * 97 / 100);
}
