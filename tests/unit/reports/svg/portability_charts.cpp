// The cascade and the navigation chart: what stands where, by the axes that they draw.
#include <fmt/format.h>

#include "reports/svg/charts.h"
#include "tests/unit/reports/svg/drawn.h"

using namespace moat;
using namespace moat::test;

namespace {

Cascade cascade_of(const std::string& name) {
  return {name, {{"a:0", 1, 1}, {"b:0", 0.5, 0.75}, {"c:0", 0.2, 0.4}}};
}

/// The line of percent 0 to 100 of a vertical axis, by the texts at it.
double share_at(const Drawn& chart, double y) {
  const double bottom = chart.text("0 %").y();
  const double top = chart.text("100 %").y();
  return (bottom - y) / (bottom - top);
}

/// Baselines of texts stand this far below the line that they name.
double half_a_letter(const Drawn& chart) {
  return chart.text("100 %").y() - chart.styled("g").at(5).y();
}

}  // namespace

TEST_CASE("a cascade's axis names every fifth, and its lines stand at their shares") {
  Findings findings;
  findings.portability.cascades = {cascade_of("portable")};
  const Canvas canvas = cascade_chart(findings).parts.at(0).canvas;
  check_lies_within(canvas);
  const Drawn chart = drawn(canvas);
  for (const int percent : {0, 20, 40, 60, 80, 100})
    CHECK(share_at(chart, chart.text(fmt::format("{} %", percent)).y()) * 100 == near(percent));
  REQUIRE(chart.styled("g").size() == 6);
  const double letter = half_a_letter(chart);
  CHECK((letter > 0 && letter < 8));
  const std::vector<DrawnElement> solid = chart.styled("r k0");
  const std::vector<DrawnElement> dashed = chart.styled("d k0");
  REQUIRE(solid.at(0).points.size() == 3);
  REQUIRE(dashed.at(0).points.size() == 3);
  for (std::size_t rank = 0; rank < 3; ++rank) {
    const Cascade& one = findings.portability.cascades[0];
    CHECK(share_at(chart, solid[0].points[rank].y + letter) ==
          Approx(one.steps[rank].efficiency).margin(0.001));
    CHECK(share_at(chart, dashed[0].points[rank].y + letter) == Approx(one.steps[rank].pp).margin(0.001));
    CHECK(solid[0].points[rank].x == chart.text(fmt::format("{}", rank + 1)).x());
    CHECK(dashed[0].points[rank].x == solid[0].points[rank].x);
  }
  CHECK(solid[0].points[2].x - solid[0].points[1].x == near(solid[0].points[1].x - solid[0].points[0].x));
  CHECK(chart.text("rank of the platform, best first").x() == near(solid[0].points[1].x));
  const std::vector<DrawnElement> marks = Drawn::titled(chart.paths, "portable on b:0: efficiency 50.0 %");
  REQUIRE(marks.size() == 1);
  CHECK(marks[0].x() == solid[0].points[1].x);
  CHECK(marks[0].y() == solid[0].points[1].y);
}

TEST_CASE("a single platform stands in the middle of the cascade") {
  Findings findings;
  findings.portability.cascades = {{"portable", {{"a:0", 1, 1}}}};
  const Drawn chart = drawn(cascade_chart(findings).parts.at(0).canvas);
  const DrawnElement line = chart.styled("g").at(0);
  CHECK(chart.text("1").x() == near((line.points[0].x + line.points[1].x) / 2));
}

TEST_CASE("very many platforms have at most sixteen ranks written") {
  Findings findings;
  findings.portability.cascades = {{"portable", std::vector<CascadeStep>(33, {"a", 0.5, 0.5})}};
  const Drawn chart = drawn(cascade_chart(findings).parts.at(0).canvas);
  std::vector<std::string> ranks;
  for (const DrawnElement& it : chart.texts) {
    if (it.text.find_first_not_of("0123456789") == std::string::npos) ranks.push_back(it.text);
  }
  CHECK(ranks == std::vector<std::string>{"1", "4", "7", "10", "13", "16", "19", "22", "25", "28", "31"});
}

