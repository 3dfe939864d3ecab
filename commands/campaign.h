// A selection against this machine: which devices, cases, parameters and limits it comes to. Must not know
// how options are spelled, and prints nothing but who is being waited for: what a person should know is a
// notice.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "bench/coordinator.h"
#include "bench/plan/budget.h"
#include "bench/plan/plan.h"
#include "bench/plan/selection.h"
#include "bench/plan/suite.h"
#include "bench/resume.h"
#include "bench/worker/inventory.h"
#include "bench/worker/worker.h"
#include "results/devices.h"

namespace moat {

struct Campaign {
  Suite suite;
  std::vector<ListedDevice> devices;  // those that can be opened
  std::vector<PlannedCase> cases;
  std::vector<PlannedCase> left_out;            // of a budget
  std::string budget_text;                      // what the budget chose, for a person; empty without one
  std::vector<std::string> notices;             // which devices are left out, and why
  std::map<std::string, std::string> absences;  // why an adapter has no device, or a device cannot be opened
  /// The devices as run.json keeps them.
  [[nodiscard]] std::vector<RunDevice> run_devices() const;
  /// As --resume compares it with what a run began with.
  [[nodiscard]] Here here() const { return {suite, devices, cases, absences}; }
};
/// How a command asks drivers: who has not answered after two seconds is told on standard error.
[[nodiscard]] InventoryOptions asked_from(std::string executable, std::vector<std::string> devices = {});

/// Takes the inventory and plans, within the budget if there is one, or of the problems in `chosen` if there
/// are any. Throws UsageError: unknown suite, device, problem …, nothing selected.
[[nodiscard]] Campaign plan_campaign(const Selection& selection, const std::vector<std::string>& chosen = {});

struct ChosenParameters {
  ParameterSource source;
  std::vector<std::string> notices;  // what of the tuning files cannot be used, and why
};
/// What `moat tune` found for the devices, from the selection's folder or that of `store`. Throws UsageError
/// if a folder that was asked for is not there.
[[nodiscard]] ChosenParameters tuned_parameters(const Selection& selection, const std::string& store,
                                                std::span<const ListedDevice> devices);
[[nodiscard]] WorkerSettings worker_settings(const Selection& selection, const Suite& suite);
/// For a single round.
[[nodiscard]] BudgetLimits budget_limits(const Selection& selection, const Suite& suite);
/// What the selection asks for, or else the suite.
[[nodiscard]] std::uint64_t rounds_of(const Selection& selection, const Suite& suite);

}  // namespace moat
