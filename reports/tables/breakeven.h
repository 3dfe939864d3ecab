// Break-even as a table, as text and as JSON. Pure.
#pragma once

#include <span>
#include <string>

#include "base/json.h"
#include "reports/format/grid_terminal.h"
#include "reports/gap/breakeven.h"

namespace moat {

/// Version of `moat breakeven --json`; raised when a field changes its meaning, its type or goes away.
inline constexpr int breakeven_schema = 2;

/// A row for each operator, type and bound. Shares are of the roof.
[[nodiscard]] Grid breakeven_table(const Breakeven& breakeven);
/// Who is compared, the table, conclusions and remarks.
[[nodiscard]] std::string breakeven_text(const Breakeven& breakeven, const TableOptions& options);
[[nodiscard]] Json breakeven_json(const Breakeven& breakeven);

}  // namespace moat
