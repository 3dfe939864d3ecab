// Gaps as tables for a terminal (docs/gap.md). Pure; must not know where they are printed.
#pragma once

#include <string>

#include "reports/findings/findings.h"
#include "reports/format/grid_terminal.h"

namespace moat {

struct GapTextOptions {
  bool problems = false;  // a row for each problem, too
};

/// Who is compared, a table of means for each target, coverage, numerics and first use beside it, remarks.
[[nodiscard]] std::string gap_text(const Findings& findings, const GapTextOptions& options,
                                   const TableOptions& table);

}  // namespace moat
