// What the metrics of performance portability give a report to draw: cascades and the navigation chart of its
// own measurements. Must not know how they are drawn.
#pragma once

#include <string>
#include <vector>

#include "reports/findings/findings.h"

namespace moat {

struct PortabilityCharts {
  /// One application's (implementation's) efficiencies, best platform first, and PP over the platforms so
  /// far.
  struct Cascade {
    std::string name;
    std::vector<std::string> platforms;
    std::vector<double> efficiency;   // in [0, 1], of each platform
    std::vector<double> portability;  // PP of the platforms up to it, in [0, 1]
  };
  /// A point of the navigation chart.
  struct Navigation {
    std::string name;
    double portability = 0;  // PP, in [0, 1]
    double convergence = 0;  // 1 - code divergence, in [0, 1]
  };
  std::vector<Cascade> cascade;
  std::vector<Navigation> navigation;
  std::vector<std::string> remarks;  // what was counted, in words
};

/// Applications are the kinds of implementation (naive, portable, library), platforms the measured devices,
/// efficiency is of the best on the same problem and device's hardware. Over the problems that every device
/// has a verified result of, by whatever implementation. Empty, with a remark, for fewer than two devices or
/// no such problem.
[[nodiscard]] PortabilityCharts portability_charts(const Findings& findings);

}  // namespace moat
