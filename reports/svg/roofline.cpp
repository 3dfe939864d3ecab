// Roofline (Williams, Waterman, Patterson, CACM 52(4), 2009): one panel for each input type.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/units.h"
#include "reports/gap/roofline.h"
#include "reports/svg/axis.h"
#include "reports/svg/chart_cases.h"
#include "reports/svg/charts.h"
#include "reports/svg/legend.h"

namespace moat {
namespace {

constexpr double panel_width = 560;
constexpr double panel_height = 380;
constexpr double left_margin = 60;
constexpr double top_margin = 26;
constexpr double plot_wide = panel_width - left_margin - 16;
constexpr double plot_high = panel_height - top_margin - 42;
constexpr std::size_t most_points = 400;  // of a panel
constexpr std::size_t most_subjects = 6;  // that have marks of their own

struct RoofCurve {
  std::size_t subject = 0;
  bool measured = false;
  Factor peak, bandwidth;
};

struct Panel {
  Type type = Type::f32;
  std::vector<ChartCase> dots;
  std::vector<RoofCurve> roofs;
};

double intensity(const ChartCase& dot) {
  return dot.record->work.operations / dot.record->work.bytes();
}

void add_roofs(Panel& panel, const std::optional<Roofs>& roofs, std::size_t subject) {
  const Roof* arithmetic = roofs ? roofs->arithmetic(panel.type) : nullptr;
  const Roof* memory = roofs ? roofs->memory() : nullptr;
  if (arithmetic == nullptr || memory == nullptr) return;
  panel.roofs.push_back({subject, roofs->basis == RoofBasis::measured, arithmetic->rate, memory->rate});
}

std::vector<Panel> panels_of(const Findings& findings) {
  std::map<Type, Panel> panels;
  for (const ChartCase& one : chart_cases(findings)) {
    const Record& record = *one.record;
    if (one.subject >= most_subjects || record.work.operations <= 0 || record.work.bytes() <= 0 ||
        !one.figures.operations_per_second)
      continue;
    if (record.operator_name == "peak") continue;  // it gives a roof
    Panel& panel = panels[record.types.input];
    panel.type = record.types.input;
    panel.dots.push_back(one);
  }
  std::vector<Panel> made;
  for (auto& [type, panel] : panels) {
    for (std::size_t subject = 0; subject < std::min(findings.subjects.size(), most_subjects); ++subject) {
      const KnownRoofs* roofs = roofs_of(findings, subject);
      if (roofs == nullptr) continue;
      add_roofs(panel, roofs->datasheet, subject);
      add_roofs(panel, roofs->measured, subject);
    }
    made.push_back(std::move(panel));
  }
  return made;
}

/// A device has one colour and one form.
Look look_of(std::size_t subject, bool filled = true) {
  return {subject, subject, filled};
}

class Drawing {
 public:
  Drawing(Canvas& canvas, const Panel& panel, const std::vector<Subject>& subjects)
      : canvas_(canvas), panel_(panel), subjects_(subjects) {
    for (const ChartCase& dot : panel.dots) {
      x_.hold(intensity(dot));
      y_.hold(*dot.figures.operations_per_second);
    }
    for (const RoofCurve& roofs : panel.roofs) {
      x_.hold(roofs.peak.value / roofs.bandwidth.value * 1.5);  // so that the flat part is seen
      y_.hold(roofs.peak.high);
    }
    x_.round(9);
    y_.round(9);
  }

  void draw() {
    draw_axes();
    for (const RoofCurve& roofs : panel_.roofs) draw_roofs(roofs);
    for (const ChartCase& dot : spread(panel_.dots, most_points)) draw_dot(dot);
    label_peaks();
    canvas_.set_height(panel_height);
  }

 private:
  [[nodiscard]] std::string_view base() const { return is_floating(panel_.type) ? "FLOP/s" : "OP/s"; }

  [[nodiscard]] Point at(double intensity, double rate) const {
    return {left_margin + x_.share(intensity) * plot_wide, top_margin + (1 - y_.share(rate)) * plot_high};
  }

  void draw_axes() {
    const double bottom = top_margin + plot_high;
    canvas_.text({left_margin, 16}, fmt::format("{} inputs", name(panel_.type)), "h");
    canvas_.text({4, 16}, base(), "s");
    std::vector<std::pair<Point, Point>> grid;
    for (const double tick : x_.ticks()) {
      const double x = at(tick, 1).x;
      grid.push_back({{x, top_margin}, {x, bottom}});
      canvas_.text({x, bottom + 15}, fmt::format("{:g}", tick), "s", Anchor::middle);
    }
    for (const double tick : y_.ticks()) {
      const double y = at(1, tick).y;
      grid.push_back({{left_margin, y}, {left_margin + plot_wide, y}});
      canvas_.text({left_margin - 6, y + 4}, tick_text(tick), "s", Anchor::end);
    }
    canvas_.lines(grid, "g");
    canvas_.text({left_margin + plot_wide / 2, bottom + 33}, "operations per compulsory byte (op/B)", "s",
                 Anchor::middle);
  }

  void draw_dot(const ChartCase& dot) {
    const Record& record = *dot.record;
    const double rate = *dot.figures.operations_per_second;
    canvas_.open({dot.row}, fmt::format("{} {} {}: {} at {:.3g} op/B{}", subjects_[dot.subject].label,
                                        record.identity.implementation, record.identity.problem,
                                        quantity_text(rate, base()), intensity(dot), launch_words(dot)));
    canvas_.mark(at(intensity(dot), rate), look_of(dot.subject, !dot.bound_by_launch));
    canvas_.close();
  }

