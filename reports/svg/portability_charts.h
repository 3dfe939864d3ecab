// Cascades and the navigation chart of a report's own measurements. Pure; must not know how they are drawn.
#pragma once

#include "reports/findings/findings.h"
#include "reports/page/charts.h"

namespace moat {

/// Applications are the kinds of implementation (naive, portable, library), platforms the measured devices,
/// efficiency is of the best on the same problem and device's hardware. Over the problems that every device
/// has a verified result of, by whatever implementation. Empty, with a remark, for fewer than two devices or
/// no such problem.
[[nodiscard]] PortabilityCharts portability_charts(const Findings& findings);

}  // namespace moat
