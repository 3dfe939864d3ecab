// The tables of `moat metrics` and of a report's part on portability. Must not know where they are printed.
#pragma once

#include <span>

#include "reports/format/grid.h"
#include "reports/portability/kernel_lines.h"
#include "reports/portability/metrics.h"

namespace moat {

/// PP, its companions and the share supported, a row per entry.
[[nodiscard]] Grid portability_table(std::span<const Portability> all);
/// Platforms by decreasing efficiency with PP so far, and bars of the efficiency.
[[nodiscard]] Grid cascade_table(std::span<const Cascade> all);
/// Convergence and PP of each application.
[[nodiscard]] Grid navigation_table(std::span<const NavigationPoint> points);
/// Lines per platform, lines that all need, divergence: per operator and implementation, then of each
/// implementation over all operators.
[[nodiscard]] Grid code_table(std::span<const KernelLines> parts);

}  // namespace moat
