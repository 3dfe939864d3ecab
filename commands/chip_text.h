// Chips as a table, as a page and side by side. Must not know the command line or where chips come from.
#pragma once

#include <span>
#include <string>

#include "commands/chip_figures.h"
#include "reports/format/table.h"

namespace moat {

/// One line a chip with its peaks of `types`, memory and confidence.
[[nodiscard]] std::string chips_table(const Chips& chips, std::span<const Type> types,
                                      const TableOptions& options);
/// Every figure of a chip with its sources.
[[nodiscard]] std::string chip_page(const Chip& chip, const TableOptions& options);
/// Side by side, the others with their ratio to the first as an interval. At least two.
[[nodiscard]] std::string comparison_text(const Chips& chips, const TableOptions& options);

}  // namespace moat
