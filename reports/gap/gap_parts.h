// The parts that gap.h's attribute() is made of: forming one gap, its means, what to say of it.
// For reports/ alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/implementation_name.h"
#include "reports/gap/gap.h"

namespace moat {

/// Names of the libraries with an ok result of an operator that does work, sorted.
[[nodiscard]] std::vector<std::string> libraries_of(const Subject& subject);

/// Throws UsageError if the options name a library that the reference did not run.
void require_baseline(const Subject& reference, const GapOptions& options);

/// A gap without remarks.
[[nodiscard]] Gap form_gap(const Subject& reference, const Subject& target, const KnownRoofs& reference_roofs,
                           const KnownRoofs& target_roofs, const GapOptions& options);

/// With the ends that the ratio's variation between rounds gives, if there are several.
[[nodiscard]] Factor narrowed(const Factor& factor, const std::vector<double>& rounds);

/// Means over all problems and over each operator, type, both, workload, and what binds the target; parts
/// without any total are left out, the first (all) never is.
[[nodiscard]] std::vector<GapSummary> summarise(const std::vector<ProblemGap>& problems);

/// Results of an implementation that ran with something remarkable.
struct RemarkedCases {
  std::string implementation, remark;
  std::size_t cases = 0;
};
/// In the order of the records.
[[nodiscard]] std::vector<RemarkedCases> remarked_cases(const Subject& subject);

/// What a reader must know before quoting the gap: which baseline and which peak it rests on and whether
/// another changes a sign; what was refused, and what is missing.
[[nodiscard]] std::vector<Remark> remarks_on(const Gap& gap, const Subject& reference, const Subject& target,
                                             const KnownRoofs& reference_roofs,
                                             const KnownRoofs& target_roofs, const GapOptions& options);

}  // namespace moat
