// From planned cases to records.
#include "bench/coordinator.h"

#include <fmt/format.h>

#include <chrono>

#include "base/error.h"
#include "base/json.h"
#include "bench/tune/tuned.h"
#include "results/store/run.h"

namespace moat {

std::string command_of(const Case& identity, const std::optional<std::string>& kernel_dir) {
  std::string text = fmt::format("moat run --device {} --implementation {} --problem {}", identity.device,
                                 identity.implementation, identity.problem);
  const Conditions usual;
  const Conditions& conditions = identity.conditions;
  if (conditions.data != usual.data) text += fmt::format(" --data {}", name(conditions.data));
  if (conditions.cache != usual.cache) text += fmt::format(" --cache {}", name(conditions.cache));
  if (conditions.seed != usual.seed) text += fmt::format(" --seed {}", conditions.seed);
  if (kernel_dir) text += fmt::format(" --kernel-dir '{}'", *kernel_dir);
  return text;
}

Coordinator::Coordinator(std::vector<PlannedCase> cases, std::span<const ListedDevice> devices,
                         std::string suite, const WorkerSettings& worker, BudgetLimits budget,
                         Listeners listeners, ParameterSource parameters)
    : cases_(std::move(cases)),
      suite_(std::move(suite)),
      kernel_dir_(worker.runner.kernel_dir),
      listeners_(std::move(listeners)),
      parameters_(std::move(parameters)) {
  for (const ListedDevice& device : devices) {
    lanes_.emplace(device.id, Lane{device, std::make_unique<DeviceWorker>(device, worker), Budget(budget)});
  }
}

std::vector<std::string> Coordinator::case_ids() const {
  std::vector<std::string> ids;
  ids.reserve(cases_.size());
  for (const PlannedCase& planned : cases_) ids.push_back(planned.identity.id());
  return ids;
}

Coordinator::Lane& Coordinator::lane_of(const std::string& device) {
  const auto found = lanes_.find(device);
  if (found == lanes_.end()) throw UsageError(fmt::format("no device '{}' on this machine", device));
  // Two devices can be the same processor seen twice: an idle worker's threads and memory must not disturb.
  if (active_ != &found->second) leave_lane();
  active_ = &found->second;
  return *active_;
}

void Coordinator::leave_lane() {
  if (active_ == nullptr) return;
  const std::optional<Json> process = active_->worker->describe();
  active_->worker->stop();
  if (listeners_.on_leave) {
    listeners_.on_leave(active_->device.id,
                        process.value_or("unavailable: no worker was running at the end of the cases"));
  }
  active_ = nullptr;
}

void Coordinator::remember(const Record& record) {
  const auto found = lanes_.find(record.identity.device);
  if (found == lanes_.end()) return;
  Budget& budget = found->second.budget;
  if (record.status == Status::skipped) {
    // Only for what it predicts: the case stays skipped.
    static_cast<void>(budget.exceeded_by(record.identity, record.types, record.work));
  }
  budget.add(record, record.effort ? record.effort->total_seconds : 0);
}

Record Coordinator::blank(const PlannedCase& planned, const Lane& lane) const {
  Record record;
  record.identity = planned.identity;
  record.adapter = lane.device.adapter;
  record.device_name = lane.device.info.name;
  record.driver = lane.device.info.driver;
  record.operator_name = planned.problem->operator_name();
  record.types = planned.problem->types();
  record.work = planned.problem->work();
  record.provenance = lane.device.info.emulated ? Provenance::emulated : Provenance::measured;
  record.suite = suite_;
  record.workload = planned.workload;
  record.started_utc = utc_now();
  record.command = command_of(planned.identity, kernel_dir_);
  return record;
}

Record Coordinator::outcome(const PlannedCase& planned, Lane& lane) {
  Record record = blank(planned, lane);
  if (planned.unsupported) {
    record.status = Status::unsupported;
    record.reason = planned.unsupported->reason;
    return record;
  }
  if (const auto reason = lane.budget.exceeded_by(planned.identity, record.types, record.work)) {
    record.status = Status::skipped;
    record.reason = *reason;
    return record;
  }
  return run(planned, lane, record);
}

Record Coordinator::run(const PlannedCase& planned, Lane& lane, Record& blank) const {
  RunRequest request;
  if (parameters_.choose) request.parameters = parameters_.choose(lane.device, planned);
  if (request.parameters.values) {  // for the case that does not come back, too
    blank.parameters = *request.parameters.values;
    blank.parameters_source = request.parameters.source;
  }
  if (parameters_.folder == no_tuning) {
    blank.command += " --tuning none";
  } else if (request.parameters.values) {
    blank.command += fmt::format(" --tuning '{}'", parameters_.folder);
  }
  return lane.worker->run(
      blank, listeners_.on_phase ? listeners_.on_phase : [](std::string_view) {}, request);
}

Record Coordinator::measure(std::size_t index) {
  const PlannedCase& planned = cases_.at(index);
  Lane& lane = lane_of(planned.identity.device);
  if (listeners_.on_begin) listeners_.on_begin(planned.identity);
  const auto begin = std::chrono::steady_clock::now();
  Record record = outcome(planned, lane);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  lane.budget.add(record, seconds);
  if (listeners_.on_end) listeners_.on_end(record, seconds);
  return record;
}

}  // namespace moat
