// What stands beside a gap because no product of factors shows it: coverage, numerics, the cost of first use,
// and the differences between systems. Pure; for findings.h.
#pragma once

#include <span>
#include <vector>

#include "reports/findings/findings.h"

namespace moat {

/// Cells in the order of the subjects and of their records.
[[nodiscard]] std::vector<CoverageCell> coverage_cells(std::span<const Subject> subjects);
/// The same of records alone, whose subject is their device. The cells point to them.
[[nodiscard]] std::vector<CoverageCell> coverage_cells(std::span<const Record> records);

/// For each subject: all of its cases, each operator, each type, library and portable; only those that occur.
[[nodiscard]] std::vector<CoverageShare> coverage_shares(std::span<const Subject> subjects);

/// `reference` may be null; errors are compared on equal problems, data and seed.
[[nodiscard]] std::vector<NumericsRow> numerics_rows(std::span<const Subject> subjects,
                                                     const Subject* reference);

[[nodiscard]] std::vector<FirstUseRow> first_use_rows(std::span<const Subject> subjects);

/// Facts that are not the same in all of the runs, at most 200 of them; nothing for one run.
[[nodiscard]] std::vector<EnvironmentDifference> environment_differences(std::span<const RunInfo> runs);

}  // namespace moat
