// The waterfall as a picture: each bar begins where the last one ended, in logarithms of 2.
#include <cmath>

#include "reports/svg/charts.h"
#include "tests/synthetic.h"
#include "tests/unit/reports/gap/subjects.h"
#include "tests/unit/reports/svg/drawn.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// All three factors: twice the hardware, a third of it used, half of that lost by the portable kernel.
Means three_factors() {
  Means means;
  means.problems = 3;
  means.hardware = exactly(2);
  means.stack = exactly(1.0 / 8);
  means.portability = Factor{0.5, 0.25, 1};
  means.to_library = exactly(0.25);
  means.total = exactly(0.125);
  return means;
}

/// Means of a gap, from which library to which kernel.
GapSummary from(Means GapSummary::*sides, const Means& means) {
  GapSummary made;
  made.*sides = means;
  return made;
}

Findings findings_with(std::vector<GapSummary> summaries, std::size_t gaps = 1) {
  Findings findings;
  for (std::size_t i = 0; i < gaps; ++i) {
    Gap gap;
    gap.reference = "cuda:0";
    gap.target = "x:" + std::to_string(i);
    gap.summaries = summaries;
    findings.gaps.push_back(std::move(gap));
  }
  return findings;
}

struct Bars {
  Drawn picture;
  double zero = 0;     // pixels of 1×
  double doubled = 0;  // pixels between powers of 2
  /// The power of 2 that stands at a place.
  [[nodiscard]] double power(double x) const { return (x - zero) / doubled; }
  [[nodiscard]] DrawnElement bar(const std::string& step) const {
    const auto found = Drawn::titled(picture.boxes, step + ": ");
    REQUIRE(found.size() == 1);
    return found[0];
  }
};

Bars bars_of(const Canvas& canvas) {
  check_lies_within(canvas);
  Bars bars{drawn(canvas)};
  bars.zero = bars.picture.text("1×").x();
  bars.doubled = bars.picture.text("2×").x() - bars.zero;
  CHECK(bars.picture.styled("z").at(0).x() == bars.zero);
  return bars;
}

}  // namespace

TEST_CASE("bars of factors join, and the total's begins at 1") {
  const Chart chart = waterfall_chart(findings_with({from(&GapSummary::both, three_factors())}));
  REQUIRE(chart.parts.size() == 1);
  CHECK(chart.parts[0].tags.device == "x:0");
  CHECK_THAT(chart.parts[0].canvas.description(), ContainsSubstring("hardware 2.00; stack 0.125;"));
  const Bars bars = bars_of(chart.parts[0].canvas);
  CHECK(bars.picture.text("x:0 against cuda:0, all problems").y() < bars.bar("hardware").y());
  CHECK(bars.picture.text("library to portable kernel, 3 problems").x() > bars.zero);
  const auto check_bar = [&](const std::string& step, double from, double to, const std::string& style) {
    INFO(step);
    const DrawnElement bar = bars.bar(step);
    CHECK(bars.power(bar.points[0].x) == Approx(from).margin(0.02));
    CHECK(bars.power(bar.points[1].x) == Approx(to).margin(0.02));
    CHECK(bar.style == style);
    // Its name and its value stand beside it.
    const double name = bars.picture.text(step).y();
    CHECK((name > bar.points[0].y && name < bar.points[1].y));
    CHECK(std::ranges::any_of(bars.picture.texts, [&](const DrawnElement& it) {
      return it.y() == name && it.x() > bar.points[1].x && it.text.find("log2") != std::string::npos;
    }));
  };
  check_bar("hardware", 0, 1, "f0");
  check_bar("stack", -2, 1, "f1");
  check_bar("portability", -3, -2, "f2");
  check_bar("total", -3, 0, "f5");
  CHECK(bars.bar("hardware").points[1].y < bars.bar("stack").points[0].y);
  CHECK(bars.bar("portability").points[1].y < bars.bar("total").points[0].y);
  // The interval of the only factor that has one: from a quarter to 1 of what was left.
  const std::vector<DrawnElement> whiskers = bars.picture.styled("w");
  REQUIRE(whiskers.size() == 1);
  CHECK(bars.power(whiskers[0].x()) == Approx(-4).margin(0.02));
  CHECK(whiskers[0].y() ==
        near((bars.bar("portability").points[0].y + bars.bar("portability").points[1].y) / 2));
}

