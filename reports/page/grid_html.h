// A table as HTML and, where it is long, as data for the page's script. Must not know findings.
#pragma once

#include <string>

#include "base/json.h"
#include "reports/format/grid.h"

namespace moat {

/// Longer tables come to the script as data and to readers without scripts as plain rows.
inline constexpr std::size_t most_live_rows = 200;

/// A table element with a caption; `with_values` adds what a script sorts by to each number.
[[nodiscard]] std::string table_element(const Grid& grid, bool with_values);

/// Columns and rows for page.js. Text is clean; a text column lists its different values once and its cells
/// are places in that list, null where the text is the column's pattern. Any other cell is null, a number
/// (six digits), or an array: value, low, high, unit, text, note.
[[nodiscard]] Json grid_data(const Grid& grid);

}  // namespace moat
