// The three terms of the roofline and their largest.
#include "reports/gap/roofline.h"

#include <algorithm>
#include <array>

namespace moat {
namespace {

/// In the order of RoofKind.
std::array<double, 3> terms(const Roofline& roof, const Work& work, double launches) {
  return {work.operations / roof.operations_per_second, work.bytes() / roof.bytes_per_second,
          launches * roof.launch_seconds};
}

}  // namespace

double attainable_rate(const Roofline& roof, double intensity) {
  return std::min(roof.operations_per_second, intensity * roof.bytes_per_second);
}

double ridge_intensity(const Roofline& roof) {
  return roof.operations_per_second / roof.bytes_per_second;
}

double least_seconds(const Roofline& roof, const Work& work, double launches) {
  const auto seconds = terms(roof, work, launches);
  return *std::max_element(seconds.begin(), seconds.end());
}

double attainable_rate(const Roofline& roof, const Work& work, double launches) {
  return work.operations > 0 ? work.operations / least_seconds(roof, work, launches) : 0;
}

RoofKind binding_kind(const Roofline& roof, const Work& work, double launches) {
  const auto seconds = terms(roof, work, launches);
  return static_cast<RoofKind>(std::max_element(seconds.begin(), seconds.end()) - seconds.begin());
}

std::vector<RooflinePoint> roofline_points(const Roofline& roof, const Interval& intensities) {
  std::vector<RooflinePoint> points{{intensities.low, attainable_rate(roof, intensities.low)}};
  const double ridge = ridge_intensity(roof);
  if (ridge > intensities.low && ridge < intensities.high)
    points.push_back({ridge, roof.operations_per_second});
  points.push_back({intensities.high, attainable_rate(roof, intensities.high)});
  return points;
}

}  // namespace moat
