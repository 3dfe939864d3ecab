// Searches in worker processes, outcomes in files.
#include "bench/tune/tuner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <system_error>

#include "base/error.h"
#include "kernels/candidates.h"
#include "results/figures.h"
#include "results/store/run.h"

namespace moat {
namespace {

FileLock lock_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw UsageError(file_failure("cannot create", folder, error.value()));
  return FileLock(folder / "lock", "moat tune");
}

TuningQuery query_of(const TuningTask& task) {
  const DeviceInfo& info = task.device.info;
  return {tuning_device(info),   info.driver, *task.implementation, task.planned.identity.implementation,
          *task.planned.problem, info.traits};
}

Trial trial_of(const Record& record) {
  // A candidate that was disturbed is compared all the same: the best ones are measured again.
  if (record.status != Status::ok && record.status != Status::disturbed)
    return {0, fmt::format("{}: {}", name(record.status), record.reason)};
  return {figures(record).median_seconds.value_or(0), ""};
}

}  // namespace

std::string_view name(TuningReport::Outcome outcome) {
  static constexpr std::array<std::string_view, 5> names{"tuned", "kept default", "known",
                                                         "nothing to search", "failed"};
  return names.at(static_cast<std::size_t>(outcome));
}

std::vector<TuningTask> tuning_tasks(std::vector<PlannedCase> cases, std::span<const ListedDevice> devices) {
  std::vector<TuningTask> tasks;
  tasks.reserve(cases.size());
  for (PlannedCase& planned : cases) {
    TuningTask task{std::move(planned), {}, nullptr, {}, {}};
    const Case& identity = task.planned.identity;
    task.device = *std::find_if(devices.begin(), devices.end(),
                                [&](const ListedDevice& device) { return device.id == identity.device; });
    const Traits& traits = task.device.info.traits;
    const Problem& problem = *task.planned.problem;
    task.implementation = own_implementation(problem, identity.implementation, traits.language);
    if (task.planned.unsupported) {
      task.obstacle = "unsupported: " + task.planned.unsupported->reason;
    } else if (task.implementation == nullptr) {
      task.obstacle = identity.implementation + " has no parameters that moat can tune";
    } else {
      task.candidates = parameters_to_try(*task.implementation, problem, traits);
      if (task.candidates.size() < 2)
        task.obstacle = fmt::format("{} of {} has no candidates besides its default", identity.implementation,
                                    problem.operator_name());
    }
    tasks.push_back(std::move(task));
  }
  return tasks;
}

Tuner::Tuner(std::filesystem::path folder, WorkerSettings settings, SearchLimits limits)
    : folder_(std::move(folder)),
      settings_(std::move(settings)),
      limits_(limits),
      lock_(lock_folder(folder_)) {}

std::string Tuner::digest(const TuningTask& task, const Plan& plan) const {
  return kernels_digest(plan, task.device.info.traits.language, settings_.runner.kernel_dir);
}

TuningReport Tuner::tune(const TuningTask& task, bool again,
                         const std::function<void(const SearchStep&)>& on_step) {
  using Outcome = TuningReport::Outcome;
  if (!task.obstacle.empty()) return {Outcome::nothing, task.obstacle, std::nullopt, {}};
  if (device_ != task.device.id) {
    worker_.reset();  // an idle worker's threads and memory must not disturb the next device's
    file_ = read_tuning(folder_, tuning_device(task.device.info));
    worker_ = std::make_unique<DeviceWorker>(task.device, settings_);
    device_ = task.device.id;
  }
  const TuningQuery query = query_of(task);
  for (const TunedProblem& known : file_.problems) {
    if (again || known.implementation != query.record_name || known.problem != query.problem.key()) continue;
    if (staleness(known, query, [&](const Plan& plan) { return digest(task, plan); }).empty()) {
      return {
          Outcome::known, fmt::format("tuned {}; --again repeats the search", known.tuned_utc), known, {}};
    }
  }
  SearchOutcome found = search(task, on_step);
  if (!found.found) {
    const std::string reason = found.faults.empty()
                                   ? "no candidate has a result"
                                   : "no candidate is correct: " + found.faults.front().second;
    return {Outcome::failed, reason, std::nullopt, std::move(found)};
  }
  TunedProblem tuned = result_of(task, found);
  file_.put(tuned);
  write_tuning(folder_, file_);
  return {found.keeps_default ? Outcome::kept : Outcome::tuned, "", std::move(tuned), std::move(found)};
}

SearchOutcome Tuner::search(const TuningTask& task, const std::function<void(const SearchStep&)>& on_step) {
  const auto begin = std::chrono::steady_clock::now();
  Record blank;
  blank.identity = task.planned.identity;
  SearchHooks hooks;
  hooks.measure = [&](const Parameters& parameters, double cap_seconds) {
    const RunRequest request{{parameters, "candidate"}, cap_seconds};
    return trial_of(worker_->run(
        blank, [](std::string_view) {}, request));
  };
  hooks.elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  hooks.on_step = on_step;
  return search_parameters(task.candidates, limits_, hooks);
}

TunedProblem Tuner::result_of(const TuningTask& task, const SearchOutcome& found) const {
  const TuningQuery query = query_of(task);
  const OrUnsupported<Plan> plan = query.implementation.plan(query.problem, query.traits, found.parameters);
  TunedProblem tuned;
  tuned.implementation = query.record_name;
  tuned.problem = query.problem.key();
  tuned.driver = query.driver;
  tuned.kernels = digest(task, std::get<Plan>(plan));
  tuned.parameters = found.parameters;
  tuned.keeps_default = found.keeps_default;
  tuned.seconds = found.seconds;
  tuned.default_seconds = found.default_seconds;
  tuned.candidates = found.tried;
  tuned.tuned_utc = utc_now();
  return tuned;
}

}  // namespace moat
