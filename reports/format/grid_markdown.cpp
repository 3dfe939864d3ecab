// Markdown of a table.
#include "reports/format/grid_markdown.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/format/escape.h"

namespace moat {
namespace {

std::string row_text(const std::vector<std::string>& cells) {
  std::string made = "|";
  for (const std::string& text : cells) made += " " + text + " |";
  return made + "\n";
}

}  // namespace

std::string markdown_table(const Grid& grid) {
  std::string made = fmt::format("**{}**\n\n", markdown_text(grid.caption));
  if (grid.rows.empty()) return made + markdown_text(grid.empty) + "\n\n";
  std::vector<std::string> titles;
  std::vector<std::string> rules;
  for (const GridColumn& column : grid.columns) {
    if (!is_on_pages(column)) continue;
    titles.push_back(markdown_text(page_title(column)));
    rules.emplace_back(is_numeric(column) ? "--:" : "---");
  }
  made += row_text(titles) + row_text(rules);
  for (std::size_t i = 0; i < std::min(grid.rows.size(), most_markdown_rows); ++i) {
    std::vector<std::string> cells;
    for (std::size_t j = 0; j < grid.columns.size(); ++j) {
      if (is_on_pages(grid.columns[j]))
        cells.push_back(markdown_text(cell_text(grid.columns[j], grid.rows[i].at(j))));
    }
    made += row_text(cells);
  }
  if (grid.rows.size() > most_markdown_rows) {
    made += fmt::format("\n{} more rows: `moat report --format csv --table {}`\n",
                        grid.rows.size() - most_markdown_rows, grid.id);
  }
  made += "\n";
  for (const std::string& note : grid.notes) made += markdown_text(note) + "\n\n";
  return made;
}

}  // namespace moat
