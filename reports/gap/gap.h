// The gap between a reference and a target, attributed: hardware × stack × portability,
// each with an interval, over the problems that both have run under equal conditions.
// Beside it coverage, numerics and the cost of first use (reports/findings/beside.h).
// Definitions: docs/gap.md. Pure; must not know how it is printed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/factor.h"
#include "reports/gap/comparable.h"
#include "reports/gap/remark.h"
#include "reports/gap/roof.h"
#include "reports/gap/subject.h"

namespace moat {

struct GapOptions {
  Data data = Data::normal;
  Cache cache = Cache::hot;
  /// Library of the reference ("library/openblas"); empty: its best for each problem.
  std::string baseline;
  /// Roofs for hardware; nothing: datasheets if both sides have them, else measured ones.
  std::optional<RoofBasis> basis;
  /// Conditions whose difference is marked instead of refused.
  std::vector<Condition> despite;
};

/// A rate and the case it is of.
struct BestRate {
  Factor rate;  // operations per second; ends: 95 % interval of the median, or with fewer than 6 samples the
                // least and the most
  const Record* record = nullptr;
};

/// One problem of both sides. A factor is absent where a part of it is.
struct ProblemGap {
  const Record* any = nullptr;  // names the problem: key, operator, types, work, workload
  std::optional<BestRate> reference_library, target_library, target_portable;
  std::optional<Bound> reference_roof, target_roof;
  std::optional<Factor> hardware;        // HW   = A_T / A_R
  std::optional<Factor> stack;           // SW   = (L_T / A_T) / (L_R / A_R)
  std::optional<Factor> portability;     // PORT = Q_T / L_T
  std::optional<Factor> library_total;   // L_T / L_R = HW × SW
  std::optional<Factor> portable_total;  // Q_T / L_R = HW × SW × PORT
  // What the ratio was in each round, where both sides have the same number of several: what slows both in a
  // round cancels in it. Their ends come from these.
  std::vector<double> library_rounds, portable_rounds, portability_rounds;
  std::vector<Difference> refusals;  // why a ratio is not formed
  std::vector<Difference> marks;     // compared despite these
};

/// Geometric means of each factor over the same problems, so that the means multiply as the factors do.
struct Means {
  std::size_t problems = 0;
  std::optional<Factor> total;
  std::optional<Factor> hardware;
  std::optional<Factor> stack;
  std::optional<Factor> portability;
  std::optional<Factor> to_library;  // L_T / L_R = hardware × stack, over the same problems
  /// total / hardware: stack × portability, also where they cannot be told apart (a target without library).
  std::optional<Factor> software;
  friend bool operator==(const Means&, const Means&) = default;
};

/// What the problems of a part have in common.
enum class GapScope : std::uint8_t { all, by_operator, by_type, by_operator_and_type, by_workload, by_bound };
/// "all", "operator", "type", "operator and type", "workload", "bound".
[[nodiscard]] std::string_view name(GapScope scope);

/// A part of the problems; of what its scope does not name, a member is empty.
struct GapPart {
  GapScope scope = GapScope::all;
  std::string operator_name;
  std::optional<Type> type;  // of the inputs
  std::string workload;
  std::optional<RoofKind> bound;  // on the target
  friend bool operator==(const GapPart&, const GapPart&) = default;
};

/// Means over a part of the problems.
struct GapSummary {
  GapPart part;
  Means library;   // from R's library to T's: problems with both
  Means portable;  // from R's library to the portable kernel: problems with L_R and Q_T
  Means both;      // all three factors: problems with L_R, L_T and Q_T
};

/// Seconds of a launch, back to back, on either side.
struct LaunchTimes {
  Factor reference, target;
};

struct Gap {
  std::string reference, target;  // labels
  Provenance reference_provenance = Provenance::measured;
  Provenance target_provenance = Provenance::measured;
  bool same_hardware = false;                // HW is 1 exactly
  std::optional<RoofBasis> basis;            // of the roofs; absent: none that both sides have
  std::optional<RoofBasis> requested_basis;  // GapOptions::basis
  /// Part of the roofs where both sides' are known; of one side alone they would tilt the ratio.
  std::optional<LaunchTimes> launches;
  std::vector<ProblemGap> problems;   // in the order of the reference's records, then of the target's
  std::vector<GapSummary> summaries;  // the first is over all
  std::vector<Remark> remarks;  // what changes a conclusion: peaks, baselines, refused and missing pairs
};

/// Throws UsageError if a side is emulated and the other is not, or for an unknown baseline. The result
/// points into both subjects' records.
[[nodiscard]] Gap attribute(const Subject& reference, const Subject& target, const GapOptions& options);
/// The same where the subjects' roofs are known already.
[[nodiscard]] Gap attribute(const Subject& reference, const Subject& target,
                            const KnownRoofs& reference_roofs, const KnownRoofs& target_roofs,
                            const GapOptions& options);

}  // namespace moat
