// Performance portability against published values, and the laws that make it one.
#include "reports/portability/metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "reports/portability/p3.h"
#include "tests/catch.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using moat::test::failure_of;

namespace {

PerformanceTable golden(const std::string& name) {
  const std::string path = std::string(MOAT_SOURCE_DIR) + "/tests/golden/" + name;
  return parse_p3(moat::test::content(path), name);
}

/// Only the named platforms.
PerformanceTable on(const PerformanceTable& table, const std::vector<std::string>& platforms) {
  PerformanceTable made;
  for (const Performance& entry : table.entries()) {
    if (std::find(platforms.begin(), platforms.end(), entry.platform) == platforms.end()) continue;
    REQUIRE_FALSE(made.add(entry));
  }
  return made;
}

const Portability& of(const std::vector<Portability>& all, const std::string& application) {
  return *std::find_if(all.begin(), all.end(),
                       [&](const Portability& entry) { return entry.application == application; });
}

PerformanceTable table_of(const std::vector<Performance>& entries) {
  PerformanceTable table;
  for (const Performance& entry : entries) REQUIRE_FALSE(table.add(entry));
  return table;
}

const std::vector<std::string> nvidia{"K20", "P100", "V100", "Turing"};

}  // namespace

TEST_CASE("the synthetic set of the literature has its published values") {
  const auto all = portability(golden("synthetic.csv"), Efficiency::application);
  REQUIRE(all.size() == 6);
  constexpr std::array pp{0.0, 0.1099, 0.1818, 0.30, 0.3414, 0.70};
  constexpr std::array mean{1.0, 0.19, 0.55, 0.30, 0.55, 0.70};
  for (std::size_t i = 0; i < all.size(); ++i) {
    INFO(all[i].application);
    CHECK(all[i].pp == Approx(pp.at(i)).margin(5e-5));
    CHECK(all[i].mean_of_supported.value() == Approx(mean.at(i)).margin(5e-5));
    CHECK(all[i].share_supported() == Approx(i == 0 ? 0.1 : 1));
  }
}

TEST_CASE("BabelStream's application efficiencies have their published portability") {
  const PerformanceTable table = with_application_efficiency(golden("babelstream.csv"), Better::higher);
  const auto four = portability(on(table, nvidia), Efficiency::application);
  CHECK(of(four, "OpenMP").pp == Approx(0.9530).margin(5e-5));
  CHECK(of(four, "Kokkos").pp == Approx(0.9963).margin(5e-5));
  CHECK(of(four, "CUDA").pp == Approx(0.9939).margin(5e-5));
  CHECK(of(four, "OpenACC").pp == 0);
  CHECK(of(four, "OpenCL").pp == Approx(0.9961).margin(5e-5));

  // No model runs on all twelve.
  const auto twelve = portability(table, Efficiency::application);
  for (const Portability& entry : twelve) CHECK(entry.pp == 0);
  CHECK(of(twelve, "OpenMP").supported == 11);
  CHECK(of(twelve, "OpenMP").harmonic_of_supported.value() == Approx(0.9514).margin(5e-5));
  CHECK(of(twelve, "OpenMP").mean_of_supported.value() == Approx(0.9584).margin(5e-5));
  CHECK(of(twelve, "Kokkos").harmonic_of_supported.value() == Approx(0.8874).margin(5e-5));
  CHECK(of(twelve, "Kokkos").mean_of_supported.value() == Approx(0.9065).margin(5e-5));
  CHECK(of(twelve, "CUDA").supported == 4);
}

TEST_CASE("BabelStream's architectural efficiencies have their published portability") {
  const auto four = portability(on(golden("babelstream_peak.csv"), nvidia), Efficiency::architectural);
  CHECK(of(four, "OpenMP").pp == Approx(0.7846).margin(5e-5));
  CHECK(of(four, "Kokkos").pp == Approx(0.8192).margin(5e-5));
  CHECK(of(four, "CUDA").pp == Approx(0.8166).margin(5e-5));
  CHECK(of(four, "OpenACC").pp == 0);
  CHECK(of(four, "OpenCL").pp == Approx(0.8185).margin(5e-5));
}

