// A table as GitHub's Markdown. Must not know files.
#pragma once

#include <string>

#include "reports/format/grid.h"

namespace moat {

/// A table longer than this is cut, and says so.
inline constexpr std::size_t most_markdown_rows = 300;

/// The caption, the table, the notes.
[[nodiscard]] std::string markdown_table(const Grid& grid);

}  // namespace moat
