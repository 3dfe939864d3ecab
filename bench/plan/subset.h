// The most telling part of a plan that fits into a budget of time (`--budget 5m`). Pure; must not know
// clocks, files or the command line.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/plan/plan.h"

namespace moat {

/// "90s", "5m", "1h", "1.5h" in seconds. Throws UsageError.
[[nodiscard]] double parse_duration(std::string_view text);
/// "90 s", "5 min", "1.5 h".
[[nodiscard]] std::string duration_text(double seconds);

/// What a case may cost at most, in seconds of wall time, by rates that any device of the kind should reach:
/// preparation and verification by its bytes, warm-up and sampling by the cap, six executions by its work.
/// Nothing for a case known to be unsupported.
[[nodiscard]] double expected_seconds(const PlannedCase& planned, DeviceKind kind, double case_seconds);

/// The workload of a case as far as a budget tells workloads apart: what stands before the first colon.
/// "Llama-3-8B decode: QKV projection, batch 1" belongs to "Llama-3-8B decode".
[[nodiscard]] std::string_view workload_family(std::string_view workload);

struct Subset {
  std::vector<PlannedCase> cases;     // chosen, in the plan's order
  std::vector<PlannedCase> left_out;  // with PlannedCase::left_out set, in the plan's order
  double seconds = 0;                 // expected for `cases`, at most the budget
};

/// Chooses problems, each with all its cases, in a fixed order of preference as long as the budget lasts: so
/// a larger budget keeps everything that a smaller one had. In each workload the problem with the largest
/// share of the workload's work comes first; all workloads' first problems come before any second one, cheap
/// ones before dear ones. Work is time on a nominal machine of 16 operations per byte: max(operations / 16,
/// bytes). `seconds` are what each case is expected to cost.
[[nodiscard]] Subset choose_within(std::vector<PlannedCase> cases, std::span<const double> seconds,
                                   double budget_seconds);

/// For a person: what was chosen of each workload, and why the rest was not.
[[nodiscard]] std::string subset_text(const Subset& subset, double budget_seconds);

}  // namespace moat
