// Sends planned cases one by one to the workers of their devices and passes the records on to listeners. Must
// not know the command line or how anything is shown.
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
  /// All cases of a device are done: `process` describes what its worker had loaded (environment.h).
  std::function<void(const std::string& device, const Json& process)> on_leave;
};

/// Chooses the parameters of the project's own kernels. Without `choose`, the shipped defaults are used.
struct ParameterSource {
  std::function<CaseParameters(const ListedDevice&, const PlannedCase&)> choose = {};
  std::string folder;  // the value of --tuning, which may be "none"
};

class Coordinator {
 public:
  /// `devices` must include all devices that the cases name.
  Coordinator(std::vector<PlannedCase> cases, std::span<const ListedDevice> devices, std::string suite,
              const WorkerSettings& worker, BudgetLimits budget, Listeners listeners,
              ParameterSource parameters = {});

  [[nodiscard]] const std::vector<PlannedCase>& cases() const { return cases_; }
  [[nodiscard]] std::vector<std::string> case_ids() const;
  /// Runs case `index`, or records that it is unsupported or exceeds the budget. Only one worker process
  /// exists at a time.
  Record measure(std::size_t index);
  /// Charges a record of an earlier part of a resumed run to the budget, and uses it for predictions.
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

/// The command line that reproduces a case. `kernel_dir`: the value of --kernel-dir, if it was given.
[[nodiscard]] std::string command_of(const Case& identity, const std::optional<std::string>& kernel_dir);

}  // namespace moat
