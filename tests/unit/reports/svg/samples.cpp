// Boxes of samples: where their quantiles stand on an axis of ratios to the median.
#include <fmt/format.h>

#include <cmath>

#include "reports/svg/charts.h"
#include "tests/synthetic.h"
#include "tests/unit/reports/gap/subjects.h"
#include "tests/unit/reports/svg/drawn.h"

using namespace moat;
using namespace moat::test;

namespace {

// 21 samples whose quantiles of 5, 25, 50, 75 and 95 % are the 2nd, 6th, 11th, 16th and 20th.
Record spread_out() {
  Record made = record("x:0", "naive", "gemm:m=64,n=64,k=64,type=f32", 1e9);
  made.measurement->samples_seconds = {0.4, 0.5, 0.5, 0.5, 0.5, 0.8, 0.8, 0.8, 0.8, 0.8, 1,
                                       1,   1,   1,   1,   2,   2,   2,   2,   4,   9};
  return made;
}

Findings findings_with(std::vector<Record> records) {
  std::vector<Subject> all;
  all.push_back(subject("x:0", std::move(records)));
  return findings_of(std::move(all));
}

}  // namespace

TEST_CASE("a box reaches from quarter to quarter and its whiskers from 5 to 95 % around the median") {
  const Findings findings = findings_with({spread_out()});
  const Canvas canvas = samples_chart(findings).parts.at(0).canvas;
  check_lies_within(canvas);
  const Drawn chart = drawn(canvas);
  REQUIRE(chart.styled("z").size() == 1);
  const double one = chart.styled("z")[0].x();
  CHECK(chart.text("1×").x() == near(one));
  const double doubled = chart.text("2×").x() - one;
  const auto ratio = [&](double x) { return std::exp2((x - one) / doubled); };
  const std::vector<DrawnElement> boxes =
      Drawn::titled(chart.boxes, "500.0 ms · 800.0 ms · 1.000 s · 2.000 s · 4.000 s");
  REQUIRE(boxes.size() == 1);
  CHECK(boxes[0].style == "f0");
  CHECK(ratio(boxes[0].points[0].x) == Approx(0.8).epsilon(0.01));
  CHECK(ratio(boxes[0].points[1].x) == Approx(2).epsilon(0.01));
  const std::vector<DrawnElement> whiskers = chart.styled("w");
  REQUIRE(whiskers.size() == 1);
  CHECK(ratio(whiskers[0].points[0].x) == Approx(0.5).epsilon(0.01));
  CHECK(ratio(whiskers[0].points.back().x) == Approx(4).epsilon(0.01));
  CHECK(whiskers[0].y() == near((boxes[0].points[0].y + boxes[0].points[1].y) / 2));
  const DrawnElement label = chart.text("x:0 naive gemm:m=64,n=64,k=64,type=f32");
  CHECK((label.y() > boxes[0].points[0].y && label.y() <= boxes[0].points[1].y));
  CHECK(label.x() < whiskers[0].x());
}

TEST_CASE("the axis of samples is written above and below its lines, and holds 1") {
  const Findings findings = findings_with({spread_out(), spread_out()});
  const Drawn chart = drawn(samples_chart(findings).parts.at(0).canvas);
  const DrawnElement grid = chart.styled("g").at(0);
  for (const std::string words : {"1×", "seconds / median, logarithmic"}) {
    std::vector<double> written;
    for (const DrawnElement& text : chart.texts) {
      if (text.text == words) written.push_back(text.y());
    }
    REQUIRE(written.size() == 2);
    CHECK(written[0] < grid.points[0].y);
    CHECK((written[1] > grid.points[1].y && written[1] < grid.points[1].y + 24));
    // The lower axis covers what is left of the lines when the page's script hides cases.
    CHECK(std::ranges::any_of(chart.boxes, [&](const DrawnElement& it) {
      return it.style == "p" && it.points[0].y >= grid.points[1].y && it.points[0].y < written[1] &&
             written[1] < it.points[1].y;
    }));
  }
  // Lines of cases follow each other without a gap, within the grid.
  const std::vector<DrawnElement> medians = chart.styled("z");
  REQUIRE(medians.size() == 2);
  CHECK(medians[0].points[0].y > grid.points[0].y);
  CHECK(medians[1].points[0].y > medians[0].points[1].y);
  CHECK(medians[1].points[1].y < grid.points[1].y);
}

TEST_CASE("one sample has no spread to draw, two have") {
  Record one = record("x:0", "naive", "gemm:m=64,n=64,k=64,type=f32", 1e9);
  one.measurement->samples_seconds = {1};
  CHECK(samples_chart(findings_with({one})).parts.empty());
  one.measurement->samples_seconds = {1, 1.5};
  CHECK(samples_chart(findings_with({one})).parts.size() == 1);
}

TEST_CASE("a hundred cases have boxes, and the chart says when there are more") {
  std::vector<Record> records(100, spread_out());
  CHECK(samples_chart(findings_with(records)).remarks.empty());
  records.push_back(spread_out());
  const Chart chart = samples_chart(findings_with(records));
  REQUIRE(chart.remarks.size() == 1);
  CHECK(chart.remarks[0].starts_with("The 100 of 101 cases"));
  CHECK(drawn(chart.parts.at(0).canvas).styled("w").size() == 100);
}
