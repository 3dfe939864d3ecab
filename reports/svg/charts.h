// The main charts as pictures: in the page for everybody, alone for slides. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "reports/findings/findings.h"
#include "reports/svg/canvas.h"

namespace moat {

/// Factors of each gap in log2, overall and by operator, with intervals.
[[nodiscard]] Canvas waterfall_chart(const Findings& findings);
/// A panel for each input type: verified cases under datasheets' and measured roofs.
[[nodiscard]] Canvas roofline_chart(const Findings& findings);
/// Bars with intervals, implementations side by side; the first problems only.
[[nodiscard]] Canvas rates_chart(const Findings& findings);
[[nodiscard]] Canvas coverage_chart(const Findings& findings);

/// "waterfall", "roofline", "rates", "coverage".
[[nodiscard]] std::span<const std::string_view> chart_names();
/// An SVG file. Throws UsageError for an unknown name.
[[nodiscard]] std::string svg_chart(const Findings& findings, std::string_view name);

}  // namespace moat
