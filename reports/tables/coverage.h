// What works: records of a verification as one table per operator. Pure; must not know where it is printed.
#pragma once

#include <span>
#include <string>

#include "reports/format/table.h"
#include "results/record.h"

namespace moat {

/// Per operator: a row for each device's implementations, a column for each input type. A cell counts
/// problems: "ok 7 ≤0.4" (all right, the worst error is 0.4 of its bound), "ok 5/7" (the others are
/// unsupported), "unsupported", "wrong 2/7", "crashed 1/7" … Whatever is not ok is told below with its reason
/// and, where it is wrong, the worst error against its bound.
[[nodiscard]] std::string coverage_text(std::span<const Record> records, const TableOptions& options);

}  // namespace moat