TEST_CASE("the best of a problem and platform has application efficiency 1, whether rates or times") {
  const PerformanceTable table = table_of({{"p", "x", "a", 50, {}, {}},
                                           {"p", "x", "b", 100, {}, {}},
                                           {"p", "y", "a", 7, {}, {}},
                                           {"q", "x", "a", 3, {}, {}},
                                           {"p", "y", "b", {}, {}, {}}});
  const PerformanceTable rates = with_application_efficiency(table, Better::higher);
  CHECK(rates.find("p", "x", "a")->application_efficiency == 0.5);
  CHECK(rates.find("p", "x", "b")->application_efficiency == 1);
  CHECK(rates.find("p", "y", "a")->application_efficiency == 1);
  CHECK(rates.find("q", "x", "a")->application_efficiency == 1);
  CHECK(rates.find("p", "y", "b")->application_efficiency == 0);
  const PerformanceTable times = with_application_efficiency(table, Better::lower);
  CHECK(times.find("p", "x", "a")->application_efficiency == 1);
  CHECK(times.find("p", "x", "b")->application_efficiency == 0.5);
}

TEST_CASE("however slow an application is, it ran") {
  const PerformanceTable table = with_application_efficiency(
      table_of({{"p", "x", "a", 1e-300, {}, {}}, {"p", "x", "b", 1e300, {}, {}}}), Better::higher);
  CHECK(*table.find("p", "x", "a")->application_efficiency > 0);
}

TEST_CASE("architectural efficiency is relative to the platform's peak for the problem") {
  const PerformanceTable table =
      table_of({{"p", "x", "a", 50, {}, {}}, {"q", "x", "a", 60, {}, {}}, {"q", "x", "b", {}, {}, {}}});
  const std::array peaks{PlatformPeak{"x", "", 200}, PlatformPeak{"x", "q", 120}};
  const PerformanceTable made = with_architectural_efficiency(table, peaks);
  CHECK(made.find("p", "x", "a")->architectural_efficiency == 0.25);
  CHECK(made.find("q", "x", "a")->architectural_efficiency == 0.5);
  CHECK(made.find("q", "x", "b")->architectural_efficiency == 0);

  const auto refusal = [&](const PlatformPeak& peak) {
    return failure_of([&] { (void)with_architectural_efficiency(table, std::array{peak}); });
  };
  CHECK_THAT(refusal({"y", "", 200}), ContainsSubstring("no peak is given for platform x"));
  CHECK_THAT(refusal({"x", "", 55}), ContainsSubstring("beyond its peak of 55"));
}

TEST_CASE("PP is the harmonic mean, and 0 as soon as one platform is not supported") {
  CHECK(performance_portability(std::array{0.5, 1.0}) == Approx(2.0 / 3));
  CHECK(performance_portability(std::array{0.5, 0.0, 1.0}) == 0);
  CHECK(performance_portability({}) == 0);
}

TEST_CASE("PP lies between the least efficiency and the arithmetic mean") {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> some(0.01, 1);
  for (int i = 0; i < 200; ++i) {
    std::vector<double> efficiencies(1 + random() % 8);
    double sum = 0;
    for (double& efficiency : efficiencies) sum += efficiency = some(random);
    const double pp = performance_portability(efficiencies);
    CHECK(pp >= *std::min_element(efficiencies.begin(), efficiencies.end()) * (1 - 1e-12));
    CHECK(pp <= sum / static_cast<double>(efficiencies.size()) * (1 + 1e-12));
  }
}

