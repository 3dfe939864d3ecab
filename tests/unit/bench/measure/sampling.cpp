// Sampling against simulated machines:
// the batch, the stopping rule and the clock check must do what they promise.
#include "bench/measure/sampling.h"

#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <random>

#include "base/statistics.h"
#include "tests/catch.h"

using namespace moat;

namespace {

// A machine whose execution takes `seconds` with relative noise,
// and a launch cost on the host side per batch.
struct Machine {
  double seconds = 1e-3;
  double noise = 0;
  double device_factor = 1;  // how wrong its device clock is
  double launch_cost = 20e-6;
  std::uint64_t executions = 0;
  double host_seconds = 0;
  boost::random::mt19937 engine{7};

  Timing operator()(std::size_t count) {
    executions += count;
    const double wobble = 1 + noise * boost::random::normal_distribution<double>()(engine);
    const double busy = seconds * static_cast<double>(count) * wobble;
    host_seconds += busy + launch_cost;
    return {busy * device_factor, busy + launch_cost};
  }
};

Measurement sample_on(Machine& machine, SamplingLimits limits = {}) {
  const TimeBatch time = [&](std::size_t count) { return machine(count); };
  return take_samples(time, {"simulated", 1e-9}, check_clock(time, machine.seconds), limits);
}

}  // namespace

TEST_CASE("checkpoints are 20, 30, 45, 68, 102") {
  CHECK(next_checkpoint(20) == 30);
  CHECK(next_checkpoint(30) == 45);
  CHECK(next_checkpoint(45) == 68);
  CHECK(next_checkpoint(68) == 102);
}

TEST_CASE("a steady machine is sampled 20 times and the result is exact") {
  Machine machine;
  const Measurement m = sample_on(machine);
  CHECK(m.samples_seconds.size() == 20);
  CHECK(m.stop_reason == "interval");
  CHECK(m.batch == 1);
  CHECK(m.clock == "simulated");
  CHECK(std::fabs(*median(m.samples_seconds) - 1e-3) < 1e-12);
}

TEST_CASE("a sample lasts at least 100 microseconds and 1000 clock steps") {
  Machine machine{.seconds = 1e-6};
  CHECK(static_cast<double>(sample_on(machine).batch) * 1e-6 >= 100e-6);
  const TimeBatch time = [&](std::size_t count) { return machine(count); };
  const Measurement coarse = take_samples(time, {"coarse", 1e-6}, {}, {});
  CHECK(static_cast<double>(coarse.batch) * 1e-6 >= 1e-3);
}

TEST_CASE("a batch is about as long as it must be") {
  Machine machine{.seconds = 30e-6};
  CHECK(sample_on(machine).batch == 4);  // a fifth more than 100 microseconds
  machine.seconds = 3e-6;
  CHECK(sample_on(machine).batch == 40);
}

TEST_CASE("every execution and all time of the host is either warm-up or a sample's") {
  Machine machine{.seconds = GENERATE(1e-3, 3e-6), .noise = 0.02};
  const TimeBatch time = [&](std::size_t count) { return machine(count); };
  const Measurement m = take_samples(time, {"simulated", 1e-9}, {1, true}, {});
  CHECK(machine.executions == m.warm_up_executions + m.batch * m.samples_seconds.size());
  double sampled = 0;
  for (const double seconds : m.samples_seconds)
    sampled += seconds * static_cast<double>(m.batch) + machine.launch_cost;
  CHECK(machine.host_seconds == Approx(m.warm_up_seconds + sampled));
}

TEST_CASE("a machine that is still getting faster is warmed until its time is up, a steady one is not") {
  const SamplingLimits limits{.warm_up_seconds = 0.2};
  double seconds = 1e-3;
  const TimeBatch faster = [&](std::size_t count) {
    seconds = std::max(1e-6, 0.95 * seconds);
    return Timing{seconds * static_cast<double>(count), seconds * static_cast<double>(count)};
  };
  CHECK(take_samples(faster, {"simulated", 1e-9}, {1, true}, {.warm_up_seconds = 0.01}).warm_up_seconds >=
        0.01);
  Machine steady;
  CHECK(sample_on(steady, limits).warm_up_seconds < 0.02);
}

