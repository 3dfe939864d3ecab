// The measured roofs of each device, from a run's records of the peak and stream operators. Pure; must not
// know how they are printed or stored.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "results/devices.h"
#include "results/record.h"

namespace moat {

/// The best measured rate of one kind, and the record that gave it.
struct Roof {
  double rate = 0;  // operations, bytes or launches per second
  const Record* record = nullptr;
};

struct DeviceRoofs {
  std::string device;
  std::map<Type, Roof> arithmetic;  // by input type; of the peak problems, whatever their size
  std::optional<Roof> memory;       // of the stream problems, see measured_roofs
  std::int64_t memory_elements = 0;
  std::string memory_op;
  std::optional<Roof> launch;  // from a stream problem with next to no traffic, see measured_roofs
};

/// One entry for each device that has a roof, in the records' order. Only records count that are ok, measured
/// with normal data and a hot cache. The bandwidth is that of triad (of any op if there is none) over the
/// longest arrays in bytes, by the best implementation; shorter arrays may fit into caches. A stream problem
/// with at most 1 KiB of traffic measures launch latency, not bandwidth: the launch latency is the time of
/// the quickest case of a device with such a problem. `more`: further records of the same devices.
[[nodiscard]] std::vector<DeviceRoofs> measured_roofs(std::span<const Record> records,
                                                      std::span<const Record> more = {});

/// "measured roofs" and a line for each device: "opencl:0  f32 412 GFLOP/s, f64 206 GFLOP/s; 18.6 GB/s
/// (triad, n=33554432, f64); 11.2 µs a launch", grouped by physical device. Empty if there are
/// none.
[[nodiscard]] std::string roofs_text(std::span<const Record> records, const PhysicalDevices& physical = {});

/// Whether `work` with inputs of `type` is compute-bound on the device, and how that was determined.
struct Boundness {
  bool by_arithmetic = false;
  std::string how;  // "above 20.1 op/byte, where the measured roofs meet"
};
/// Work is compute-bound if its arithmetic intensity exceeds that of the ridge point, where the roofs meet.
/// If the device's roofs are not known, 64 operations per byte are assumed, which is above most ridge points.
[[nodiscard]] Boundness boundness(const Work& work, Type type, const DeviceRoofs* roofs);

}  // namespace moat
