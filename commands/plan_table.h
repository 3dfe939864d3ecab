// The dry run for a person. Must not know how cases are planned or where the table is printed.
#pragma once

#include <span>

#include "bench/plan/plan.h"
#include "reports/format/grid.h"

namespace moat {

/// A row for each case with its expected work. Intensity is operations per compulsory byte.
[[nodiscard]] Grid plan_table(std::span<const PlannedCase> cases);

}  // namespace moat