  /// The roofline from where its slope enters the panel from below to the right edge.
  [[nodiscard]] std::vector<Point> line_of(double peak, double bandwidth) const {
    const Roofline roof{peak, bandwidth};
    const double ridge = std::clamp(ridge_intensity(roof), x_.low(), x_.high());
    const double enter = std::clamp(y_.low() / bandwidth, x_.low(), ridge);
    std::vector<Point> points;
    for (const RooflinePoint& point : roofline_points(roof, {enter, x_.high()})) {
      points.push_back(at(point.intensity, point.operations_per_second));
    }
    return points;
  }

  void draw_roofs(const RoofCurve& roofs) {
    const std::string& label = subjects_[roofs.subject].label;
    canvas_.open(
        {std::nullopt, label},
        fmt::format("{}, {} roofs: {} and {}", label, roofs.measured ? "measured" : "datasheet's",
                    quantity_text(roofs.peak.value, base()), quantity_text(roofs.bandwidth.value, "B/s")));
    if (roofs.peak.low != roofs.peak.high || roofs.bandwidth.low != roofs.bandwidth.high) {
      std::vector<Point> band = line_of(roofs.peak.high, roofs.bandwidth.high);
      const std::vector<Point> below = line_of(roofs.peak.low, roofs.bandwidth.low);
      band.insert(band.end(), below.rbegin(), below.rend());
      canvas_.shape(band, "b " + series_style('f', roofs.subject), true);
    }
    canvas_.shape(line_of(roofs.peak.value, roofs.bandwidth.value),
                  (roofs.measured ? "r " : "d ") + series_style('k', roofs.subject), false);
    canvas_.close();
  }

  /// At the right end above the flat parts, where no other label stands.
  void label_peaks() {
    std::vector<double> taken;
    for (const RoofCurve& roofs : panel_.roofs) {
      const double y = at(1, roofs.peak.value).y - 5;
      if (std::ranges::any_of(taken, [y](double other) { return std::fabs(other - y) < 12; })) continue;
      taken.push_back(y);
      canvas_.open({std::nullopt, subjects_[roofs.subject].label});
      canvas_.text(
          {left_margin + plot_wide - 3, y},
          cut(fmt::format("{} {}", subjects_[roofs.subject].label, quantity_text(roofs.peak.value, base())),
              40),
          "s l", Anchor::end);
      canvas_.close();
    }
  }

  Canvas& canvas_;
  const Panel& panel_;
  const std::vector<Subject>& subjects_;
  LogAxis x_, y_;
};

Canvas legend_of(const Findings& findings, const std::vector<Panel>& panels) {
  std::vector<LegendEntry> entries;
  for (std::size_t subject = 0; subject < std::min(findings.subjects.size(), most_subjects); ++subject) {
    const Subject& one = findings.subjects[subject];
    const bool says_more = !one.device.name.empty() && one.device.name != one.label;
    entries.push_back({says_more ? fmt::format("{} – {}", one.label, one.device.name) : one.label,
                       look_of(subject), "", Tags{std::nullopt, one.label}});
  }
  bool any_launch = false, any_measured = false, any_datasheet = false;
  for (const Panel& panel : panels) {
    for (const ChartCase& dot : panel.dots) any_launch = any_launch || dot.bound_by_launch;
    for (const RoofCurve& roofs : panel.roofs) (roofs.measured ? any_measured : any_datasheet) = true;
  }
  if (any_measured) entries.push_back({"measured roof", std::nullopt, "r k5"});
  if (any_datasheet) entries.push_back({"datasheet's roof, shaded between its ends", std::nullopt, "d k5"});
  if (any_launch)
    entries.push_back(
        {"hollow: limited by launch latency; the roofline does not apply", Look{5, 0, false}, ""});
  Canvas canvas(
      "roofline-legend", 2 * panel_width + 20, "Legend of the roofline",
      "A form and a colour for each device; solid lines are measured roofs, dashed ones datasheets'.");
  canvas.set_height(draw_legend(canvas, {4, 4}, entries));
  return canvas;
}

}  // namespace

Chart roofline_chart(const Findings& findings) {
  Chart chart{"roofline", "Roofline"};
  chart.columns = 2;
  const std::vector<Panel> panels = panels_of(findings);
  if (panels.empty()) {
    chart.remarks.emplace_back("No verified case that does arithmetic.");
    return chart;
  }
  for (const Panel& panel : panels) {
    const std::string about = fmt::format(
        "Verified cases of {} inputs by operations per byte and rate, under the devices' roofs: {} cases, {} "
        "roofs. The table of all cases has the figures.",
        name(panel.type), panel.dots.size(), panel.roofs.size());
    Canvas canvas(fmt::format("roofline-{}", name(panel.type)), panel_width,
                  fmt::format("Roofline, {} inputs", name(panel.type)), about);
    Drawing(canvas, panel, findings.subjects).draw();
    chart.parts.push_back({std::move(canvas), Tags{std::nullopt, "", "", std::string(name(panel.type))}});
    if (panel.dots.size() > most_points) {
      chart.remarks.push_back(fmt::format("{} inputs: {} of {} cases are drawn, evenly chosen.",
                                          name(panel.type), most_points, panel.dots.size()));
    }
  }
  chart.legend = legend_of(findings, panels);
  if (findings.subjects.size() > most_subjects) {
    chart.remarks.push_back(fmt::format("The first {} of {} devices are drawn; the table has all.",
                                        most_subjects, findings.subjects.size()));
  }
  return chart;
}

}  // namespace moat
