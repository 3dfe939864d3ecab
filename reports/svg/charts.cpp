// Charts by name, and as files.
#include "reports/svg/charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "reports/format/escape.h"
#include "reports/svg/style.h"

namespace moat {
namespace {

struct ListedChart {
  std::string_view name;
  Chart (*make)(const Findings&);
};
constexpr std::array listed_charts{
    ListedChart{"waterfall", waterfall_chart}, ListedChart{"roofline", roofline_chart},
    ListedChart{"rates", rates_chart},         ListedChart{"samples", samples_chart},
    ListedChart{"cascade", cascade_chart},     ListedChart{"navigation", navigation_chart},
    ListedChart{"coverage", coverage_chart}};

constexpr double margin = 12;
constexpr double part_gap = 20;

struct Size {
  double wide = 480;
  double high = 0;
};

/// Parts row by row, and the room they take.
Size place_parts(const Chart& chart, std::string& body) {
  Size size;
  double y = margin;
  if (chart.legend) {
    body += fmt::format("<g transform=\"translate({:g} {:g})\">\n{}</g>\n", margin, y, chart.legend->body());
    size.wide = chart.legend->width() + 2 * margin;
    y += chart.legend->height();
  }
  for (std::size_t i = 0; i < chart.parts.size(); i += chart.columns) {
    double x = margin;
    double high = 0;
    for (std::size_t j = i; j < std::min(i + chart.columns, chart.parts.size()); ++j) {
      const Canvas& part = chart.parts[j].canvas;
      body += fmt::format("<g transform=\"translate({:g} {:g})\">\n{}</g>\n", x, y, part.body());
      x += part.width() + part_gap;
      high = std::max(high, part.height());
    }
    size.wide = std::max(size.wide, x - part_gap + margin);
    y += high + part_gap;
  }
  size.high = y;
  return size;
}

}  // namespace

std::string svg_document(const Chart& chart) {
  std::string body;
  std::string about;
  Size size = place_parts(chart, body);
  for (const ChartPart& part : chart.parts)
    about += part.canvas.title() + ": " + part.canvas.description() + " ";
  for (const std::string& remark : chart.remarks) about += remark + " ";
  Canvas remarks("", size.wide, "", "");
  for (const std::string& remark : chart.remarks) {
    remarks.text({margin, size.high + 8}, cut(remark, static_cast<std::size_t>(size.wide / 6.4)), "m");
    size.high += 18;
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<!-- moat report -->\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" "
      "viewBox=\"0 0 {0:g} {1:g}\" width=\"{0:g}\" height=\"{1:g}\" "
      "role=\"img\" aria-labelledby=\"title\" aria-describedby=\"about\"><title id=\"title\">{2}</title>"
      "<desc id=\"about\">{3}</desc>\n<style>{4}</style>\n"
      "<rect class=\"p\" width=\"100%\" height=\"100%\"/>\n{5}{6}</svg>\n",
      size.wide, size.high, html_text(chart.title), html_text(about), chart_style(), body, remarks.body());
}

std::span<const std::string_view> chart_names() {
  static constexpr auto names = [] {
    std::array<std::string_view, listed_charts.size()> made{};
    std::ranges::transform(listed_charts, made.begin(), &ListedChart::name);
    return made;
  }();
  return names;
}

std::string svg_chart(const Findings& findings, std::string_view name) {
  const auto* found = std::ranges::find(listed_charts, name, &ListedChart::name);
  if (found != listed_charts.end()) return svg_document(found->make(findings));
  const std::vector<std::string> known(chart_names().begin(), chart_names().end());
  throw UsageError(fmt::format("no chart is named '{}'; there are {}.{}", name, join(known, ", "),
                               did_you_mean(name, known)));
}

}  // namespace moat
