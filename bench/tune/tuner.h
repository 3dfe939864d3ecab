// Tunes one problem after another: determines which are left, searches in the device's worker, and stores the
// outcomes in files. Must not know the command line or how anything is shown.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "bench/plan/plan.h"
#include "bench/tune/search.h"
#include "bench/tune/tuned.h"
#include "bench/worker/worker.h"

namespace moat {

/// A problem to tune on a device.
struct TuningTask {
  PlannedCase planned;
  ListedDevice device;
  const Implementation* implementation = nullptr;  // nullptr for a library
  std::vector<Parameters> candidates;              // the default first
  std::string obstacle;                            // why there is nothing to search; empty if there is
};

/// A task per case, in order.
[[nodiscard]] std::vector<TuningTask> tuning_tasks(std::vector<PlannedCase> cases,
                                                   std::span<const ListedDevice> devices);

struct TuningReport {
  enum class Outcome : std::uint8_t { tuned, kept, known, nothing, failed };
  Outcome outcome = Outcome::failed;
  std::string reason;                 // of `known`, `nothing` and `failed`
  std::optional<TunedProblem> tuned;  // of `tuned`, `kept` and `known`
  SearchOutcome search;               // of `tuned`, `kept` and `failed`
};
[[nodiscard]] std::string_view name(TuningReport::Outcome outcome);  // "tuned", "kept default", "known", …

class Tuner {
 public:
  /// Creates `folder` if it is missing, and locks it during the life of the object. Throws UsageError if it
  /// cannot be written, if another process tunes there, or if a file cannot be read (it is not overwritten).
  Tuner(std::filesystem::path folder, WorkerSettings settings, SearchLimits limits);

  /// Searches, unless the file has a current outcome and `again` is false.
  /// The outcome is stored when the function returns.
  [[nodiscard]] TuningReport tune(const TuningTask& task, bool again,
                                  const std::function<void(const SearchStep&)>& on_step);

 private:
  [[nodiscard]] SearchOutcome search(const TuningTask& task,
                                     const std::function<void(const SearchStep&)>& on_step);
  [[nodiscard]] TunedProblem result_of(const TuningTask& task, const SearchOutcome& found) const;
  [[nodiscard]] std::string digest(const TuningTask& task, const Plan& plan) const;

  std::filesystem::path folder_;
  WorkerSettings settings_;
  SearchLimits limits_;
  FileLock lock_;
  std::string device_;  // the device of `worker_` and `file_`
  std::unique_ptr<DeviceWorker> worker_;
  TuningFile file_;
};

}  // namespace moat
