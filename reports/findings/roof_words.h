// Measured roofs and what rests on them, in words. Pure; must not know formats, widths or colours.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "results/devices.h"
#include "results/record.h"

namespace moat {

/// "measured roofs" and a line for each device: "opencl:0  f32 412 GFLOP/s, f64 206 GFLOP/s; 18.6 GB/s
/// (triad, n=33554432, f64); 11.2 µs a launch", those of one physical device together. Empty if there are
/// none.
[[nodiscard]] std::string measured_roofs_text(std::span<const Record> records,
                                              const PhysicalDevices& physical = {});

/// How it is known that arithmetic binds (results/sensitivity.h): "above 20.1 op/byte, the ridge of the
/// measured roofs".
[[nodiscard]] std::string ridge_text(const std::optional<double>& measured_ridge);

/// The table of results/sensitivity.h as text, or nothing if there is no such case.
[[nodiscard]] std::string sensitivity_text(std::span<const Record> records);

}  // namespace moat