TEST_CASE("a noisy machine is sampled until the interval is narrow or the time is up") {
  Machine noisy{.noise = 0.02};
  const Measurement narrow = sample_on(noisy);
  CHECK(narrow.stop_reason == "interval");
  CHECK(narrow.samples_seconds.size() > 45);
  CHECK(*relative_half_width(narrow.samples_seconds) <= 0.005);

  Machine wild{.seconds = 10e-3, .noise = 0.3};
  const Measurement capped = sample_on(wild, {.cap_seconds = 0.5});
  CHECK(capped.stop_reason == "time cap");
  CHECK(capped.samples_seconds.size() < 60);
}

TEST_CASE("three samples are taken whatever the cap") {
  Machine slow{.seconds = 10};
  CHECK(sample_on(slow, {.warm_up_seconds = 0.1, .cap_seconds = 0.1}).samples_seconds.size() == 3);
}

TEST_CASE(
    "rounds may ask for fewer samples of a slow machine, and need no warm-up where one execution was known "
    "to be longer") {
  Machine slow{.seconds = 10};
  const TimeBatch time = [&](std::size_t count) { return slow(count); };
  const Measurement m = take_samples(time, {"simulated", 1e-9}, {1, true},
                                     {.warm_up_seconds = 0.1, .cap_seconds = 0.1, .least_samples = 1}, 10);
  CHECK(m.samples_seconds.size() == 1);
  CHECK(m.warm_up_executions == 0);
  CHECK(m.batch == 1);
  CHECK(slow.executions == 1);
}

TEST_CASE("the reported interval covers the truth nearly always") {
  int covered = 0;
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    Machine machine{.noise = 0.03};
    machine.engine.seed(seed);
    const auto interval = median_interval(sample_on(machine).samples_seconds);
    covered += interval && interval->low <= 1e-3 && 1e-3 <= interval->high ? 1 : 0;
  }
  // 95 % less what stopping on the interval's own width costs.
  CHECK(covered >= 300 * 90 / 100);
}

TEST_CASE("a device clock that is off is found and the host's slope used instead") {
  const double factor = GENERATE(0.05, 0.8, 1.2, 20.0);
  Machine machine{.noise = 0.003, .device_factor = factor};
  const Measurement m = sample_on(machine);
  CHECK(m.clock == "host slope");
  CHECK(std::fabs(m.clock_ratio / factor - 1) < 0.05);
  CHECK(std::fabs(*median(m.samples_seconds) / 1e-3 - 1) < 0.01);
}

TEST_CASE("an honest clock on a noisy host is trusted") {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    Machine machine{.noise = 0.01};
    machine.engine.seed(seed);
    const TimeBatch time = [&](std::size_t count) { return machine(count); };
    REQUIRE(check_clock(time, machine.seconds).trusted);
  }
}

TEST_CASE(
    "a host that is interrupted half of the time does not make a right clock wrong, nor a wrong one right") {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> interruption(0, 20e-3);
  for (int i = 0; i < 200; ++i) {
    const double device_factor = i % 2 == 0 ? 1 : 0.05;
    const TimeBatch time = [&](std::size_t count) {
      const double seconds = 1e-3 * static_cast<double>(count);
      const bool is_quiet = random() % 2 == 0;
      return Timing{device_factor * seconds, seconds + (is_quiet ? 0 : interruption(random))};
    };
    REQUIRE(check_clock(time, 1e-3).trusted == (device_factor == 1));
  }
}

TEST_CASE("a clock that shows nothing ends, with samples that plausibility will refuse") {
  const TimeBatch dead = [](std::size_t) { return Timing{0, 1e-6}; };
  const Measurement m = take_samples(dead, {"dead", 1e-9}, {}, {.most_samples = 50});
  CHECK(m.samples_seconds.front() == 0);
}

TEST_CASE("a clock that is off is looked at three times as long before it is given up") {
  const auto looks_at = [](double device_factor) {
    Machine machine{.seconds = 1e-3, .device_factor = device_factor};
    std::size_t timings = 0;
    const TimeBatch time = [&](std::size_t count) { return ++timings, machine(count); };
    CHECK(check_clock(time, machine.seconds).trusted == (device_factor == 1));
    return timings;
  };
  // Pairs of one and two batches: three, then nine.
  CHECK(looks_at(1) == 6);
  CHECK(looks_at(2) == 6 + 18);
}

TEST_CASE("unless it is said otherwise, samples take two seconds at most") {
  Machine wild{.seconds = 10e-3, .noise = 0.3};
  const Measurement m = sample_on(wild);
  double seconds = 0;
  for (const double sample : m.samples_seconds) seconds += sample * static_cast<double>(m.batch);
  CHECK(m.stop_reason == "time cap");
  CHECK((seconds > 1.9 && seconds < 2.1));
}
