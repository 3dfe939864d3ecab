// Puts the report together as Markdown.
#include "reports/page/markdown.h"

#include <fmt/format.h>

#include "reports/format/escape.h"
#include "reports/format/grid_markdown.h"
#include "reports/tables/sections.h"

namespace moat {

std::string markdown_report(const Findings& findings) {
  std::string made = "<!-- moat report -->\n# " + markdown_text(title_of(findings)) + "\n\n";
  for (const Section& section : sections(findings)) {
    made += fmt::format("## {}\n\n", markdown_text(section.title));
    for (const std::string& words : section.words) made += markdown_text(words) + "\n\n";
    for (const std::string& remark : section.remarks) made += "- " + markdown_text(remark) + "\n";
    if (!section.remarks.empty()) made += "\n";
    for (const Grid& grid : section.grids) made += markdown_table(grid);
  }
  return made;
}

}  // namespace moat
