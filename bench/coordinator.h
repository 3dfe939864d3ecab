// Sends planned cases one by one to the workers of their devices and passes the records on to listeners. Must
// not know the command line or how anything is shown.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/plan/budget.h"
#include "bench/plan/order.h"
#include "bench/plan/plan.h"
#include "bench/worker/worker.h"

namespace moat {

/// Called around each case; all optional.
struct Listeners {
  std::function<void(const Case&)> on_begin;
  OnPhase on_phase;
  /// The case's record with all its rounds so far.
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
  /// `turns` are of `cases`, and `devices` must include all devices that these name.
  Coordinator(std::vector<PlannedCase> cases, std::vector<Turn> turns, std::span<const ListedDevice> devices,
              std::string suite, const WorkerSettings& worker, BudgetLimits budget, Listeners listeners,
              ParameterSource parameters = {});

  [[nodiscard]] const std::vector<Turn>& turns() const { return turns_; }
  /// One for each turn.
  [[nodiscard]] std::vector<std::string> turn_names() const;
  /// Runs a turn's case, or records that it is unsupported or exceeds the budget. Nothing where a round is
  /// left out: the case has failed before, the round is there already, or the budget holds no more. A
  /// device's worker process lives until finish(); only one of them runs at a time, the others are stopped.
  std::optional<Record> measure(const Turn& turn);
  /// Charges a record of an earlier part of a resumed run to the budget, uses it for predictions, and goes on
  /// with its rounds.
  void remember(const Record& record);
  /// Ends the workers.
  void finish();

 private:
  struct Lane {
    ListedDevice device;
    std::unique_ptr<DeviceWorker> worker;
    Budget budget;
    bool is_used = false;
  };
  using GroupRound = std::pair<std::size_t, std::uint64_t>;  // a group of turns, and one of its rounds
  [[nodiscard]] Record blank(const PlannedCase& planned, const Lane& lane) const;
  [[nodiscard]] Record run(const PlannedCase& planned, const Turn& turn, Lane& lane, Record& blank);
  [[nodiscard]] Record outcome(const PlannedCase& planned, const Turn& turn, Lane& lane);
  [[nodiscard]] const std::optional<std::string>& excess(const Turn& turn, const Lane& lane);
  [[nodiscard]] double expected_seconds(const Turn& turn, const Budget& budget) const;
  Lane& lane_of(const std::string& device);
  void activate(Lane& lane);

  std::vector<PlannedCase> cases_;
  std::vector<Turn> turns_;
  std::map<std::size_t, std::vector<std::size_t>> groups_;     // the cases of each
  std::map<GroupRound, std::optional<std::string>> excesses_;  // why the budget does not hold a group's round
  std::map<std::size_t, Record> standing_;                     // by case: open, and rounds are to come
  std::uint64_t rounds_ = 1;
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
