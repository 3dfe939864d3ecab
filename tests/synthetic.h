// Subjects without a machine:
// as many cases and devices as a test wants, and records whose every text is hostile.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/findings/findings.h"

namespace moat::test {

struct SyntheticSize {
  std::size_t devices = 3;
  std::size_t cases = 500;  // of all devices together
  std::size_t samples = 30;
};

/// Reproducible. Devices "cuda:0" (with a library, the usual reference), "alpha:1", "beta:2" …; some cases
/// are unsupported, skipped, wrong or crashed.
[[nodiscard]] std::vector<Subject> synthetic_subjects(const SyntheticSize& size);

/// Calls `hostile` for every text of the subject that a report could show and puts its result there.
void make_hostile(Subject& subject, std::string (*hostile)(std::size_t place));

/// With the first subject as reference if there is one and `compared`.
[[nodiscard]] Findings findings_of(std::vector<Subject> subjects, bool compared = true,
                                   const std::string& title = "Synthetic report");

/// The same with cascades and points of the navigation chart that do not depend on the kernels' sources.
[[nodiscard]] Findings with_portability(Findings findings);

}  // namespace moat::test
