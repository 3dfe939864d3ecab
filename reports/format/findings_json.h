// Findings as JSON, documented in docs/report.md. Must not know files.
#pragma once

#include "base/json.h"
#include "reports/findings/findings.h"

namespace moat {

/// Raised when a field changes its meaning, its type or goes away; a new field leaves it as it is.
inline constexpr int findings_schema = 1;

[[nodiscard]] Json findings_json(const Findings& findings);

}  // namespace moat
