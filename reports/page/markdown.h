// The report as GitHub's Markdown. Must not know files.
#pragma once

#include <string>

#include "reports/findings/findings.h"

namespace moat {

[[nodiscard]] std::string markdown_report(const Findings& findings);

}  // namespace moat
