// The first screen in words: two sentences of verdict, and what was left out. Pure; must not know formats,
// widths or colours.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/findings/overview.h"

namespace moat {

/// "0.745 to 0.794", "at least 0.745" where the upper end is not known.
[[nodiscard]] std::string ends_text(const Factor& factor);
/// One or two words for a cell: "few problems", "wide interval", "undecided", "conditions differ".
[[nodiscard]] std::string_view short_text(Doubt doubt);
/// What the word in a cell means, as a clause.
[[nodiscard]] std::string_view text(Doubt doubt);

/// What a reader takes away who reads nothing else: one or two whole sentences, and a warning where the
/// rounds differ too much for them. Of more than three targets the best and the worst are named.
[[nodiscard]] std::vector<std::string> verdict_texts(const Overview& overview);
/// What is not compared, and what has no verified result, counted by reason: at most three whole sentences;
/// none if there is nothing.
[[nodiscard]] std::vector<std::string> left_out_texts(const Overview& overview);

}  // namespace moat
