// Chips as a table, as a page and side by side. Must not know the command line or where chips come from.
#pragma once

#include <span>
#include <string>

#include "commands/chip_figures.h"
#include "reports/format/grid_terminal.h"

namespace moat {

/// One row a chip with its peaks of `types`, memory and confidence.
[[nodiscard]] Grid chips_table(const Chips& chips, std::span<const Type> types);
/// Every figure of a chip.
[[nodiscard]] Grid chip_table(const Chip& chip);
/// Side by side, the others with their ratio to the first as an interval. At least two.
[[nodiscard]] Grid comparison_table(const Chips& chips);

// The same with what a reader needs to know above and below.
[[nodiscard]] std::string chips_text(const Chips& chips, std::span<const Type> types,
                                     const TableOptions& options);
[[nodiscard]] std::string chip_page(const Chip& chip, const TableOptions& options);
[[nodiscard]] std::string comparison_text(const Chips& chips, const TableOptions& options);

}  // namespace moat
