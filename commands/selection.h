// What a run selects and how it measures, as typed on the command line and as kept in run.json, so that
// --resume can go on with the same cases.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "bench/coordinator.h"
#include "bench/plan/budget.h"
#include "bench/plan/plan.h"
#include "bench/plan/suite.h"
#include "bench/worker/inventory.h"
#include "bench/worker/worker.h"

namespace moat {

struct Selection {
  std::string suite = "quick";
  std::vector<std::string> problems;  // keys; replace the suite
  Filters filters;
  std::vector<std::string> data{"normal"};
  std::vector<std::string> cache{"hot"};
  std::uint64_t seed = 1;
  std::optional<double> case_seconds;    // default: the suite's
  std::optional<double> device_seconds;  // default: the suite's
  std::optional<double> budget_seconds;  // of the whole run; default: every case
  double timeout_seconds = 120;
  std::optional<std::string> kernel_dir;
  std::optional<std::string> tuning;  // folder of tuning files, or "none"; default: the store's

  friend bool operator==(const Selection&, const Selection&) = default;
};

/// Adds the options that filter cases (shared by all that choose or show some).
void add_filter_options(CLI::App& command, Filters& filters);
/// Adds the options of the processes in which cases run: --timeout and --kernel-dir.
void add_worker_options(CLI::App& command, Selection& selection);
/// Adds the options that choose cases (shared by list, run and moat-bench); those that steer measuring only
/// if `measuring`.
void add_selection_options(CLI::App& command, Selection& selection, bool measuring);

/// Adds the options that choose problems: a suite or keys, and filters.
void add_case_options(CLI::App& command, Selection& selection);

[[nodiscard]] Json selection_json(const Selection& selection);
/// Throws UsageError naming `where`.
[[nodiscard]] Selection parse_selection(const Json& json, std::string_view where);

/// A selection against this machine.
struct Campaign {
  Suite suite;
  std::vector<ListedDevice> devices;  // those that can be opened
  std::vector<PlannedCase> cases;
  std::vector<PlannedCase> left_out;  // of a budget
  std::string budget_text;            // what the budget chose, for a person; empty without one
  /// The devices as run.json keeps them.
  [[nodiscard]] std::vector<RunDevice> run_devices() const;
};
/// Takes the inventory and plans, within the budget if there is one. Throws UsageError: unknown suite,
/// device, problem …, nothing selected.
[[nodiscard]] Campaign plan_campaign(const Selection& selection);

/// What `moat tune` found for the devices, from the selection's folder or that of `store`; prints to standard
/// error what cannot be used there. Throws UsageError if a folder that was asked for is not there.
[[nodiscard]] ParameterSource parameter_source(const Selection& selection, const std::string& store,
                                               std::span<const ListedDevice> devices);
[[nodiscard]] WorkerSettings worker_settings(const Selection& selection, const Suite& suite);
[[nodiscard]] BudgetLimits budget_limits(const Selection& selection, const Suite& suite);

}  // namespace moat
