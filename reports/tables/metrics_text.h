// What `moat metrics` prints: tables for a person and the same as JSON. Must not know where it is printed.
#pragma once

#include <span>
#include <string>

#include "base/json.h"
#include "reports/format/table.h"
#include "reports/portability/kernel_lines.h"
#include "reports/portability/metrics.h"

namespace moat {

/// PP, its companions and the share supported, a line per entry.
[[nodiscard]] std::string portability_text(std::span<const Portability> all, const TableOptions& options);
/// Platforms by decreasing efficiency with PP so far, and bars of the efficiency.
[[nodiscard]] std::string cascade_text(std::span<const Cascade> all, const TableOptions& options);
/// Convergence and PP of each application.
[[nodiscard]] std::string navigation_text(std::span<const NavigationPoint> points,
                                          const TableOptions& options);
/// Lines per platform, lines that all need, divergence: per operator and implementation, then of each
/// implementation over all operators.
[[nodiscard]] std::string code_text(std::span<const KernelLines> parts, const TableOptions& options);

[[nodiscard]] Json portability_json(std::span<const Portability> all);
[[nodiscard]] Json cascade_json(std::span<const Cascade> all);
[[nodiscard]] Json navigation_json(std::span<const NavigationPoint> points);
[[nodiscard]] Json code_json(std::span<const KernelLines> parts);

/// Code divergence of each implementation, over the parts of its operators.
[[nodiscard]] std::map<std::string, double> divergences_of(std::span<const KernelLines> parts);

}  // namespace moat
