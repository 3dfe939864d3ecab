// The roofline as a picture: marks, roofs and labels stand where its own axes say.
#include <cmath>

#include "reports/svg/charts.h"
#include "tests/synthetic.h"
#include "tests/unit/reports/gap/subjects.h"
#include "tests/unit/reports/svg/drawn.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

// A peak of 20 TFLOP/s at 1 TB/s meet at 20 op/B; a GEMM of n = 3072 has 512 op/B, a dot product of two
// vectors ¼.
constexpr double peak = 20e12;
constexpr double bandwidth = 1e12;

std::vector<Record> few() {
  return {record("x:0", "library/a", "gemm:m=3072,n=3072,k=3072,type=f32", 16e12),
          record("x:0", "naive", "stream:op=dot,n=1000000,type=f32", 2e11)};
}

Chart chart_of(double low, double high) {
  Subject one = subject("x:0", few());
  state_roofs(one, low, high, bandwidth);
  std::vector<Subject> all;
  all.push_back(std::move(one));
  return roofline_chart(findings_of(std::move(all)));
}

/// Logarithms along an axis, from two of its ticks.
struct Scale {
  double low = 0, high = 0;  // values
  double from = 0, to = 0;   // pixels
  [[nodiscard]] double place(double value) const {
    return from + (to - from) * std::log(value / low) / std::log(high / low);
  }
};

struct Axes {
  Scale x, y;
  double left = 0, right = 0, top = 0, bottom = 0;
};

/// The grid's lines are of x first, then of y; a tick's text stands at its line.
Axes axes_of(const Drawn& chart) {
  const std::vector<Point> ends = chart.styled("g").at(0).points;
  std::vector<double> upright, level;
  for (std::size_t i = 0; i + 1 < ends.size(); i += 2) {
    if (ends[i].x == ends[i + 1].x)
      upright.push_back(ends[i].x);
    else
      level.push_back(ends[i].y);
  }
  Axes axes;
  axes.left = upright.front();
  axes.right = upright.back();
  axes.bottom = level.front();
  axes.top = level.back();
  std::vector<double> values;
  for (const double at : upright) {
    const auto text = std::ranges::find_if(chart.texts, [&](const DrawnElement& it) {
      return it.style == "s c" && it.x() == at && it.y() > axes.bottom && it.y() < axes.bottom + 20;
    });
    REQUIRE(text != chart.texts.end());
    values.push_back(std::stod(text->text));
  }
  axes.x = {values.front(), values.back(), axes.left, axes.right};
  values.clear();
  for (const double at : level) {
    const auto text = std::ranges::find_if(chart.texts, [&](const DrawnElement& it) {
      return it.style == "s e" && it.x() < axes.left && it.y() > at && it.y() < at + 8;
    });
    REQUIRE(text != chart.texts.end());
    const double factor = text->text.ends_with('T') ? 1e12 : text->text.ends_with('G') ? 1e9 : 1e6;
    values.push_back(std::stod(text->text) * factor);
  }
  axes.y = {values.front(), values.back(), axes.bottom, axes.top};
  return axes;
}

}  // namespace

TEST_CASE("cases stand at their operations per byte and their rate") {
  const Chart chart = chart_of(peak, peak);
  REQUIRE(chart.parts.size() == 1);
  check_lies_within(chart.parts[0].canvas);
  CHECK(chart.parts[0].tags.type == "f32");
  const Drawn picture = drawn(chart.parts[0].canvas);
  const Axes axes = axes_of(picture);
  CHECK(picture.text("f32 inputs").y() < axes.top);
  CHECK(picture.text("FLOP/s").x() < axes.left);
  CHECK(picture.text("operations per compulsory byte (op/B)").x() == near((axes.left + axes.right) / 2));
  const auto gemm =
      Drawn::titled(picture.paths, "gemm:m=3072,n=3072,k=3072,type=f32: 16.00 TFLOP/s at 512 op/B");
  REQUIRE(gemm.size() == 1);
  CHECK(gemm[0].x() == near(axes.x.place(512)));
  CHECK(gemm[0].y() == near(axes.y.place(16e12)));
  const auto dot = Drawn::titled(picture.paths, "stream:op=dot");
  REQUIRE(dot.size() == 1);
  CHECK(dot[0].x() == near(axes.x.place(0.25)));
  CHECK(dot[0].y() == near(axes.y.place(2e11)));
}

TEST_CASE(
    "a roof rises with the bandwidth to the ridge and goes on level at the peak, which is labelled above "
    "it") {
  const Drawn picture = drawn(chart_of(peak, peak).parts.at(0).canvas);
  const Axes axes = axes_of(picture);
  const std::vector<DrawnElement> roofs = Drawn::titled(picture.paths, "roofs: 20.00 TFLOP/s and 1.000 TB/s");
  REQUIRE(roofs.size() == 1);  // without a band: its ends are equal
  const std::vector<Point>& line = roofs[0].points;
  REQUIRE(line.size() == 3);
  CHECK(line[1].x == near(axes.x.place(peak / bandwidth)));
  CHECK(line[1].y == near(axes.y.place(peak)));
  CHECK(line[2].x == near(axes.right));
  CHECK(line[2].y == line[1].y);
  const double rate = bandwidth * axes.x.low *
                      std::pow(axes.x.high / axes.x.low, (line[0].x - axes.left) / (axes.right - axes.left));
  CHECK(line[0].y == Approx(axes.y.place(rate)).margin(0.5));
  const DrawnElement& label = picture.text("x:0 20.00 TFLOP/s");
  CHECK((label.y() < line[2].y && label.y() > line[2].y - 10));
  CHECK((label.x() <= axes.right && label.x() > axes.right - 10));
}

