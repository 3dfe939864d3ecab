// Tables of a report as CSV (RFC 4180). Must not know files.
#pragma once

#include <string>

#include "reports/format/grid.h"

namespace moat {

/// The header's line: a column's key, for one with an interval also <key>_low and <key>_high.
[[nodiscard]] std::string csv_header(const Grid& grid);
/// Numbers in base units with all their digits, text quoted and harmless (reports/format/csv.h).
[[nodiscard]] std::string csv_table(const Grid& grid);

}  // namespace moat
