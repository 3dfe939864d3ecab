// The search over imagined candidates: costs with noise, wrong ones that are fast, time that runs out.
#include "bench/tune/search.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Candidate X costs cost(X) seconds, with relative noise that shrinks with the cap as a mean does.
class Imagined {
 public:
  explicit Imagined(std::function<double(std::int64_t)> cost, double noise = 0, unsigned seed = 1)
      : cost_(std::move(cost)), noise_(noise), random_(seed) {}

  [[nodiscard]] SearchHooks hooks() {
    return {[this](const Parameters& parameters, double cap) { return measure(parameters, cap); },
            [this] { return elapsed; }};
  }
  SearchOutcome search(std::int64_t count, const SearchLimits& limits = {}) {
    std::vector<Parameters> candidates;
    for (std::int64_t x = 0; x < count; ++x) candidates.push_back({"", {{"X", x}}});
    return search_parameters(candidates, limits, hooks());
  }

  std::map<std::int64_t, std::string> faults;  // of candidates that have no result
  std::map<std::int64_t, int> faults_from;     // from which measurement on; default: the first
  std::map<std::int64_t, int> measured;
  double elapsed = 0;
  double compile_seconds = 0;

 private:
  Trial measure(const Parameters& parameters, double cap) {
    const std::int64_t x = parameters.values.at("X");
    elapsed += cap + (measured[x] == 0 ? compile_seconds : 0);
    ++measured[x];
    if (faults.contains(x) && measured[x] > faults_from[x]) return {0, faults.at(x)};
    std::normal_distribution<double> normal(0, noise_ * std::sqrt(0.02 / cap));
    return {cost_(x) * std::exp(normal(random_)), ""};
  }

  std::function<double(std::int64_t)> cost_;
  double noise_;
  std::mt19937 random_;
};

/// The default 0 costs 1, the best is 13 at 0.5.
double valley(std::int64_t x) {
  return x == 0 ? 1 : 0.5 + 0.05 * static_cast<double>(std::abs(x - 13));
}

std::int64_t chosen(const SearchOutcome& outcome) {
  REQUIRE(outcome.found);
  return outcome.parameters.values.at("X");
}

}  // namespace

TEST_CASE("the optimum is found, in a few measurements of most candidates") {
  Imagined device(valley);
  const SearchOutcome outcome = device.search(32);
  CHECK(chosen(outcome) == 13);
  CHECK_FALSE(outcome.keeps_default);
  CHECK(outcome.tried == 32);
  CHECK(outcome.left_out == 0);
  CHECK(std::fabs(outcome.seconds - 0.5) < 1e-9);
  CHECK(std::fabs(outcome.default_seconds - 1) < 1e-9);
  CHECK(std::fabs(outcome.ratio.low - 2) < 1e-9);
  CHECK(device.measured.at(30) == 1);
}

TEST_CASE("with noise the choice is near the optimum, and the same seed gives the same choice") {
  const unsigned seed = GENERATE(range(1U, 20U));
  const SearchOutcome outcome = Imagined(valley, 0.1, seed).search(32);
  CHECK(valley(chosen(outcome)) <= 0.65);
  CHECK_FALSE(outcome.keeps_default);
  const SearchOutcome again = Imagined(valley, 0.1, seed).search(32);
  CHECK(again.parameters == outcome.parameters);
  CHECK(again.seconds == outcome.seconds);
}

TEST_CASE("a gain within the noise keeps the default") {
  int replaced = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    Imagined device([](std::int64_t) { return 1; }, 0.05, seed);
    const SearchOutcome outcome = device.search(16);
    REQUIRE(outcome.found);
    replaced += outcome.keeps_default ? 0 : 1;
    CHECK(outcome.keeps_default == (outcome.parameters == Parameters{"", {{"X", 0}}}));
  }
  // The interval leaves out one side in 2 % of trials; 16 of 200 is six standard deviations beyond that.
  CHECK(replaced <= 16);
}