TEST_CASE("the level part of a roof is seen even if no case comes near it") {
  Subject one = subject("x:0", {few()[1]});
  state_roofs(one, peak, peak, bandwidth);
  std::vector<Subject> all;
  all.push_back(std::move(one));
  const Axes axes = axes_of(drawn(roofline_chart(findings_of(std::move(all))).parts.at(0).canvas));
  CHECK(axes.x.high > 1.2 * peak / bandwidth);
  CHECK(axes.y.high >= peak);
}

TEST_CASE("a roof with an interval has a band between its ends") {
  const Drawn picture = drawn(chart_of(18e12, 22e12).parts.at(0).canvas);
  const Axes axes = axes_of(picture);
  const std::vector<DrawnElement> bands = picture.styled("b f0");
  REQUIRE(bands.size() == 1);
  double top = axes.bottom;
  for (const Point& point : bands[0].points) top = std::min(top, point.y);
  CHECK(top == near(axes.y.place(22e12)));
  const auto levels = std::ranges::count_if(
      bands[0].points, [&](const Point& point) { return std::fabs(point.y - axes.y.place(18e12)) < 0.11; });
  CHECK(levels == 2);
}

TEST_CASE("peaks that would cover each other's labels have one") {
  std::vector<Subject> all;
  for (const std::string device : {"x:0", "y:0", "z:0"}) {
    std::vector<Record> records = few();
    for (Record& one : records) one.identity.device = device;
    all.push_back(subject(device, records));
    const double rate = device == "z:0" ? peak / 10 : peak;
    state_roofs(all.back(), rate, rate, bandwidth);
  }
  const Chart chart = roofline_chart(findings_of(std::move(all)));
  const Drawn picture = drawn(chart.parts.at(0).canvas);
  CHECK(std::ranges::count(picture.texts, "s l e", &DrawnElement::style) == 2);
  CHECK(std::ranges::count(picture.texts, "y:0 20.00 TFLOP/s", &DrawnElement::text) == 0);
  CHECK(picture.text("z:0 2.000 TFLOP/s").y() > picture.text("x:0 20.00 TFLOP/s").y());
  const Drawn legend = drawn(chart.legend.value());
  check_lies_within(chart.legend.value());
  for (const char* const device : {"x:0 – device of x:0", "y:0 – device of y:0"})
    CHECK(legend.text(device).x() > 0);
  CHECK(std::ranges::any_of(
      legend.texts, [](const auto& it) { return it.text.ends_with("s roof, shaded between its ends"); }));
  CHECK(std::ranges::count(legend.texts, "measured roof", &DrawnElement::text) == 0);
}

TEST_CASE("a roofline has marks for six devices and says when there are more") {
  const auto chart_of_devices = [](int count) {
    std::vector<Subject> all;
    for (int i = 0; i < count; ++i) {
      const std::string device = "x:" + std::to_string(i);
      all.push_back(subject(device, {record(device, "library/a", "gemm:m=64,n=64,k=64,type=f32", 1e11)}));
    }
    return roofline_chart(findings_of(std::move(all)));
  };
  CHECK(chart_of_devices(6).remarks.empty());
  const Chart chart = chart_of_devices(7);
  CHECK(chart.remarks == std::vector<std::string>{"The first 6 of 7 devices are drawn; the table has all."});
  const Drawn picture = drawn(chart.parts.at(0).canvas);
  CHECK(Drawn::titled(picture.paths, "x:5 ").size() == 1);
  CHECK(Drawn::titled(picture.paths, "x:6 ").empty());
}

TEST_CASE("what does no arithmetic or only measures the peak has no place in a roofline") {
  const std::vector<Record> records{record("x:0", "naive", "peak:chains=65536,steps=4096,type=f32", 1e12)};
  std::vector<Subject> all;
  all.push_back(subject("x:0", records));
  const Chart chart = roofline_chart(findings_of(std::move(all)));
  CHECK(chart.parts.empty());
  CHECK(chart.remarks == std::vector<std::string>{"No verified case that does arithmetic."});
}

TEST_CASE("findings that know no roofs have a roofline of cases alone") {
  Findings findings;
  findings.subjects.push_back(subject("x:0", few()));
  const Chart chart = roofline_chart(findings);
  const Drawn picture = drawn(chart.parts.at(0).canvas);
  CHECK(Drawn::titled(picture.paths, " op/B").size() == 2);
  CHECK(Drawn::titled(picture.paths, " roofs: ").empty());
}
