// The dot plot of rates: a line for each device, marks at their rates, the axis above and below.
#include <fmt/format.h>

#include <cmath>

#include "reports/svg/charts.h"
#include "tests/synthetic.h"
#include "tests/unit/reports/gap/subjects.h"
#include "tests/unit/reports/svg/drawn.h"

using namespace moat;
using namespace moat::test;

namespace {

const std::string small = "gemm:m=64,n=64,k=64,type=f32";
const std::string large = "gemm:m=512,n=512,k=512,type=f32";

Findings two_devices() {
  std::vector<Subject> all;
  all.push_back(subject("x:0", {record("x:0", "library/a", small, 1e9), record("x:0", "naive", small, 1e8),
                                record("x:0", "library/a", large, 1e12)}));
  all.push_back(subject("y:0", {record("y:0", "library/a", small, 1e10)}));
  return findings_of(std::move(all));
}

}  // namespace

TEST_CASE("rates stand relative to the reference's library on their problem, each device's on its own line") {
  const Findings findings = two_devices();
  const Canvas canvas = rates_chart(findings).parts.at(0).canvas;
  check_lies_within(canvas);
  const Drawn chart = drawn(canvas);
  const auto mark = [&](const std::string& words) {
    const auto found = Drawn::titled(chart.paths, words);
    REQUIRE(found.size() == 1);
    return found[0];
  };
  const DrawnElement slow = mark("naive: 100.0 MFLOP/s");
  const DrawnElement middle = mark("library/a: 1.000 GFLOP/s");
  const DrawnElement other = mark("library/a: 10.00 GFLOP/s");
  const DrawnElement fast = mark("library/a: 1.000 TFLOP/s");
  const double decade = middle.x() - slow.x();
  CHECK(decade > 20);
  CHECK(other.x() - middle.x() == near(decade));
  CHECK(fast.x() == near(middle.x()));  // a thousand times the rate, but both are the reference's
  CHECK(slow.y() == middle.y());
  // From above: the first problem, its two devices, the second problem, its one.
  std::vector<double> down{chart.text(small).y(), middle.y(), other.y(), chart.text(large).y(), fast.y()};
  CHECK(std::ranges::is_sorted(down));
  CHECK(chart.text("1 is 1.000 GFLOP/s, library/a").y() == chart.text(small).y());
  CHECK(chart.text("1 is 1.000 TFLOP/s, library/a").y() == chart.text(large).y());
  const auto labels = std::ranges::count_if(chart.texts, [](const auto& it) { return it.text == "x:0"; });
  CHECK(labels == 2);
  for (const DrawnElement& text : chart.texts) {
    if (text.text != "y:0") continue;
    CHECK((std::fabs(text.y() - other.y()) < 8 && text.x() < slow.x()));
  }
  CHECK(chart.text("gemm").y() < chart.text(small).y());
}

TEST_CASE("where the reference has no library, the best rate is 1") {
  std::vector<Subject> all;
  all.push_back(
      subject("x:0", {record("x:0", "naive", small, 1e9), record("x:0", "portable/cuda", small, 4e9)}));
  const Findings findings = findings_of(std::move(all), false);
  const Drawn chart = drawn(rates_chart(findings).parts.at(0).canvas);
  CHECK(chart.text("1 is 4.000 GFLOP/s, portable/cuda").y() == chart.text(small).y());
}

TEST_CASE("the axis of rates is written above and below, where its lines are") {
  const Findings findings = two_devices();
  const Drawn chart = drawn(rates_chart(findings).parts.at(0).canvas);
  const DrawnElement grid = chart.styled("g").at(0);
  REQUIRE(grid.points.size() >= 4);
  std::vector<double> written;
  for (const DrawnElement& text : chart.texts) {
    if (text.text == "1") written.push_back(text.y());
    if (text.text == "1") CHECK(text.x() == Drawn::titled(chart.paths, "library/a: 1.000 GFLOP/s").at(0).x());
  }
  REQUIRE(written.size() == 2);
  CHECK(written[0] < grid.points[0].y);
  CHECK(written[1] > grid.points[1].y);
  CHECK(written[1] - grid.points[1].y < 24);
  // The lower axis covers what is left of the lines when the page's script hides blocks.
  REQUIRE(chart.boxes.size() == 1);
  CHECK((chart.boxes[0].points[0].y < written[1] && written[1] < chart.boxes[0].points[1].y));
  for (std::size_t i = 0; i < grid.points.size(); i += 2) {
    const auto here = std::ranges::count_if(
        chart.texts, [&](const DrawnElement& it) { return it.style == "s c" && it.x() == grid.points[i].x; });
    CHECK(here == 2);
  }
  CHECK(std::ranges::count(chart.texts, "relative rate", &DrawnElement::text) == 2);
}

TEST_CASE("implementations have forms of their own, devices colours, and the legend says which") {
  const Findings findings = two_devices();
  const Drawn chart = drawn(rates_chart(findings).parts.at(0).canvas);
  CHECK(Drawn::titled(chart.paths, "library/a: 1.000 GFLOP/s").at(0).style == "f0");
  CHECK(Drawn::titled(chart.paths, "library/a: 10.00 GFLOP/s").at(0).style == "f1");
  CHECK(chart.text("library/a").y() == chart.text("naive").y());
  CHECK(chart.text("library/a").x() < chart.text("naive").x());
}

TEST_CASE("more operators than twelve are left out, and the chart says so") {
  const auto chart_of = [](int operators) {
    std::vector<Record> records;
    for (int i = 0; i < operators; ++i) {
      records.push_back(record("x:0", "naive", small, 1e9));
      records.back().operator_name = fmt::format("operator {}", i);
    }
    std::vector<Subject> all;
    all.push_back(subject("x:0", records));
    return rates_chart(findings_of(std::move(all), false));
  };
  CHECK(chart_of(12).remarks.empty());
  CHECK(chart_of(13).parts.size() == 12);
  CHECK(chart_of(13).remarks ==
        std::vector<std::string>{"The first 12 of 13 operators are drawn; the table has all."});
}

TEST_CASE("a problem measured under other conditions has a block of its own that names them") {
  Record cold = record("x:0", "naive", small, 1e8);
  cold.identity.conditions = {Data::integers, Cache::cold, 7};
  std::vector<Subject> all;
  all.push_back(subject("x:0", {record("x:0", "naive", small, 1e9), cold}));
  const Findings findings = findings_of(std::move(all));
  const Drawn chart = drawn(rates_chart(findings).parts.at(0).canvas);
  CHECK(chart.text(small + " (integers, cold, seed 7)").y() > chart.text(small).y());
}