TEST_CASE("a default that is the fastest stays and has a time") {
  const SearchOutcome outcome = Imagined([](std::int64_t x) { return 1 + static_cast<double>(x); }).search(8);
  CHECK(chosen(outcome) == 0);
  CHECK(outcome.keeps_default);
  CHECK(std::fabs(outcome.seconds - 1) < 1e-9);
  CHECK(std::fabs(outcome.default_seconds - 1) < 1e-9);
}

TEST_CASE("a candidate that is wrong never wins, however fast and whenever it shows") {
  const int from = GENERATE(0, 1, 3, 6);
  Imagined device(valley);
  device.faults[13] = "wrong: 3 outputs";
  device.faults_from[13] = from;
  const SearchOutcome outcome = device.search(32);
  CHECK(chosen(outcome) != 13);
  REQUIRE(outcome.faults.size() == 1);
  CHECK(outcome.faults.front().first == Parameters{"", {{"X", 13}}});
  CHECK_THAT(outcome.faults.front().second, ContainsSubstring("wrong"));
}

TEST_CASE("if the default has no result, the best of the others takes its place") {
  Imagined device(valley);
  device.faults[0] = "crashed: signal 11";
  device.faults_from[0] = GENERATE(0, 2);
  const SearchOutcome outcome = device.search(32);
  CHECK(chosen(outcome) == 13);
  CHECK_FALSE(outcome.keeps_default);
  CHECK(outcome.default_seconds == 0);
}

TEST_CASE("if all rivals fall out the default stays; if all do there is nothing") {
  Imagined device(valley);
  for (std::int64_t x = 1; x < 8; ++x) device.faults[x] = "error: does not compile";
  CHECK(chosen(device.search(8)) == 0);
  device.faults[0] = "timed-out: no end";
  const SearchOutcome outcome = device.search(8);
  CHECK_FALSE(outcome.found);
  CHECK(outcome.faults.size() == 8);
}

TEST_CASE("a survivor that fails in the final leaves the default in its place") {
  Imagined device(valley);
  device.faults[1] = "wrong: late";
  device.faults_from[1] = 3;
  const SearchOutcome outcome = device.search(2, {.seconds = 100});
  CHECK(chosen(outcome) == 0);
  CHECK(outcome.keeps_default);
}

TEST_CASE("time that runs out leaves out the candidates that the model likes least") {
  Imagined device(valley);
  device.compile_seconds = 1;
  const SearchOutcome outcome = device.search(32, {.seconds = 20});
  CHECK(outcome.tried >= 9);
  CHECK(outcome.tried <= 11);
  CHECK(outcome.tried + outcome.left_out == 32);
  CHECK_FALSE(device.measured.contains(31));
  CHECK(chosen(outcome) == static_cast<std::int64_t>(outcome.tried) - 1);
  CHECK(device.elapsed < 20);

  Imagined slow(valley);
  slow.compile_seconds = 1000;
  CHECK(slow.search(32, {.seconds = 1}).tried == 2);
}

TEST_CASE("no further round begins once the time is up to the second") {
  // Whether there is a second round if the first of four candidates took so long.
  const auto goes_on = [](double first_round_seconds) {
    bool second = false;
    int measured = 0;
    SearchHooks hooks;
    hooks.measure = [&](const Parameters& parameters, double) {
      ++measured;
      return Trial{valley(parameters.values.at("X")), ""};
    };
    hooks.elapsed = [&] { return measured < 4 ? 0 : first_round_seconds; };
    hooks.on_step = [&](const SearchStep& step) { second = second || step.stage == "round 2"; };
    std::vector<Parameters> candidates;
    for (std::int64_t x = 0; x < 4; ++x) candidates.push_back({"", {{"X", x}}});
    CHECK(search_parameters(candidates, {.seconds = 64}, hooks).found);
    return second;
  };
  CHECK(goes_on(63));
  CHECK_FALSE(goes_on(64));
}