TEST_CASE("ticks are at powers of 2, with fractions below 1") {
  const Bars bars =
      bars_of(waterfall_chart(findings_with({from(&GapSummary::both, three_factors())})).parts.at(0).canvas);
  for (const auto& [text, power] : {std::pair{"1/16×", -4}, std::pair{"1/2×", -1}, std::pair{"2×", 1}})
    CHECK(bars.power(bars.picture.text(text).x()) == Approx(power).margin(0.02));
  const std::vector<DrawnElement> lines = bars.picture.styled("g");
  CHECK(lines.size() == 6);
  CHECK(lines.front().x() == bars.picture.text("1/16×").x());
  CHECK(lines.back().x() == bars.doubled + bars.zero);
  for (const DrawnElement& line : lines) {
    CHECK(line.points[0].y < bars.bar("hardware").points[0].y);
    CHECK(line.points[1].y > bars.bar("total").points[1].y);
  }
  CHECK(bars.picture.text("target / reference, logarithmic").x() ==
        near((lines.front().x() + lines.back().x()) / 2));
}

TEST_CASE("factors that cannot be told apart are one bar") {
  Means means = three_factors();
  SECTION("without roofs") {
    means.hardware.reset();
    means.stack.reset();
    const Bars bars =
        bars_of(waterfall_chart(findings_with({from(&GapSummary::both, means)})).parts.at(0).canvas);
    CHECK(bars.power(bars.bar("hardware × stack").points[0].x) == Approx(-2).margin(0.02));
    CHECK(bars.picture.boxes.size() == 3);
  }
  SECTION("without a library on the target") {
    means.stack.reset();
    means.portability.reset();
    means.software = exactly(1.0 / 16);
    const Bars bars =
        bars_of(waterfall_chart(findings_with({from(&GapSummary::portable, means)})).parts.at(0).canvas);
    CHECK(bars.bar("stack × portability").style == "f1");
    CHECK(bars.power(bars.bar("stack × portability").points[0].x) == Approx(-3).margin(0.02));
    CHECK(bars.picture.boxes.size() == 3);
  }
  SECTION("only libraries") {
    means.portability.reset();
    means.problems = 1;
    const Drawn picture =
        drawn(waterfall_chart(findings_with({from(&GapSummary::library, means)})).parts.at(0).canvas);
    CHECK(picture.text("library to library, 1 problem").x() > 0);
  }
}

TEST_CASE("means of no problem draw nothing") {
  Means none = three_factors();
  none.problems = 0;
  GapSummary summary;
  summary.library = summary.portable = summary.both = none;
  const Chart chart = waterfall_chart(findings_with({summary}));
  CHECK(chart.parts.empty());
  CHECK(chart.remarks.size() == 1);
}

TEST_CASE("a waterfall draws eight targets and says when there are more") {
  CHECK(waterfall_chart(findings_with({from(&GapSummary::both, three_factors())}, 8)).remarks.empty());
  const Chart chart = waterfall_chart(findings_with({from(&GapSummary::both, three_factors())}, 9));
  CHECK(chart.parts.size() == 8);
  CHECK(chart.remarks == std::vector<std::string>{"The first 8 of 9 targets are drawn; the table has all."});
}

TEST_CASE("a gap's operators have bars of their own where there are several, its types have none") {
  GapSummary of_gemm = from(&GapSummary::both, three_factors());
  of_gemm.part.scope = GapScope::by_operator;
  of_gemm.part.operator_name = "gemm";
  GapSummary of_attention = of_gemm;
  of_attention.part.operator_name = "attention";
  GapSummary of_type = from(&GapSummary::both, three_factors());
  of_type.part.scope = GapScope::by_type;
  const Chart chart = waterfall_chart(
      findings_with({from(&GapSummary::both, three_factors()), of_gemm, of_attention, of_type}));
  REQUIRE(chart.parts.size() == 3);
  CHECK(chart.parts[0].tags.operator_name.empty());
  CHECK(chart.parts[1].tags.operator_name == "gemm");
  CHECK(chart.parts[2].tags.operator_name == "attention");
  const Chart of_one =
      waterfall_chart(findings_with({from(&GapSummary::both, three_factors()), of_gemm, of_type}));
  CHECK(of_one.parts.size() == 1);
}

TEST_CASE("a heading has the names of chips where they are known, differ and fit") {
  const auto heading = [](const std::string& chip, const std::string& other) {
    std::vector<Subject> subjects{
        subject("a:0", {record("a:0", "library/x", "gemm:m=64,n=64,k=64,type=f32", 4e9)}),
        subject("b:0", {record("b:0", "library/x", "gemm:m=64,n=64,k=64,type=f32", 1e9)})};
    subjects[0].device.name = chip;
    subjects[1].device.name = other;
    return waterfall_chart(findings_of(std::move(subjects))).parts.at(0).canvas.title();
  };
  CHECK(heading("Chip 1", "Chip 2") == "Chip 2 against Chip 1, all problems");
  CHECK(heading("Chip 1", "Chip 1") == "b:0 against a:0, all problems");
  CHECK(heading("A chip of a rather long name", "Another of a long name") == "b:0 against a:0, all problems");
}
