// What a person and a script see of the metrics.
#include "reports/tables/metrics.h"

#include "reports/format/grid_json.h"
#include "reports/format/grid_terminal.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

PerformanceTable some_table() {
  PerformanceTable table;
  (void)table.add({"p", "x", "a", {}, 0.5, {}});
  (void)table.add({"p", "y", "a", {}, 1.0, {}});
  (void)table.add({"p", "y", "b", {}, 0.25, {}});
  return table;
}

const KernelLines here{"gemm", "portable", {{{"a.cl", 1}, {"cuda", "opencl"}}, {{"a.cl", 2}, {"opencl"}}}};
const KernelLines there{"peak", "portable", {{{"a.cl", 1}, {"cuda", "opencl"}}, {{"b.cl", 1}, {"cuda"}}}};

}  // namespace

TEST_CASE("a table of PP says what is supported") {
  CHECK(terminal_table(portability_table(portability(some_table(), Efficiency::application)), {}) ==
        "application      PP  supported  mean of supported  harmonic of supported\n"
        "a            0.6667        2/2             0.7500                 0.6667\n"
        "b                 0        1/2             0.2500                 0.2500\n");
}

TEST_CASE("a cascade's bars stand beside their numbers") {
  CHECK(terminal_table(cascade_table(cascades(some_table(), Efficiency::application)), {}) ==
        "application  k  platform   efficiency  PP of first k  efficiency as a bar\n"
        "a            1  y               1.000          1.000  ████████████████████\n"
        "             2  x              0.5000         0.6667  ██████████\n"
        "b            1  y              0.2500         0.2500  █████\n"
        "             2  x         did not run              0\n");
}

TEST_CASE("code divergence is told per operator and over all of them") {
  const std::vector<KernelLines> parts{here, there};
  CHECK(terminal_table(code_table(parts), {}) ==
        "operator  kernels   cuda  opencl  all need  lines  divergence  convergence\n"
        "gemm      portable     1       2         1      2      0.5000       0.5000\n"
        "peak      portable     2       1         1      2      0.5000       0.5000\n"
        "all       portable     2       2         1      3      0.6667       0.3333\n");
  CHECK(divergences_of(parts).at("portable") == Approx(2.0 / 3));
}

TEST_CASE("what no platform supports has no mean, in text and JSON") {
  PerformanceTable table;
  (void)table.add({"p", "x", "a", {}, 0.0, {}});
  const auto all = portability(table, Efficiency::application);
  CHECK_THAT(terminal_table(portability_table(all), {}), ContainsSubstring("–"));
  const moat::Json json = json_rows(portability_table(all));
  CHECK(json[0]["mean_of_supported"].is_null());
  CHECK(json[0]["problem"].is_null());
  CHECK(json[0]["share_supported"] == 0);
}

TEST_CASE("the navigation chart's points are rows") {
  const std::vector<NavigationPoint> points{{"a", 0.75, 0.5}};
  CHECK(terminal_table(navigation_table(points), {}) ==
        "application  convergence      PP\na                 0.7500  0.5000\n");
}

TEST_CASE("on a narrow terminal an application's name is cut, and its PP stays") {
  PerformanceTable table;
  (void)table.add({"p", "x", "an application whose name is long", {}, 0.5, {}});
  const auto all = portability(table, Efficiency::application);
  const std::string text = terminal_table(portability_table(all), {.width = 30});
  CHECK_THAT(text,
             ContainsSubstring("an application") && ContainsSubstring("…") && ContainsSubstring("0.5000"));
}
