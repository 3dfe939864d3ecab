// Gaps as tables for a terminal (docs/gap.md). Pure; must not know where they are printed.
#pragma once

#include <string>
#include <vector>

#include "reports/findings/findings.h"
#include "reports/format/grid_terminal.h"

namespace moat {

struct GapTextOptions {
  bool problems = false;  // a row for each problem, too
  /// What the means are over, beside all problems; if empty, each operator and type.
  std::vector<GapScope> by = {};
  /// Means by every scope, and the tables of coverage, errors and first use.
  bool all = false;
};

/// Who is compared; for each target a table of means with its remarks; the verdict.
[[nodiscard]] std::string gap_text(const Findings& findings, const GapTextOptions& options,
                                   const TableOptions& table);

}  // namespace moat
