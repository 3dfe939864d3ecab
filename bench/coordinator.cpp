// From planned cases to records.
#include "bench/coordinator.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "bench/measure/rounds.h"
#include "bench/tune/tuned.h"
#include "results/figures.h"
#include "results/store/run.h"

namespace moat {
namespace {

/// How long a case was in each phase, by the clock of this process, so that one that never came back is
/// charged, too.
class PhaseClock {
 public:
  void enter(std::string_view phase) {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - since_).count();
    since_ = now;
    if (is_first_use_) first_use_ += seconds;
    total_ += seconds;
    is_first_use_ = phase == "prepare" || phase == "first call";
  }
  /// Opening the device, compiling, and the first execution, in which some libraries tune themselves.
  [[nodiscard]] double first_use_seconds() const { return first_use_; }
  [[nodiscard]] double total_seconds() const { return total_; }

 private:
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
  bool is_first_use_ = true;
  double first_use_ = 0;
  double total_ = 0;
};

}  // namespace

std::string command_of(const Case& identity, const std::optional<std::string>& kernel_dir) {
  std::vector<std::string> words{"moat", "run"};
  const auto add = [&](const char* option, std::string value) {
    words.insert(words.end(), {option, std::move(value)});
  };
  add("--device", identity.device);
  add("--implementation", identity.implementation);
  add("--problem", identity.problem);
  const Conditions usual;
  const Conditions& conditions = identity.conditions;
  if (conditions.data != usual.data) add("--data", std::string(name(conditions.data)));
  if (conditions.cache != usual.cache) add("--cache", std::string(name(conditions.cache)));
  if (conditions.seed != usual.seed) add("--seed", std::to_string(conditions.seed));
  if (kernel_dir) add("--kernel-dir", absolute_path(*kernel_dir).string());
  return shell_command(words);
}

Coordinator::Coordinator(std::vector<PlannedCase> cases, std::vector<Turn> turns,
                         std::span<const ListedDevice> devices, std::string suite,
                         const WorkerSettings& worker, BudgetLimits budget, Listeners listeners,
                         ParameterSource parameters)
    : cases_(std::move(cases)),
      turns_(std::move(turns)),
      rounds_(budget.rounds),
      suite_(std::move(suite)),
      kernel_dir_(worker.runner.kernel_dir),
      listeners_(std::move(listeners)),
      parameters_(std::move(parameters)) {
  for (const ListedDevice& device : devices) {
    lanes_.emplace(device.id, Lane{device, std::make_unique<DeviceWorker>(device, worker), Budget(budget)});
  }
  for (const Turn& turn : turns_) {
    if (turn.round == 1) groups_[turn.group].push_back(turn.index);
  }
}

std::vector<std::string> Coordinator::turn_names() const {
  std::vector<std::string> names;
  names.reserve(turns_.size());
  for (const Turn& turn : turns_) names.push_back(turn_name(cases_.at(turn.index), turn.round));
  return names;
}

Coordinator::Lane& Coordinator::lane_of(const std::string& device) {
  const auto found = lanes_.find(device);
  if (found == lanes_.end()) throw UsageError(fmt::format("no device '{}' on this machine", device));
  found->second.is_used = true;
  return found->second;
}

void Coordinator::activate(Lane& lane) {
  // Two devices can be the same processor seen twice: an idle worker's threads must not disturb.
  if (active_ != nullptr && active_ != &lane) active_->worker->pause();
  active_ = &lane;
}

void Coordinator::finish() {
  for (auto& [id, lane] : lanes_) {
    if (!std::exchange(lane.is_used, false)) continue;
    activate(lane);
    const std::optional<Json> process = lane.worker->describe();
    lane.worker->stop();
    if (listeners_.on_leave) {
      listeners_.on_leave(id, process.value_or("unavailable: no worker was running at the end of the cases"));
    }
  }
  active_ = nullptr;
}

