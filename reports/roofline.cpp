// The three terms of the roofline and their largest.
#include "reports/roofline.h"

#include <algorithm>

namespace moat {
namespace {

constexpr std::array<std::string_view, 3> bound_names{"arithmetic", "memory", "launch"};

/// In the order of Bound.
std::array<double, 3> terms(const Roofline& roof, const RooflineWork& work) {
  return {work.operations / roof.operations_per_second, work.bytes / roof.bytes_per_second,
          work.launches * roof.launch_seconds};
}

}  // namespace

std::string_view name(Bound bound) {
  return bound_names.at(static_cast<std::size_t>(bound));
}

double attainable_rate(const Roofline& roof, double intensity) {
  return std::min(roof.operations_per_second, intensity * roof.bytes_per_second);
}

double ridge_intensity(const Roofline& roof) {
  return roof.operations_per_second / roof.bytes_per_second;
}

double least_seconds(const Roofline& roof, const RooflineWork& work) {
  const auto seconds = terms(roof, work);
  return *std::max_element(seconds.begin(), seconds.end());
}

double attainable_rate(const Roofline& roof, const RooflineWork& work) {
  return work.operations > 0 ? work.operations / least_seconds(roof, work) : 0;
}

Bound bound_of(const Roofline& roof, const RooflineWork& work) {
  const auto seconds = terms(roof, work);
  return static_cast<Bound>(std::max_element(seconds.begin(), seconds.end()) - seconds.begin());
}

RooflineBetween roofline_between(const Interval& operations_per_second, const Interval& bytes_per_second,
                                 const Interval& launch_seconds) {
  return {{operations_per_second.low, bytes_per_second.low, launch_seconds.high},
          {operations_per_second.high, bytes_per_second.high, launch_seconds.low}};
}

Interval attainable_rate(const RooflineBetween& roof, double intensity) {
  return {attainable_rate(roof.low, intensity), attainable_rate(roof.high, intensity)};
}

Interval attainable_rate(const RooflineBetween& roof, const RooflineWork& work) {
  return {attainable_rate(roof.low, work), attainable_rate(roof.high, work)};
}

Interval ridge_intensity(const RooflineBetween& roof) {
  return {roof.low.operations_per_second / roof.high.bytes_per_second,
          roof.high.operations_per_second / roof.low.bytes_per_second};
}

std::vector<Bound> possible_bounds(const RooflineBetween& roof, const RooflineWork& work) {
  // A term may be the largest if it can reach what the others cannot fall below.
  const auto most = terms(roof.low, work);
  const double least = least_seconds(roof.high, work);
  std::vector<Bound> bounds;
  for (std::size_t i = 0; i < most.size(); ++i) {
    if (most.at(i) >= least) bounds.push_back(static_cast<Bound>(i));
  }
  return bounds;
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