TEST_CASE("PP of several problems is the harmonic mean of their own") {
  const PerformanceTable table = table_of({{"p", "x", "a", {}, 0.5, {}},
                                           {"p", "y", "a", {}, 1.0, {}},
                                           {"q", "x", "a", {}, 0.25, {}},
                                           {"q", "y", "a", {}, 0.8, {}}});
  const auto each = portability_by_problem(table, Efficiency::application);
  REQUIRE(each.size() == 2);
  const double together = portability(table, Efficiency::application).front().pp;
  CHECK(together == Approx(2 / (1 / each[0].pp + 1 / each[1].pp)));
  CHECK(each[0].problem == "p");
  CHECK(each[0].pp == Approx(2.0 / 3));
}

TEST_CASE("a missing combination did not run") {
  const PerformanceTable table =
      table_of({{"p", "x", "a", {}, 0.5, {}}, {"p", "y", "b", {}, 1.0, {}}, {"p", "x", "b", {}, 1.0, {}}});
  const auto all = portability(table, Efficiency::application);
  CHECK(of(all, "a").pp == 0);
  CHECK(of(all, "a").supported == 1);
  CHECK(of(all, "a").pairs == 2);
  CHECK(of(all, "b").pp == 1);
  const auto none = portability(table, Efficiency::architectural);
  CHECK_FALSE(of(none, "a").mean_of_supported.has_value());
}

TEST_CASE("a cascade falls, and ends at PP") {
  const PerformanceTable table = golden("synthetic.csv");
  const auto all = cascades(table, Efficiency::application);
  const auto portabilities = portability(table, Efficiency::application);
  REQUIRE(all.size() == portabilities.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Cascade& cascade = all[i];
    INFO(cascade.application);
    REQUIRE(cascade.steps.size() == 10);
    for (std::size_t k = 1; k < cascade.steps.size(); ++k) {
      CHECK(cascade.steps[k].efficiency <= cascade.steps[k - 1].efficiency);
      CHECK(cascade.steps[k].pp <= cascade.steps[k - 1].pp * (1 + 1e-12));
    }
    CHECK(cascade.steps.front().pp == cascade.steps.front().efficiency);
    CHECK(cascade.steps.back().pp == Approx(portabilities[i].pp));
  }
  CHECK(all[0].steps[0].platform == "A");  // the only one that Unportable runs on
  CHECK(all[4].steps[0].platform == "J");  // Inconsistent's best
  CHECK(all[4].steps[1].pp == Approx(2 / (1 / 1.0 + 1 / 0.9)));
}

TEST_CASE("in a cascade of several problems a platform counts only if all of them ran") {
  const PerformanceTable table =
      table_of({{"p", "x", "a", {}, 0.5, {}}, {"q", "x", "a", {}, 1.0, {}}, {"p", "y", "a", {}, 1.0, {}}});
  const Cascade cascade = cascades(table, Efficiency::application).front();
  CHECK(cascade.steps[0].platform == "x");
  CHECK(cascade.steps[0].efficiency == Approx(2.0 / 3));
  CHECK(cascade.steps[1].efficiency == 0);
  CHECK(cascade.steps[1].pp == 0);
}

TEST_CASE("a navigation chart has the applications whose code is known") {
  const PerformanceTable table = golden("synthetic.csv");
  const auto points = navigation_chart(portability(table, Efficiency::application),
                                       {{"Inconsistent", 0.25}, {"no such application", 0.5}});
  REQUIRE(points.size() == 1);
  CHECK(points[0].convergence == 0.75);
  CHECK(points[0].pp == Approx(0.3414).margin(5e-5));
}

TEST_CASE("a refused entry leaves the table as it was") {
  PerformanceTable table = table_of({{"p", "x", "a", 1, {}, {}}});
  const PerformanceTable before = table;
  CHECK(table.add({"p", "x", "a", 2, {}, {}}));
  CHECK(table.add({"new", "new", "new", std::nan(""), {}, {}}));
  CHECK(table.add({"new", "new", "new", 1, 1.5, {}}));
  CHECK(table == before);
  CHECK(table.problems() == before.problems());
}
