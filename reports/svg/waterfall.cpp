// Waterfall of the factors: horizontal, in logarithms of 2, so that they add up.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/units.h"
#include "reports/findings/words.h"
#include "reports/format/grid.h"
#include "reports/svg/charts.h"

namespace moat {
namespace {

constexpr std::size_t most_gaps = 8;
constexpr std::size_t most_parts = 12;    // of one gap
constexpr std::size_t most_heading = 56;  // characters
constexpr double label_width = 122;
constexpr double plot_width = 210;
constexpr double chart_width = 616;
constexpr double row_height = 20;

struct Step {
  std::string name;
  Factor factor;
  bool is_total = false;
};

/// The most that the means can tell apart.
std::vector<Step> steps_of(const GapSummary& summary, std::string& about) {
  std::vector<Step> steps;
  const Means* means = nullptr;
  if (summary.both.problems > 0 && summary.both.total) {
    means = &summary.both;
    about = "library to portable kernel";
  } else if (summary.portable.problems > 0 && summary.portable.total) {
    means = &summary.portable;
    about = "library to portable kernel";
  } else if (summary.library.problems > 0 && summary.library.total) {
    means = &summary.library;
    about = "library to library";
  }
  if (means == nullptr) return steps;
  about += fmt::format(", {} problem{}", means->problems, means->problems == 1 ? "" : "s");
  if (means->hardware) steps.push_back({"hardware", *means->hardware});
  if (means->stack) steps.push_back({"stack", *means->stack});
  // What the two do together is what the others leave of the total.
  if (!means->hardware && means->portability && means->to_library)
    steps.push_back({"hardware × stack", *means->to_library});
  if (means->portability) steps.push_back({"portability", *means->portability});
  if (!means->stack && !means->portability && means->software)
    steps.push_back({"stack × portability", *means->software});
  steps.push_back({"total", *means->total, true});
  return steps;
}

struct Part {
  std::string heading;
  std::string about;
  std::vector<Step> steps;
  Tags tags;
};

/// The chip's where no other device has it, which reads better than a label and is as short.
std::string shown_name(const Findings& findings, const std::string& label) {
  const auto found = std::ranges::find(findings.overview.devices, label, &OverviewDevice::label);
  return found != findings.overview.devices.end() && found->name == found->chip ? found->chip : label;
}

std::vector<Part> parts_of(const Findings& findings) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < std::min(findings.gaps.size(), most_gaps); ++i) {
    const Gap& gap = findings.gaps[i];
    std::size_t count = 0;
    const auto operators = std::ranges::count(gap.summaries, GapScope::by_operator,
                                              [](const GapSummary& summary) { return summary.part.scope; });
    for (const GapSummary& summary : gap.summaries) {
      const bool is_operator = summary.part.scope == GapScope::by_operator;
      if (summary.part.scope != GapScope::all && !is_operator) continue;
      if (is_operator && operators == 1) continue;  // the same as all
      Part part;
      part.steps = steps_of(summary, part.about);
      if (part.steps.empty() || ++count > most_parts) continue;
      const std::string of = is_operator ? part_text(summary) : "all problems";
      part.heading = fmt::format("{} against {}, {}", shown_name(findings, gap.target),
                                 shown_name(findings, gap.reference), of);
      if (part.heading.size() > most_heading)
        part.heading = fmt::format("{} against {}, {}", gap.target, gap.reference, of);
      part.tags.device = gap.target;
      if (summary.part.scope == GapScope::by_operator) part.tags.operator_name = summary.part.operator_name;
      parts.push_back(std::move(part));
    }
  }
  return parts;
}

/// Logarithms of 2, kept where they can be drawn.
double logarithm(double value) {
  return std::clamp(value > 0 && std::isfinite(value) ? std::log2(value) : 0.0, -30.0, 30.0);
}