void Coordinator::remember(const Record& record) {
  const auto found = lanes_.find(record.identity.device);
  if (found == lanes_.end()) return;
  Budget& budget = found->second.budget;
  if (record.status == Status::skipped) {
    // Only for what it predicts: the case stays skipped.
    static_cast<void>(budget.too_long(record.identity, record.types, record.work));
  }
  const Effort effort = record.effort.value_or(Effort{});
  const double first_use = effort.compile_seconds + effort.first_call_seconds;
  budget.add(record, effort.total_seconds - first_use, first_use);
  if (!progress_of(record).is_open() || rounds_ == 1) return;
  const auto planned = std::find_if(cases_.begin(), cases_.end(),
                                    [&](const PlannedCase& one) { return one.identity == record.identity; });
  if (planned != cases_.end()) standing_[static_cast<std::size_t>(planned - cases_.begin())] = record;
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

double Coordinator::expected_seconds(const Turn& turn, const Budget& budget) const {
  double seconds = 0;
  for (const std::size_t index : groups_.at(turn.group)) {
    const PlannedCase& planned = cases_[index];
    if (planned.unsupported || (turn.round > 1 && !standing_.contains(index))) continue;
    seconds += budget.expected_seconds(planned.identity, planned.problem->types(), planned.problem->work());
  }
  return seconds;
}

/// Decided once for a round of a group: either all its cases are measured or none, since one alone compares
/// with nothing.
const std::optional<std::string>& Coordinator::excess(const Turn& turn, const Lane& lane) {
  const auto [decided, is_new] = excesses_.try_emplace(GroupRound{turn.group, turn.round});
  if (is_new && !turn.is_roof) decided->second = lane.budget.exceeded_by(expected_seconds(turn, lane.budget));
  return decided->second;
}

Record Coordinator::outcome(const PlannedCase& planned, const Turn& turn, Lane& lane) {
  Record record = blank(planned, lane);
  const auto ended = [&record](Status status, const std::string& reason) {
    record.status = status;
    record.reason = reason;
    return record;
  };
  if (turn.round == 1) {
    if (planned.unsupported) return ended(Status::unsupported, planned.unsupported->reason);
    if (const auto reason = lane.budget.too_long(planned.identity, record.types, record.work))
      return ended(Status::skipped, *reason);
    if (const auto& reason = excess(turn, lane)) return ended(Status::skipped, *reason);
    if (const auto reason = lane.budget.first_uses_exceeded(planned.identity.implementation))
      return ended(Status::skipped, *reason);
  }
  return run(planned, turn, lane, record);
}

Record Coordinator::run(const PlannedCase& planned, const Turn& turn, Lane& lane, Record& blank) {
  RunRequest request;
  request.round = turn.round;
  request.rounds = rounds_;
  const auto earlier = standing_.find(turn.index);
  if (turn.round > 1) request.known_seconds = figures(earlier->second).median_seconds.value_or(0);
  if (parameters_.choose) request.parameters = parameters_.choose(lane.device, planned);
  if (request.parameters.values) {  // for the case that does not come back, too
    blank.parameters = *request.parameters.values;
    blank.parameters_source = request.parameters.source;
  }
  if (parameters_.folder == no_tuning) {
    blank.command += " --tuning none";
  } else if (request.parameters.values) {
    blank.command += " --tuning " + shell_quoted(absolute_path(parameters_.folder).string());
  }
  activate(lane);
  PhaseClock clock;
  const OnPhase on_phase = [&](std::string_view phase) {
    clock.enter(phase);
    if (listeners_.on_phase) listeners_.on_phase(phase);
  };
  Record record = lane.worker->run(blank, on_phase, request);
  clock.enter("end");
  // What the first call computes is no cost of a first use.
  const double first_use =
      std::max(0.0, clock.first_use_seconds() - figures(record).median_seconds.value_or(0));
  const double paused = lane.worker->paused_seconds();
  lane.budget.add(record, std::max(0.0, clock.total_seconds() - first_use - paused), first_use);
  return record;
}

std::optional<Record> Coordinator::measure(const Turn& turn) {
  const PlannedCase& planned = cases_.at(turn.index);
  Lane& lane = lane_of(planned.identity.device);
  const auto earlier = standing_.find(turn.index);
  if (earlier != standing_.end()) {
    if (progress_of(earlier->second).rounds >= turn.round) return std::nullopt;
    if (excess(turn, lane)) return std::nullopt;
  } else if (turn.round > 1) {
    return std::nullopt;
  }
  if (listeners_.on_begin) listeners_.on_begin(planned.identity);
  const auto begin = std::chrono::steady_clock::now();
  Record record = outcome(planned, turn, lane);
  if (earlier != standing_.end()) record = joined(std::move(earlier->second), record, turn.round, rounds_);
  if (rounds_ > 1) {
    if (progress_of(record).is_open()) {
      standing_[turn.index] = record;
    } else {
      standing_.erase(turn.index);
    }
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (listeners_.on_end) listeners_.on_end(record, seconds);
  return record;
}

}  // namespace moat
