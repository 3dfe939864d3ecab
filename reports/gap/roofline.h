// The roofline model with a launch term: what bounds a problem and how fast it can be at best. Pure functions
// of numbers; must not know records, devices or where a roof comes from.
#pragma once

#include <vector>

#include "base/statistics.h"
#include "kernels/operator.h"
#include "results/roof.h"

namespace moat {

/// What a device can do at best.
struct Roofline {
  double operations_per_second = 0;  // above 0
  double bytes_per_second = 0;       // above 0
  double launch_seconds = 0;         // least time of one launch, 0 where it is not known
};

/// P = min(peak, intensity × bandwidth), in operations per second at `intensity` operations per byte
/// (Williams, Waterman, Patterson: "Roofline", Communications of the ACM 52(4), 2009).
[[nodiscard]] double attainable_rate(const Roofline& roof, double intensity);
/// Operations per byte at which both roofs meet.
[[nodiscard]] double ridge_intensity(const Roofline& roof);

/// T >= max(operations / peak, bytes / bandwidth, launches × launch time), the roofline with time on its axes
/// (Wang, Yang, Farrell, Zhang, Kurth, Williams: "Time-Based Roofline for Deep Learning Performance
/// Analysis", arXiv 2009.04598). Without the last term a small problem's latency would be blamed on software.
[[nodiscard]] double least_seconds(const Roofline& roof, const Work& work, double launches = 1);
/// operations / least_seconds; 0 for no operations.
[[nodiscard]] double attainable_rate(const Roofline& roof, const Work& work, double launches = 1);
/// The term that is largest; of equal ones the first of arithmetic, memory, launch.
[[nodiscard]] RoofKind binding_kind(const Roofline& roof, const Work& work, double launches = 1);

/// The line of a chart with logarithmic axes:
/// intensities and rates at both ends and, if between them, the ridge.
struct RooflinePoint {
  double intensity = 0;
  double operations_per_second = 0;
};
[[nodiscard]] std::vector<RooflinePoint> roofline_points(const Roofline& roof, const Interval& intensities);

}  // namespace moat
