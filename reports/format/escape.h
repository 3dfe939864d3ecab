// Text of records made harmless in what a report is written in. Every string of a record is hostile: device
// names come from drivers, the rest from files. Pure; must not know findings.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace moat {

/// For the text and the quoted attributes of HTML and SVG: printable (base/text.h) with & < > " ' as
/// references.
[[nodiscard]] std::string html_text(std::string_view text);

/// JSON that a script element can hold: < > & and U+2028, U+2029 only as \u escapes, so that neither
/// "</script" nor "<!--" occurs.
[[nodiscard]] std::string script_json(const Json& value);

/// For running text and table cells of Markdown: nothing in it is markup, a link or HTML.
[[nodiscard]] std::string markdown_text(std::string_view text);

}  // namespace moat
