// The measured roofs of each device, from a run's records of the peak and stream operators. Pure; must not
// know how they are printed or stored.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "results/record.h"
#include "results/roof.h"

namespace moat {

/// One entry for each device that has a roof, in the records' order. Only records count that are ok, measured
/// with normal data and a hot cache. The rate of arithmetic is the best of the peak problems of each input
/// type, whatever their size. The bandwidth is that of triad (of any op if there is none) over the
/// longest arrays in bytes, by the best implementation; shorter arrays may fit into caches. A stream problem
/// with at most 1 KiB of traffic measures launch latency, not bandwidth: the launch latency is the time of
/// the quickest case of a device with such a problem. `more`: further records of the same devices.
[[nodiscard]] std::vector<Roofs> measured_roofs(std::span<const Record> records,
                                                std::span<const Record> more = {});

/// The ridge point, in operations per byte: where the roof of arithmetic on inputs of this type meets that of
/// memory. Work of a higher intensity is compute-bound. nullopt if either roof is not known.
[[nodiscard]] std::optional<double> ridge_intensity(const Roofs& roofs, Type input);
/// Assumed where a device's roofs are not known; above most ridge points.
inline constexpr double usual_ridge_intensity = 64;

}  // namespace moat
