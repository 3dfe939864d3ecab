// Findings as JSON (docs/gap.md, docs/report.md): statements by their values, everything else as the rows of
// the report's tables. Must not know files.
#pragma once

#include "base/json.h"
#include "reports/findings/findings.h"

namespace moat {

/// Version of both objects; raised when a field changes its meaning, its type or goes away.
inline constexpr int findings_schema = 2;

/// What `moat gap --json` prints: verdict, gaps with their problems, devices, coverage, errors and first use.
[[nodiscard]] Json gap_json(const Findings& findings);

/// The first screen: what `moat show --summary --json` prints, and `summary` in the object below.
[[nodiscard]] Json overview_json(const Overview& overview);

/// All of that, every other table of the report, the runs and the records: `moat report --format json`.
[[nodiscard]] Json findings_json(const Findings& findings);

}  // namespace moat
