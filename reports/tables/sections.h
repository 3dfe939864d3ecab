// The order of a report and what each part says: headings, words and tables, the same for every format. Pure.
#pragma once

#include <string>
#include <vector>

#include "reports/findings/findings.h"
#include "reports/format/grid.h"

namespace moat {

struct Section {
  std::string id;  // "gaps": of its heading, for links
  std::string title;
  std::vector<std::string> words;  // paragraphs
  std::vector<Grid> grids;
  std::vector<std::string> remarks{};  // a list below the words
};

[[nodiscard]] std::vector<Section> sections(const Findings& findings);

/// The findings' title, or what serves as one.
[[nodiscard]] std::string title_of(const Findings& findings);

}  // namespace moat
