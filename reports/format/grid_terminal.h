// Tables on a terminal: aligned columns that fit a width. Must not know what they are about.
#pragma once

#include <cstddef>
#include <string>

#include "reports/format/grid.h"

namespace moat {

struct TableOptions {
  std::size_t width = 0;  // columns of the terminal; 0: as wide as it takes (a pipe)
  bool colour = false;    // the caller knows about terminals and NO_COLOR
};

/// Titles, then rows, each line ended and without blanks at its end; texts are made printable. Columns
/// without any text are left out. Where the width is too small, the ends of intervals go first, then columns
/// by their importance; a line names what there was no room for. The table's notes follow, indented. Without
/// rows Grid::empty, and nothing if that is empty.
[[nodiscard]] std::string terminal_table(const Grid& grid, const TableOptions& options);

}  // namespace moat
