// Numbers and conclusions of gaps in words, the same in every renderer. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/findings/findings.h"

namespace moat {

/// "0.675", or "0.675 (0.61 to 0.74)" where the ends differ visibly; three significant digits.
[[nodiscard]] std::string ratio_text(const Factor& factor);
/// ratio_text, or "–".
[[nodiscard]] std::string ratio_text(const std::optional<Factor>& factor);
/// In doublings: "-0.57" for 0.675; a sign always.
[[nodiscard]] std::string log2_text(double ratio);
/// "1 problem", "3 problems".
[[nodiscard]] std::string count_text(std::size_t count, std::string_view noun);

/// At most 120 columns of a reason, as reports/format/table.h shortens a cell.
[[nodiscard]] std::string shortened_reason(std::string_view reason);

/// Sentences about everything else in `findings`, the most important first; never empty.
[[nodiscard]] std::vector<std::string> verdict_of(const Findings& findings);

}  // namespace moat
