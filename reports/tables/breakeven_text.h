// Break-even as a table and as JSON. Pure.
#pragma once

#include <span>
#include <string>

#include "base/json.h"
#include "reports/format/table.h"
#include "reports/gap/breakeven.h"

namespace moat {

[[nodiscard]] std::string breakeven_text(const Breakeven& breakeven, const TableOptions& options);
[[nodiscard]] Json breakeven_json(const Breakeven& breakeven);

}  // namespace moat
