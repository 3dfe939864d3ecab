// The charts of a report as pictures: the same ones in the page and alone for slides. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/findings/findings.h"
#include "reports/svg/canvas.h"

namespace moat {

/// A picture of a chart and what the page's filters hide all of it by.
struct ChartPart {
  Canvas canvas;
  Tags tags{};
};

/// One or more pictures under one name. No parts: there is nothing to draw, and `remarks` say why.
struct Chart {
  std::string name;                // "roofline"
  std::string title;               // "Roofline"
  std::optional<Canvas> legend{};  // of all parts, above them
  std::vector<ChartPart> parts{};
  std::size_t columns = 1;  // of parts, where there is room
  /// Blocks of a part that the page's script shows at once; 0: all of them, always.
  std::size_t page_blocks = 0;
  /// Blocks stand in the order of the table of cases, so that sorting it sorts them.
  bool follows_table = false;
  std::vector<std::string> remarks{};  // what is left out
};

/// Factors of each gap in logarithms of 2, overall and by operator, with intervals: a part for each.
[[nodiscard]] Chart waterfall_chart(const Findings& findings);
/// A legend, and a part for each input type: verified cases under datasheets' and measured roofs. At most 400
/// points in each, of the first six devices.
[[nodiscard]] Chart roofline_chart(const Findings& findings);
/// A part for each operator: problem by problem a line for each device, a mark for each implementation with
/// its interval, on one logarithmic axis of ratios to the reference's library on the problem (to the best
/// where it has none). At most about 2,000 marks together.
[[nodiscard]] Chart rates_chart(const Findings& findings);
/// Boxes of samples relative to the case's median: the 100 cases with the widest spread, widest first.
[[nodiscard]] Chart samples_chart(const Findings& findings);
/// Efficiencies from the best platform to the worst, and PP up to each.
[[nodiscard]] Chart cascade_chart(const Findings& findings);
/// PP against code convergence.
[[nodiscard]] Chart navigation_chart(const Findings& findings);
/// The matrix of coverage; in the page a table says it.
[[nodiscard]] Chart coverage_chart(const Findings& findings);

/// An SVG file with all parts of a chart, in light colours.
[[nodiscard]] std::string svg_document(const Chart& chart);

/// "waterfall", "roofline", "rates", "samples", "cascade", "navigation", "coverage".
[[nodiscard]] std::span<const std::string_view> chart_names();
/// An SVG file. Throws UsageError for an unknown name.
[[nodiscard]] std::string svg_chart(const Findings& findings, std::string_view name);

}  // namespace moat
