// Roofline (Williams, Waterman, Patterson, CACM 52(4), 2009): one panel for each input type.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/units.h"
#include "reports/gap/roofline.h"
#include "reports/svg/charts.h"
#include "results/figures.h"

namespace moat {
namespace {

constexpr double panel_width = 422;
constexpr double panel_height = 290;
constexpr double left_margin = 66;
constexpr double top_margin = 26;
constexpr double plot_wide = panel_width - left_margin - 22;
constexpr double plot_high = panel_height - top_margin - 42;
constexpr std::size_t most_points = 400;  // of a panel
constexpr std::size_t most_subjects = 6;  // that have marks of their own

struct Dot {
  double intensity = 0;
  double rate = 0;
  std::size_t series = 0;
  const Record* record = nullptr;
  bool bound_by_launch = false;
};

struct RoofCurve {
  std::size_t series = 0;
  bool measured = false;
  Factor peak, bandwidth;
};

struct Panel {
  Type type = Type::f32;
  std::vector<Dot> dots;
  std::vector<RoofCurve> roofs;
  std::size_t left_out = 0;
};

void add_roofs(Panel& panel, const std::optional<Roofs>& roofs, std::size_t series) {
  const Roof* arithmetic = roofs ? roofs->arithmetic(panel.type) : nullptr;
  const Roof* memory = roofs ? roofs->memory() : nullptr;
  if (arithmetic == nullptr || memory == nullptr) return;
  panel.roofs.push_back({series, roofs->basis == RoofBasis::measured, arithmetic->rate, memory->rate});
}

/// By the measured roofs, or without them by those of the datasheet.
bool is_bound_by_launch(const Record& record, const std::optional<Roofs>& roofs) {
  if (!roofs) return false;
  const std::optional<Bound> bound = bound_of(*roofs, record.work, record.types);
  return bound && bound->kind == RoofKind::launch;
}

std::vector<Panel> panels_of(const Findings& findings) {
  std::map<Type, Panel> panels;
  for (std::size_t series = 0; series < std::min(findings.subjects.size(), most_subjects); ++series) {
    const KnownRoofs known = series < findings.roofs.size() ? findings.roofs[series] : KnownRoofs{};
    std::optional<Roofs> roofs;
    for (const RoofBasis basis : {RoofBasis::measured, RoofBasis::datasheet}) {
      if (!roofs) roofs = roofs_with_launch(known, basis);
    }
    for (const Record& record : findings.subjects[series].records) {
      const Figures derived = figures(record);
      if (record.work.operations <= 0 || record.work.bytes() <= 0 || !derived.operations_per_second) continue;
      if (record.operator_name == "peak") continue;  // it gives a roof
      Panel& panel = panels[record.types.input];
      panel.type = record.types.input;
      if (panel.dots.size() >= most_points) {
        ++panel.left_out;
        continue;
      }
      panel.dots.push_back({record.work.operations / record.work.bytes(), *derived.operations_per_second,
                            series, &record, is_bound_by_launch(record, roofs)});
    }
  }
  std::vector<Panel> made;
  for (auto& [type, panel] : panels) {
    for (std::size_t series = 0; series < std::min(findings.roofs.size(), most_subjects); ++series) {
      add_roofs(panel, findings.roofs[series].datasheet, series);
      add_roofs(panel, findings.roofs[series].measured, series);
    }
    made.push_back(std::move(panel));
  }
  return made;
}

/// Powers of ten that hold what is drawn.
struct Axis {
  double low = 0;
  double high = 1;
  bool is_set = false;
  void hold(double value) {
    if (!(value > 0) || !std::isfinite(value)) return;
    const double power = std::clamp(std::log10(value), -12.0, 24.0);
    low = is_set ? std::min(low, power) : power;
    high = is_set ? std::max(high, power) : power;
    is_set = true;
  }
  void round() {
    low = std::floor(low);
    high = std::max(std::ceil(high), low + 1);
  }
};

class Drawing {
 public:
  Drawing(Canvas& canvas, const Panel& panel, Point corner)
      : canvas_(canvas), panel_(panel), corner_(corner) {
    for (const Dot& dot : panel.dots) {
      x_.hold(dot.intensity);
      y_.hold(dot.rate);
    }
    for (const Roofs& roofs : panel.roofs) {
      x_.hold(roofs.peak.value / roofs.bandwidth.value);
      y_.hold(roofs.peak.high);
    }
    x_.round();
    y_.round();
  }

  void draw(const std::vector<Subject>& subjects) {
    draw_axes();
    for (const Roofs& roofs : panel_.roofs) draw_roofs(roofs);
    for (const Dot& dot : panel_.dots) {
      const Record& record = *dot.record;
      canvas_.mark(at(dot.intensity, dot.rate), dot.series,
                   fmt::format("{} {} {}: {}{}", subjects[dot.series].label, record.identity.implementation,
                               record.identity.problem, quantity_text(dot.rate, base()),
                               dot.bound_by_launch ? ", bound by its launch" : ""),
                   !dot.bound_by_launch);
    }
  }

 private:
  [[nodiscard]] std::string_view base() const { return is_floating(panel_.type) ? "FLOP/s" : "OP/s"; }

  [[nodiscard]] Point at(double intensity, double rate) const {
    const auto share = [](const Axis& axis, double value) {
      return (std::log10(value) - axis.low) / (axis.high - axis.low);
    };
    return {corner_.x + left_margin + std::clamp(share(x_, intensity), 0.0, 1.0) * plot_wide,
            corner_.y + top_margin + (1 - std::clamp(share(y_, rate), 0.0, 1.0)) * plot_high};
  }

