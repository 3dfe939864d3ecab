// The rounds of a case as one record. Pure; must not know processes or budgets.
#pragma once

#include <cstdint>

#include "results/record.h"

namespace moat {

/// What round `round` of `rounds` makes of a case that was ok or disturbed so far. A disturbed round is left
/// out where there are others. Samples are appended, with how many
/// each round took; the effort is added up, except for compiling and the first call, which are of the first
/// round; the verdict with the larger error is kept. If `latest` is not ok, neither is the result, and its
/// reason names the round; if the two were timed by different clocks, it is untrusted.
[[nodiscard]] Record joined(Record earlier, const Record& latest, std::uint64_t round, std::uint64_t rounds);

}  // namespace moat