struct Range {
  double low = -1;
  double high = 1;
  void hold(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

/// Where a step begins: at the sum of those before it, a total at nothing.
Range range_of(const std::vector<Part>& parts) {
  Range range;
  for (const Part& part : parts) {
    double begin = 0;
    for (const Step& step : part.steps) {
      const double origin = step.is_total ? 0 : begin;
      for (const double end : {step.factor.low, step.factor.value, step.factor.high})
        range.hold(origin + logarithm(end));
      if (!step.is_total) begin += logarithm(step.factor.value);
    }
  }
  return {std::floor(range.low), std::ceil(range.high)};
}

std::string tick_text(double power) {
  return power >= 0 ? fmt::format("{:.0f}×", std::exp2(power)) : fmt::format("1/{:.0f}×", std::exp2(-power));
}

std::string step_style(const Step& step) {
  if (step.is_total) return "f5";
  if (step.name == "hardware") return "f0";
  return step.name == "portability" ? "f2" : "f1";
}

/// Draws into a canvas whose horizontal axis is `range`.
class Drawing {
 public:
  Drawing(Canvas& canvas, const Range& range) : canvas_(canvas), range_(range) {}

  void draw(const Part& part) {
    canvas_.text({4, 16}, cut(part.heading, most_heading), "h");
    canvas_.text({canvas_.width() - 4, 16}, part.about, "s", Anchor::end);
    double y = 26;
    draw_axis(y, y + row_height * static_cast<double>(part.steps.size()));
    double begin = 0;
    for (const Step& step : part.steps) {
      draw_step(step, step.is_total ? 0 : begin, y);
      if (!step.is_total) begin += logarithm(step.factor.value);
      y += row_height;
    }
    canvas_.text({label_width + plot_width / 2, y + 28}, "target / reference, logarithmic", "s",
                 Anchor::middle);
    canvas_.set_height(y + 36);
  }

 private:
  [[nodiscard]] double x_of(double power) const {
    return label_width + (power - range_.low) / (range_.high - range_.low) * plot_width;
  }

  /// Whole powers of 2 from one tick to the next, so many that neighbours' texts do not touch.
  [[nodiscard]] int powers_per_tick() const {
    constexpr double digit_width = 6;
    constexpr double space = 8;
    const std::size_t bytes = std::max(tick_text(range_.low).size(), tick_text(range_.high).size());
    const auto digits = static_cast<double>(bytes - 1);  // × is two bytes
    const double most_ticks = std::min(10.0, plot_width / (digit_width * digits + space));
    return std::max(1, static_cast<int>(std::ceil((range_.high - range_.low) / most_ticks)));
  }

  void draw_axis(double top, double bottom) {
    const int every = powers_per_tick();
    const int first = static_cast<int>(std::ceil(range_.low / every)) * every;  // so that 1× has a tick
    for (int power = first; power <= static_cast<int>(range_.high); power += every) {
      canvas_.line({x_of(power), top}, {x_of(power), bottom}, "g");
      canvas_.text({x_of(power), bottom + 13}, tick_text(power), "s", Anchor::middle);
    }
    canvas_.line({x_of(0), top}, {x_of(0), bottom}, "z");
  }

  void draw_step(const Step& step, double origin, double y) {
    const double begin = x_of(origin);
    const double end = x_of(origin + logarithm(step.factor.value));
    const std::string value =
        fmt::format("{}, log2 {:+.2f}", factor_text(step.factor), logarithm(step.factor.value));
    const std::string_view style = step.is_total ? "h" : "t";
    canvas_.text({label_width - 10, y + 14}, step.name, style, Anchor::end);
    canvas_.box({std::min(begin, end), y + 3}, std::max(1.5, std::fabs(end - begin)), row_height - 6,
                step_style(step), fmt::format("{}: {}", step.name, value));
    if (step.factor.low != step.factor.high) {
      canvas_.interval(
          {x_of(origin + logarithm(step.factor.low)), x_of(origin + logarithm(step.factor.high))},
          y + row_height / 2);
    }
    canvas_.text({label_width + plot_width + 14, y + 14}, value, style);
  }

  Canvas& canvas_;
  Range range_;
};

std::string description(const Part& part) {
  std::string made = fmt::format("Bars in logarithms of 2, {}:", part.about);
  for (const Step& step : part.steps) made += fmt::format(" {} {};", step.name, factor_text(step.factor));
  return made;
}

}  // namespace

Chart waterfall_chart(const Findings& findings) {
  Chart chart{"waterfall", "Waterfall of the factors"};
  chart.columns = 2;
  const std::vector<Part> parts = parts_of(findings);
  const Range range = range_of(parts);
  for (const Part& part : parts) {
    Canvas canvas(fmt::format("waterfall-{}", chart.parts.size()), chart_width, part.heading,
                  description(part));
    Drawing(canvas, range).draw(part);
    chart.parts.push_back({std::move(canvas), part.tags});
  }
  if (parts.empty())
    chart.remarks.emplace_back("No factors: there is no reference, or nothing that both sides computed.");
  if (findings.gaps.size() > most_gaps) {
    chart.remarks.push_back(fmt::format("The first {} of {} targets are drawn; the table has all.", most_gaps,
                                        findings.gaps.size()));
  }
  return chart;
}

}  // namespace moat
