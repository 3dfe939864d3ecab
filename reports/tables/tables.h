// The tables of a report, each made of findings alone. Pure; must not know the formats they are written in.
#pragma once

#include <string>
#include <vector>

#include "reports/findings/findings.h"
#include "reports/format/grid.h"

namespace moat {

// Who was measured, and how one knows (devices.cpp)
/// Those of one physical device together.
[[nodiscard]] Grid devices_table(const Findings& findings);
/// The facts of each device as its driver tells them, where devices differ first.
[[nodiscard]] Grid details_table(const Findings& findings);
[[nodiscard]] Grid roofs_table(const Findings& findings);
[[nodiscard]] Grid provenance_table(const Findings& findings);

// The gap (gaps.cpp)
/// The means of every gap by scope.
[[nodiscard]] Grid factors_table(const Findings& findings);
/// A row for each problem of each gap.
[[nodiscard]] Grid gaps_table(const Findings& findings);

// Cases (cases.cpp)
[[nodiscard]] Grid cases_table(const Findings& findings);
/// Quantiles of the samples of each case that has some.
[[nodiscard]] Grid samples_table(const Findings& findings);

// What stands beside (beside.cpp)
/// A row for each device, implementation and operator, a column for each type.
[[nodiscard]] Grid coverage_table(const Findings& findings);
/// What is not ok, by reason.
[[nodiscard]] Grid holes_table(const Findings& findings);
[[nodiscard]] Grid shares_table(const Findings& findings);
[[nodiscard]] Grid numerics_table(const Findings& findings);
[[nodiscard]] Grid sensitivity_table(const Findings& findings);
[[nodiscard]] Grid first_use_table(const Findings& findings);

// The systems (environment.cpp)
[[nodiscard]] Grid runs_table(const Findings& findings);
[[nodiscard]] Grid differences_table(const Findings& findings);
/// Every fact of every run's environment; of the first eight runs only.
[[nodiscard]] Grid environment_table(const Findings& findings);

/// "f32", or "f16, accumulated in f32, output f16" where they differ.
[[nodiscard]] std::string types_text(const Types& types);
/// Unit of a record's rate: of bytes where it has no operations.
[[nodiscard]] std::string rate_base(const Record& record);
/// The same where a rate stands alone: stream measures bandwidth, so its rate is of bytes.
[[nodiscard]] std::string shown_base(const Record& record);
/// Operations or bytes, what shown_base() counts.
[[nodiscard]] double shown_work(const Record& record);

}  // namespace moat
