// Gaps as tables for a terminal and as JSON (docs/gap.md). Pure; must not know where they are printed.
#pragma once

#include <string>

#include "base/json.h"
#include "reports/findings/findings.h"
#include "reports/format/grid_terminal.h"

namespace moat {

/// Version of `moat gap --json`; raised when a field changes its meaning, its type or goes away.
inline constexpr int gap_schema = 1;

struct GapTextOptions {
  bool problems = false;  // a row for each problem, too
};

/// Who is compared, a table of means for each target, coverage, numerics and first use beside it, remarks.
[[nodiscard]] std::string gap_text(const Findings& findings, const GapTextOptions& options,
                                   const TableOptions& table);

[[nodiscard]] Json gap_json(const Findings& findings);

}  // namespace moat
