// What a run's records of the peak and stream operators say of each device: its measured roofs. Pure; must
// not know how they are printed or kept.
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
  std::optional<Roof> launch;  // where a stream problem moves next to nothing, see measured_roofs
};

/// One entry for each device that has a roof, in the records' order. Only what is ok and measured counts,
/// with normal data and a hot cache. A device's bandwidth is that of triad, or without one of any op, over
/// its longest arrays in bytes, by its best implementation: shorter ones may live in caches. A stream problem
/// of at most 1 KiB of traffic gives no bandwidth: all of its time is that of a launch, back to back. A
/// launch takes no longer than that, nor than any other case of the device. `more` are of the same devices.
[[nodiscard]] std::vector<DeviceRoofs> measured_roofs(std::span<const Record> records,
                                                      std::span<const Record> more = {});

/// "measured roofs" and a line for each device: "opencl:0  f32 412 GFLOP/s, f64 206 GFLOP/s; 18.6 GB/s
/// (triad, n=33554432, f64); 11.2 µs a launch", those of one physical device together. Empty if there are
/// none.
[[nodiscard]] std::string roofs_text(std::span<const Record> records, const PhysicalDevices& physical = {});

/// Whether `work` in inputs of `type` is bound by arithmetic on the device, and how that is known.
struct Boundness {
  bool by_arithmetic = false;
  std::string how;  // "above 20.1 op/byte, where the measured roofs meet"
};
/// Arithmetic binds where the work's operations per byte exceed those at which the roofs meet; without roofs
/// of the device, where they exceed 64, as most devices' do.
[[nodiscard]] Boundness boundness(const Work& work, Type type, const DeviceRoofs* roofs);

}  // namespace moat
