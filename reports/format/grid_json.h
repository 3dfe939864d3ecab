// Tables as JSON for programs. Must not know files.
#pragma once

#include "base/json.h"
#include "reports/format/grid.h"

namespace moat {

/// An array with an object for each row, named by the columns' keys:
/// numbers in base units with all their digits, counts as integers,
/// {value, low, high} in columns with intervals, text otherwise; null for nothing.
[[nodiscard]] Json json_rows(const Grid& grid);

}  // namespace moat
