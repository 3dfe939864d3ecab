// Takes planned cases one by one to their devices' workers and their records to whoever keeps them. Must not
// know the command line or how anything is shown.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bench/plan/budget.h"
#include "bench/plan/plan.h"
#include "bench/worker/worker.h"

namespace moat {

/// Called around each case; all optional.
struct Listeners {
  std::function<void(const Case&)> on_begin;
  OnPhase on_phase;
  std::function<void(const Record&, double wall_seconds)> on_end;
  /// A device's cases are through: what its worker's process had loaded (environment.h).
  std::function<void(const std::string& device, const Json& process)> on_leave;
};

/// Where the parameters of the project's own kernels come from. Without `choose`: the shipped defaults.
struct ParameterSource {
  std::function<CaseParameters(const ListedDevice&, const PlannedCase&)> choose = {};
  std::string folder;  // as --tuning takes it; "none" if that was asked for
};

class Coordinator {
 public:
  /// `devices`: at least those the cases name.
  Coordinator(std::vector<PlannedCase> cases, std::span<const ListedDevice> devices, std::string suite,
              const WorkerSettings& worker, BudgetLimits budget, Listeners listeners,
              ParameterSource parameters = {});

  [[nodiscard]] const std::vector<PlannedCase>& cases() const { return cases_; }
  [[nodiscard]] std::vector<std::string> case_ids() const;
  /// Runs case `index`, or finds that it is unsupported or beyond the budget; only one device's worker lives
  /// at a time.
  Record measure(std::size_t index);
  /// Takes a record of an earlier part of the run into account: its time, and what it predicts.
  void remember(const Record& record);
  /// Ends the last worker.
  void finish() { leave_lane(); }

 private:
  struct Lane {
    ListedDevice device;
    std::unique_ptr<DeviceWorker> worker;
    Budget budget;
  };
  [[nodiscard]] Record blank(const PlannedCase& planned, const Lane& lane) const;
  [[nodiscard]] Record run(const PlannedCase& planned, Lane& lane, Record& blank) const;
  [[nodiscard]] Record outcome(const PlannedCase& planned, Lane& lane);
  Lane& lane_of(const std::string& device);
  void leave_lane();

  std::vector<PlannedCase> cases_;
  std::string suite_;
  std::optional<std::string> kernel_dir_;
  Listeners listeners_;
  ParameterSource parameters_;
  std::map<std::string, Lane> lanes_;
  Lane* active_ = nullptr;
};

/// The command line that reproduces a case. `kernel_dir` as it was given, if it was.
[[nodiscard]] std::string command_of(const Case& identity, const std::optional<std::string>& kernel_dir);

}  // namespace moat