  void draw_axes() {
    const double bottom = corner_.y + top_margin + plot_high;
    canvas_.text({corner_.x + left_margin, corner_.y + 16}, fmt::format("{} inputs", name(panel_.type)), "h");
    for (double power = x_.low; power <= x_.high; ++power) {
      const Point place = at(std::pow(10, power), std::pow(10, y_.low));
      canvas_.line({place.x, corner_.y + top_margin}, {place.x, bottom}, "g");
      canvas_.text({place.x, bottom + 15}, fmt::format("{:g}", std::pow(10, power)), "s", Anchor::middle);
    }
    for (double power = y_.low; power <= y_.high; ++power) {
      const Point place = at(std::pow(10, x_.low), std::pow(10, power));
      const Unit unit = decimal_unit(std::pow(10, power), base());
      canvas_.line({corner_.x + left_margin, place.y}, {corner_.x + left_margin + plot_wide, place.y}, "g");
      canvas_.text({corner_.x + left_margin - 6, place.y + 4},
                   fmt::format("{:.0f} {}", std::pow(10, power) / unit.factor,
                               unit.name.substr(0, unit.name.size() - base().size())),
                   "s", Anchor::end);
    }
    canvas_.text({corner_.x + left_margin + plot_wide / 2, bottom + 31}, "operations per compulsory byte",
                 "s", Anchor::middle);
    canvas_.text({corner_.x + left_margin + plot_wide, corner_.y + 16}, base(), "s", Anchor::end);
  }

  /// The roofline from where its slope enters the panel from below to the right edge.
  [[nodiscard]] std::vector<Point> line_of(double peak, double bandwidth) const {
    const Roofline roof{peak, bandwidth};
    const double first = std::pow(10, x_.low);
    const double last = std::pow(10, x_.high);
    const double ridge = std::clamp(ridge_intensity(roof), first, last);
    const double enter = std::clamp(std::pow(10, y_.low) / bandwidth, first, ridge);
    std::vector<Point> points;
    for (const RooflinePoint& point : roofline_points(roof, {enter, last})) {
      points.push_back(at(point.intensity, point.operations_per_second));
    }
    return points;
  }

  void draw_roofs(const RoofCurve& roofs) {
    const std::string stroke = series_style('k', roofs.series);
    if (roofs.peak.low != roofs.peak.high || roofs.bandwidth.low != roofs.bandwidth.high) {
      std::vector<Point> band = line_of(roofs.peak.high, roofs.bandwidth.high);
      const std::vector<Point> below = line_of(roofs.peak.low, roofs.bandwidth.low);
      band.insert(band.end(), below.rbegin(), below.rend());
      canvas_.shape(band, "b " + series_style('f', roofs.series), true);
    }
    canvas_.shape(line_of(roofs.peak.value, roofs.bandwidth.value), (roofs.measured ? "r " : "d ") + stroke,
                  false);
  }

  Canvas& canvas_;
  const Panel& panel_;
  Point corner_;
  Axis x_, y_;
};

double draw_legend(Canvas& canvas, const Findings& findings, double y) {
  for (std::size_t series = 0; series < std::min(findings.subjects.size(), most_subjects); ++series) {
    canvas.mark({14, y - 4}, series);
    canvas.text({26, y}, cut(fmt::format("{} – {}", findings.subjects[series].label,
                                         findings.subjects[series].device.name),
                             100));
    y += 18;
  }
  canvas.shape({{4, y - 4}, {34, y - 4}}, "r k5", false);
  canvas.text({40, y}, "measured roof", "s");
  canvas.shape({{144, y - 4}, {174, y - 4}}, "d k5", false);
  canvas.text({180, y}, "datasheet's roof, shaded between its ends", "s");
  canvas.mark({450, y - 4}, 0, "", false);
  canvas.text({462, y}, "hollow: limited by launch latency", "s");
  if (findings.subjects.size() > most_subjects) {
    y += 18;
    canvas.text({4, y},
                fmt::format("The first {} of {} devices; the table has all.", most_subjects,
                            findings.subjects.size()),
                "m");
  }
  return y + 14;
}

}  // namespace

Canvas roofline_chart(const Findings& findings) {
  const std::vector<Panel> panels = panels_of(findings);
  std::string about = "Verified cases by operations per byte and rate, under the devices' roofs. Panels:";
  for (const Panel& panel : panels) {
    about += fmt::format(" {} with {} cases and {} roofs;", name(panel.type), panel.dots.size(),
                         panel.roofs.size());
  }
  Canvas canvas("roofline", 2 * panel_width + 16, "Roofline", about);
  if (panels.empty()) {
    canvas.text({10, 24}, "No verified case that does arithmetic.", "m");
    canvas.set_height(40);
    return canvas;
  }
  double y = 0;
  for (std::size_t i = 0; i < panels.size(); ++i) {
    Drawing(canvas, panels[i], {i % 2 == 0 ? 0 : panel_width + 16, y}).draw(findings.subjects);
    if (panels[i].left_out > 0) {
      canvas.text({(i % 2 == 0 ? 0 : panel_width + 16) + panel_width - 12, y + panel_height - 42},
                  fmt::format("{} more cases are not drawn", panels[i].left_out), "s", Anchor::end);
    }
    if (i % 2 == 1 || i + 1 == panels.size()) y += panel_height;
  }
  canvas.set_height(draw_legend(canvas, findings, y + 18));
  return canvas;
}

}  // namespace moat
