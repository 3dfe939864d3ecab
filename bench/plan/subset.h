// Selects the most informative part of a plan that fits into a time budget (`--budget 5m`). Pure; must not
// know clocks, files or the command line.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/plan/plan.h"

namespace moat {

/// "90 s", "5 min", "1.5 h".
[[nodiscard]] std::string duration_text(double seconds);

/// A high estimate of the wall time of a case, in seconds, at rates that any device of the kind should reach:
/// preparation and verification from its bytes, warm-up and sampling from the cap, six executions from its
/// work; and for each further round a quarter of the preparation and half of the executions. 0 for a case
/// that is known to be unsupported.
[[nodiscard]] double expected_seconds(const PlannedCase& planned, DeviceKind kind, double case_seconds,
                                      std::uint64_t rounds = 1);

/// The workload of a case for the purpose of a budget: the text before the first colon.
/// "Llama-3-8B decode: QKV projection, batch 1" belongs to "Llama-3-8B decode".
[[nodiscard]] std::string_view workload_family(std::string_view workload);

struct Subset {
  std::vector<PlannedCase> cases;     // chosen, in the plan's order
  std::vector<PlannedCase> left_out;  // with PlannedCase::left_out set, in the plan's order
  double seconds = 0;                 // expected for `cases`, at most the budget
};

/// Selects problems, each with all its cases, in a fixed order until the budget is used up, so that a larger
/// budget keeps everything that a smaller one selects. In each workload the problem with the largest share of
/// the workload's work comes first; the first problems of all workloads come before any second one, cheap
/// ones before expensive ones. Work is time on a nominal machine with a balance of 16 operations per byte:
/// max(operations / 16, bytes). `seconds`: the expected cost of each case.
[[nodiscard]] Subset choose_within(std::vector<PlannedCase> cases, std::span<const double> seconds,
                                   double budget_seconds);

/// Text that says what was selected of each workload, and why the rest was not.
[[nodiscard]] std::string subset_text(const Subset& subset, double budget_seconds);

}  // namespace moat
