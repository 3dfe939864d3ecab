// A report as Markdown (GitHub's tables). Must not know files.
#pragma once

#include <string>

#include "reports/findings/findings.h"
#include "reports/format/grid.h"
#include "reports/portability/charts.h"

namespace moat {

/// A table longer than this is cut, and says so.
inline constexpr std::size_t most_markdown_rows = 300;

/// The caption, the table as GitHub has them, the notes.
[[nodiscard]] std::string markdown_table(const Grid& grid);
[[nodiscard]] std::string markdown_report(const Findings& findings,
                                          const PortabilityCharts& portability = {});

}  // namespace moat
