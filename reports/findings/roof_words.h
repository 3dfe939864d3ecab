// Measured roofs and what rests on them, in words. Pure; must not know formats, widths or colours.
#pragma once

#include <optional>
#include <string>

#include "results/roof.h"

namespace moat {

/// A measured roof: "f32 412 GFLOP/s", "18.6 GB/s (triad, n=33554432, f64)", "11.2 µs a launch".
[[nodiscard]] std::string measured_roof_text(const Roof& roof);

/// How it is known that arithmetic binds (results/sensitivity.h):
/// "above 20.1 op/byte, the ridge of the measured roofs".
[[nodiscard]] std::string ridge_text(const std::optional<double>& measured_ridge);

}  // namespace moat
