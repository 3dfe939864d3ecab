// Boxes of samples relative to each case's median, on a logarithmic axis.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/units.h"
#include "reports/svg/axis.h"
#include "reports/svg/chart_cases.h"
#include "reports/svg/charts.h"

namespace moat {
namespace {

constexpr std::size_t most_cases = 100;
constexpr double chart_width = 1000;
constexpr double plot_left = 440;
constexpr double plot_wide = chart_width - plot_left - 30;
constexpr double row_height = 18;

/// The quantiles 5, 25, 50, 75 and 95 % in seconds, all above 0.
struct Box {
  ChartCase one;
  std::array<double, 5> seconds{};
  [[nodiscard]] double spread() const { return seconds[4] / seconds[0]; }
};

std::vector<Box> boxes_of(const Findings& findings) {
  std::vector<Box> boxes;
  for (const ChartCase& one : chart_cases(findings)) {
    if (!one.record->measurement || one.record->measurement->samples_seconds.size() < 2) continue;
    Box box{one};
    constexpr std::array<double, 5> probabilities{0.05, 0.25, 0.5, 0.75, 0.95};
    for (std::size_t i = 0; i < probabilities.size(); ++i)
      box.seconds.at(i) = quantile(one.record->measurement->samples_seconds, probabilities.at(i)).value_or(0);
    if (box.seconds[0] > 0) boxes.push_back(box);
  }
  std::ranges::stable_sort(boxes, [](const Box& l, const Box& r) { return l.spread() > r.spread(); });
  return boxes;
}

class Drawing {
 public:
  Drawing(Canvas& canvas, const std::vector<Box>& boxes, const std::vector<Subject>& subjects)
      : canvas_(canvas), boxes_(boxes), subjects_(subjects) {
    axis_.hold(1);
    for (const Box& box : boxes) {
      axis_.hold(box.seconds[0] / box.seconds[2]);
      axis_.hold(box.seconds[4] / box.seconds[2]);
    }
    axis_.round(9);
  }

  void draw() {
    draw_ticks(14);
    const double bottom = 22 + row_height * static_cast<double>(boxes_.size());
    std::vector<std::pair<Point, Point>> grid;
    for (const double tick : axis_.ticks()) grid.push_back({{x_of(tick), 20}, {x_of(tick), bottom}});
    canvas_.lines(grid, "g");
    double y = 22;
    for (const Box& box : boxes_) {
      draw_box(box, y);
      y += row_height;
    }
    canvas_.open_block(y, 24, {}, true);
    canvas_.box({0, 0}, chart_width, 24, "p");
    draw_ticks(14);
    canvas_.close();
    canvas_.set_height(y + 24);
  }

 private:
  [[nodiscard]] double x_of(double ratio) const { return plot_left + axis_.share(ratio) * plot_wide; }

  void draw_ticks(double y) {
    canvas_.text({4, y}, "seconds / median, logarithmic", "s");
    for (const double tick : axis_.ticks())
      canvas_.text({x_of(tick), y}, fmt::format("{:.3g}×", tick), "s", Anchor::middle);
  }

  void draw_box(const Box& box, double y) {
    const Record& record = *box.one.record;
    const std::string label = fmt::format("{} {} {}", subjects_[box.one.subject].label,
                                          record.identity.implementation, record.identity.problem);
    const auto x = [&](std::size_t quantile) { return x_of(box.seconds.at(quantile) / box.seconds[2]); };
    canvas_.open_block(y, row_height, {box.one.row});
    canvas_.text({plot_left - 10, 13}, cut(label, 70), "s", Anchor::end);
    std::string title;
    for (const double seconds : box.seconds) title += (title.empty() ? "" : " · ") + seconds_text(seconds);
    canvas_.open({}, title);
    canvas_.interval({x(0), x(4)}, 9);
    canvas_.box({x(1), 4}, std::max(1.5, x(3) - x(1)), 10, series_style('f', box.one.subject));
    canvas_.line({x(2), 3}, {x(2), 15}, "z");
    canvas_.close();
    canvas_.close();
  }

  Canvas& canvas_;
  const std::vector<Box>& boxes_;
  const std::vector<Subject>& subjects_;
  LogAxis axis_;
};

}  // namespace

Chart samples_chart(const Findings& findings) {
  Chart chart{"samples", "Samples relative to the median"};
  chart.page_blocks = 25;
  std::vector<Box> boxes = boxes_of(findings);
  if (boxes.empty()) {
    chart.remarks.emplace_back("No samples: nothing verified was timed.");
    return chart;
  }
  if (boxes.size() > most_cases) {
    chart.remarks.push_back(fmt::format(
        "The {} of {} cases whose samples spread most are drawn, the widest first; the table has all.",
        most_cases, boxes.size()));
    boxes.resize(most_cases);
  }
  Canvas canvas("samples-chart", chart_width, chart.title,
                fmt::format("Boxes from the 25 to the 75 % quantile, whiskers from 5 to 95 %, {} cases, the "
                            "widest spread first; the table below has the figures.",
                            boxes.size()));
  Drawing(canvas, boxes, findings.subjects).draw();
  chart.parts.push_back({std::move(canvas)});
  return chart;
}

}  // namespace moat
