// Performance portability of a report's own measurements: cascades and the points of the navigation chart.
// Pure; must not know how they are shown.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "reports/gap/subject.h"
#include "reports/portability/metrics.h"

namespace moat {

struct MeasuredPortability {
  std::vector<std::string> platforms;  // labels of the subjects with a rate to compare
  bool one_hardware = false;           // all of them are ways to one physical device
  std::size_t problems = 0;            // with a verified result on each platform: what the figures are over
  std::size_t measured_problems = 0;   // with a verified result on any
  std::vector<Cascade> cascades;
  std::vector<NavigationPoint> navigation;
};

/// Applications are the kinds of implementation (naive, portable, library), platforms the measured devices.
/// The efficiency is relative to the best rate on the same problem: of any platform if all are one physical
/// device, otherwise of the same platform. Only problems count that every platform has a verified result of,
/// by whatever implementation. Fewer than two platforms have no figures.
[[nodiscard]] MeasuredPortability measured_portability(std::span<const Subject> subjects);

}  // namespace moat
