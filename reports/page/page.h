// The report as one HTML file that asks nothing of anybody: styles, scripts, data and pictures are in it.
// Must not know files or the command line.
#pragma once

#include <string>

#include "reports/findings/findings.h"

namespace moat {

/// A content security policy admits the project's style and scripts by their SHA-256 and nothing else; text
/// of records is escaped (reports/format/escape.h). All tables are in it also where no script runs.
[[nodiscard]] std::string html_page(const Findings& findings);

}  // namespace moat
