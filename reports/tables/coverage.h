// What works: coverage of a report and of a verification. Pure; must not know where it is printed.
#pragma once

#include <span>
#include <string>

#include "reports/findings/findings.h"
#include "reports/format/grid_terminal.h"

namespace moat {

/// A row for each device, implementation and operator, a column for each input type that occurs. A cell
/// counts cases: "✓ 7 ≤0.4" (all right, the worst error is 0.4 of its bound), "◐ 5/7 ≤0.4, 2 unsupported", "–
/// 2 unsupported", "✗ 1/3 ≤0.4, 2 wrong".
[[nodiscard]] Grid coverage_table(std::span<const CoverageCell> cells);

/// A coverage table for each operator. Whatever is not ok is told below with its reason and, where it is
/// wrong, the worst error against its bound.
[[nodiscard]] std::string coverage_text(std::span<const Record> records, const TableOptions& options);

}  // namespace moat
