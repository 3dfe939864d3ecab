// The cascade (Sewall, Pennycook, Jacobsen, Deakin, McIntosh-Smith: "Interpreting and Visualizing Performance
// Portability Metrics", P3HPC 2020) and the navigation chart ("Navigating Performance, Portability, and
// Productivity", 2021) as pictures.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/svg/charts.h"
#include "reports/svg/legend.h"

namespace moat {
namespace {

constexpr double chart_width = 560;
constexpr double plot_left = 56;
constexpr double plot_wide = chart_width - plot_left - 20;
constexpr double plot_high = 270;
constexpr std::size_t most_series = 10;
constexpr std::size_t most_points = 40;

/// A line at each fifth of [0, 1], written in percent.
void draw_share_axis(Canvas& canvas, double top, std::string_view title) {
  for (int i = 0; i <= 5; ++i) {
    const double y = top + plot_high * (1 - i / 5.0);
    canvas.line({plot_left, y}, {plot_left + plot_wide, y}, "g");
    canvas.text({plot_left - 6, y + 4}, fmt::format("{} %", i * 20), "s", Anchor::end);
  }
  canvas.text({4, top - 10}, title, "s");
}

Look look_of(std::size_t series) {
  return {series, series, true};
}

class CascadeDrawing {
 public:
  CascadeDrawing(Canvas& canvas, const std::vector<Cascade>& series) : canvas_(canvas), series_(series) {
    for (const Cascade& one : series) platforms_ = std::max(platforms_, one.steps.size());
  }

  void draw() {
    std::vector<LegendEntry> entries;
    for (std::size_t i = 0; i < series_.size(); ++i)
      entries.push_back({cut(series_[i].application, 40), look_of(i), ""});
    entries.push_back({"efficiency", std::nullopt, "r k5"});
    entries.push_back({"PP up to here", std::nullopt, "d k5"});
    top_ = draw_legend(canvas_, {4, 4}, entries) + 24;
    draw_share_axis(canvas_, top_, "efficiency, PP");
    const std::size_t every = (platforms_ + 15) / 16;
    for (std::size_t rank = 0; rank < platforms_; rank += every)
      canvas_.text({x_of(rank), top_ + plot_high + 16}, fmt::format("{}", rank + 1), "s", Anchor::middle);
    canvas_.text({plot_left + plot_wide / 2, top_ + plot_high + 34}, "rank of the platform, best first", "s",
                 Anchor::middle);
    for (std::size_t i = 0; i < series_.size(); ++i) draw_series(i);
    canvas_.set_height(top_ + plot_high + 42);
  }

 private:
  [[nodiscard]] double x_of(std::size_t rank) const {
    if (platforms_ < 2) return plot_left + plot_wide / 2;
    return plot_left + 12 +
           (plot_wide - 24) * static_cast<double>(rank) / static_cast<double>(platforms_ - 1);
  }
  [[nodiscard]] double y_of(double share) const {
    return top_ + plot_high * (1 - (std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0));
  }

  void draw_line(const Cascade& cascade, double CascadeStep::*share, const std::string& style) {
    std::vector<Point> points;
    for (const CascadeStep& step : cascade.steps) points.push_back({x_of(points.size()), y_of(step.*share)});
    canvas_.shape(points, style, false);
  }

  void draw_series(std::size_t i) {
    const Cascade& one = series_[i];
    draw_line(one, &CascadeStep::pp, "d " + series_style('k', i));
    draw_line(one, &CascadeStep::efficiency, "r " + series_style('k', i));
    for (std::size_t rank = 0; rank < one.steps.size(); ++rank) {
      const CascadeStep& step = one.steps[rank];
      canvas_.open({}, fmt::format("{} on {}: efficiency {:.1f} %, PP up to here {:.1f} %", one.application,
                                   step.platform, step.efficiency * 100, step.pp * 100));
      canvas_.mark({x_of(rank), y_of(step.efficiency)}, look_of(i));
      canvas_.close();
    }
  }

  Canvas& canvas_;
  const std::vector<Cascade>& series_;
  std::size_t platforms_ = 0;
  double top_ = 0;
};

}  // namespace

Chart cascade_chart(const Findings& findings) {
  Chart chart{"cascade", "Cascade"};
  std::vector<Cascade> series = findings.portability.cascades;
  if (series.empty()) {
    chart.remarks.emplace_back("No cascade: it needs measured results of two devices or more.");
    return chart;
  }
  if (series.size() > most_series) {
    chart.remarks.push_back(fmt::format("The first {} of {} implementations are drawn; the table has all.",
                                        most_series, series.size()));
    series.resize(most_series);
  }
  Canvas canvas("cascade-chart", chart_width, chart.title,
                "Efficiency from the best platform to the worst, dashed the performance portability so far; "
                "the table below has the figures.");
  CascadeDrawing(canvas, series).draw();
  chart.parts.push_back({std::move(canvas)});
  return chart;
}

Chart navigation_chart(const Findings& findings) {
  Chart chart{"navigation", "Navigation chart"};
  const std::vector<NavigationPoint>& points = findings.portability.navigation;
  if (points.empty()) {
    chart.remarks.emplace_back("No navigation chart: no implementation has both PP and known sources.");
    return chart;
  }
  Canvas canvas("navigation-chart", chart_width, chart.title,
                "Performance portability against code convergence; up and to the right is better; the table "
                "below has the figures.");
  constexpr double top = 32;
  draw_share_axis(canvas, top, "performance portability (PP)");
  for (int i = 0; i <= 5; ++i) {
    const double x = plot_left + plot_wide * i / 5.0;
    canvas.line({x, top}, {x, top + plot_high}, "g");
    canvas.text({x, top + plot_high + 16}, fmt::format("{} %", i * 20), "s", Anchor::middle);
  }
  canvas.text({plot_left + plot_wide / 2, top + plot_high + 34}, "code convergence", "s", Anchor::middle);
  std::vector<Point> labels;
  for (std::size_t i = 0; i < std::min(points.size(), most_points); ++i) {
    const Point at{plot_left + std::clamp(points[i].convergence, 0.0, 1.0) * plot_wide,
                   top + (1 - std::clamp(points[i].pp, 0.0, 1.0)) * plot_high};
    const bool left = at.x > plot_left + plot_wide * 0.7;
    Point label{at.x + (left ? -9 : 9), at.y - 6};
    // Below those that it would cover.
    while (std::ranges::any_of(labels, [&](Point other) {
      return std::fabs(other.y - label.y) < 13 && std::fabs(other.x - label.x) < 160;
    }))
      label.y += 13;
    labels.push_back(label);
    canvas.open({}, fmt::format("{}: PP {:.1f} %, convergence {:.1f} %", points[i].application,
                                points[i].pp * 100, points[i].convergence * 100));
    canvas.mark(at, look_of(i));
    canvas.close();
    canvas.text(label, cut(points[i].application, 24), "t", left ? Anchor::end : Anchor::start);
  }
  if (points.size() > most_points) {
    chart.remarks.push_back(fmt::format("The first {} of {} implementations are drawn; the table has all.",
                                        most_points, points.size()));
  }
  canvas.set_height(top + plot_high + 42);
  chart.parts.push_back({std::move(canvas)});
  return chart;
}

}  // namespace moat
