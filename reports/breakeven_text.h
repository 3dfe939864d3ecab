// Break-even as a table and as JSON. Pure.
#pragma once

#include <span>
#include <string>

#include "reports/breakeven.h"
#include "results/json.h"
#include "results/table.h"

namespace moat {

[[nodiscard]] std::string breakeven_text(const Breakeven& breakeven, const TableOptions& options);
[[nodiscard]] Json breakeven_json(const Breakeven& breakeven);

}  // namespace moat
