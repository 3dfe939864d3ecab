// How the page opens: one figure for each target, and a table of ratios by operator and type whose cells lead
// to the cases. Must not know how any of it is computed.
#pragma once

#include <string>

#include "reports/findings/overview.h"

namespace moat {

/// HTML, empty where nothing is compared. Of more than six targets the best and the worst, with a note.
[[nodiscard]] std::string opening_part(const Overview& overview);

/// The class of a ratio's background, "h0" (below 1/8) to "h4" (1 and above): one step for each doubling.
[[nodiscard]] std::string heat_class(double ratio);

}  // namespace moat
