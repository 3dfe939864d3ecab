// What the metrics of performance portability give a report to draw. Filled by whoever computes them; empty
// where nobody did. Must not know how they are computed or drawn.
#pragma once

#include <string>
#include <vector>

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

}  // namespace moat