TEST_CASE("a cascade draws ten implementations and says when there are more") {
  Findings findings;
  for (int i = 0; i < 10; ++i) findings.portability.cascades.push_back(cascade_of(fmt::format("way {}", i)));
  CHECK(cascade_chart(findings).remarks.empty());
  findings.portability.cascades.push_back(cascade_of("way 10"));
  const Chart chart = cascade_chart(findings);
  CHECK(chart.remarks ==
        std::vector<std::string>{"The first 10 of 11 implementations are drawn; the table has all."});
  const Drawn picture = drawn(chart.parts.at(0).canvas);
  CHECK_FALSE(Drawn::titled(picture.paths, "way 9 on").empty());
  CHECK(Drawn::titled(picture.paths, "way 10 on").empty());
}

TEST_CASE("the navigation chart's points stand at their convergence and PP") {
  Findings findings;
  findings.portability.navigation = {{"portable", 0.5, 0.9}, {"library", 0, 0.4}, {"best", 1, 1}};
  const Canvas canvas = navigation_chart(findings).parts.at(0).canvas;
  check_lies_within(canvas);
  const Drawn chart = drawn(canvas);
  const std::vector<DrawnElement> lines = chart.styled("g");
  REQUIRE(lines.size() == 12);  // six of each axis
  const Point origin = lines[0].points[0];
  const Point end{lines[0].points[1].x, lines[5].y()};
  for (int fifth = 0; fifth <= 5; ++fifth) {
    CHECK(lines.at(static_cast<std::size_t>(fifth)).y() == near(origin.y + (end.y - origin.y) * fifth / 5));
    const DrawnElement& upright = lines.at(static_cast<std::size_t>(6 + fifth));
    CHECK(upright.x() == near(origin.x + (end.x - origin.x) * fifth / 5));
    CHECK(upright.y() == near(end.y));
    CHECK(upright.points[1].y == near(origin.y));
    const auto written = std::ranges::count_if(chart.texts, [&](const DrawnElement& it) {
      return it.text == fmt::format("{} %", 20 * fifth) && it.x() == upright.x();
    });
    CHECK(written == 1);
  }
  CHECK(chart.text("code convergence").x() == near((origin.x + end.x) / 2));
  for (const NavigationPoint& point : findings.portability.navigation) {
    const std::vector<DrawnElement> marks =
        Drawn::titled(chart.paths, fmt::format("{}: PP {:.1f} %, convergence {:.1f} %", point.application,
                                               point.pp * 100, point.convergence * 100));
    REQUIRE(marks.size() == 1);
    CHECK(marks[0].x() == near(origin.x + (end.x - origin.x) * point.convergence));
    CHECK(marks[0].y() == near(origin.y + (end.y - origin.y) * point.pp));
    // Its name stands beside it, to the left where the right has no room.
    CHECK((chart.text(point.application).x() < marks[0].x()) == (point.convergence > 0.7));
  }
}

TEST_CASE("names of neighbouring points do not cover each other") {
  Findings findings;
  for (int i = 0; i < 4; ++i) findings.portability.navigation.push_back({fmt::format("way {}", i), 0.5, 0.5});
  const Drawn chart = drawn(navigation_chart(findings).parts.at(0).canvas);
  for (int i = 1; i < 4; ++i) {
    const double apart =
        chart.text(fmt::format("way {}", i)).y() - chart.text(fmt::format("way {}", i - 1)).y();
    CHECK((apart >= 12 && apart <= 16));
  }
}

TEST_CASE("the navigation chart draws forty implementations and says when there are more") {
  Findings findings;
  for (int i = 0; i < 40; ++i)
    findings.portability.navigation.push_back({fmt::format("way {}", i), 0.5, 0.025 * i});
  CHECK(navigation_chart(findings).remarks.empty());
  findings.portability.navigation.push_back({"one more", 0.5, 0.5});
  const Chart chart = navigation_chart(findings);
  CHECK(chart.remarks ==
        std::vector<std::string>{"The first 40 of 41 implementations are drawn; the table has all."});
  CHECK(Drawn::titled(drawn(chart.parts.at(0).canvas).paths, "one more").empty());
}
