// The legend of a chart: samples of marks and lines with what they mean. Must not know findings.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/svg/canvas.h"

namespace moat {

struct LegendEntry {
  std::string text;
  std::optional<Look> mark;  // a mark, or else
  std::string line;          // the classes of a line; neither: text alone
  Tags tags{};
};

/// In lines from `at` on, as many entries as the canvas is wide. Returns the y below.
double draw_legend(Canvas& canvas, Point at, const std::vector<LegendEntry>& entries);

}  // namespace moat
