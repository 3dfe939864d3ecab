// The coordinator's end of a worker process.
#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "bench/worker/worker.h"
#include "bench/worker/worker_messages.h"

namespace moat {
namespace {

constexpr const char* unexpected_answer = "the worker gave an unexpected reply";

Record ended(const Record& blank, Status status, std::string reason, std::string log) {
  Record record = blank;
  record.status = status;
  record.reason = std::move(reason);
  record.log = std::move(log);
  return record;
}

}  // namespace

std::pair<std::string, std::size_t> split_device_id(const std::string& id) {
  const std::size_t colon = id.rfind(':');
  std::size_t used = 0;
  if (colon != std::string::npos && colon + 1 < id.size() && id.size() - colon < 8) {
    try {
      const unsigned long index = std::stoul(id.substr(colon + 1), &used);
      if (used == id.size() - colon - 1) return {id.substr(0, colon), index};
    } catch (const std::exception&) {  // falls through to the one message
    }
  }
  throw UsageError(
      fmt::format("'{}' is not a device; write adapter:index, such as opencl:0 (see moat devices)", id));
}

DeviceWorker::DeviceWorker(ListedDevice device, WorkerSettings settings)
    : device_(std::move(device)), settings_(std::move(settings)) {}

// Nothing if the worker is ready, else how the case that needed it ends.
std::optional<DeviceWorker::Refusal> DeviceWorker::open() {
  if (process_) {
    process_->resume();
    return std::nullopt;
  }
  process_ = std::make_unique<ChildProcess>(std::vector<std::string>{settings_.executable, "worker"});
  process_->send(message_text(OpenRequest{device_.id, settings_.runner}));
  std::string line;
  Refusal refusal;
  switch (process_->receive(line, from_now(settings_.timeout_seconds))) {
    case ChildProcess::Reply::line: {
      const WorkerAnswer answer = parse_answer(line);
      if (std::holds_alternative<OpenedAnswer>(answer)) return std::nullopt;
      const auto* fault = std::get_if<FaultAnswer>(&answer);
      refusal = {Status::error, fault != nullptr ? fault->reason : unexpected_answer};
      break;
    }
    case ChildProcess::Reply::timed_out:
      refusal = {Status::timed_out,
                 fmt::format("the device did not open within {} s", settings_.timeout_seconds)};
      break;
    case ChildProcess::Reply::ended:
      refusal = {Status::crashed, fmt::format("worker {} while opening the device", process_->end())};
      break;
  }
  refusal.log = process_->last_words();
  process_.reset();
  return refusal;
}

void DeviceWorker::pause() {
  if (process_) process_->pause();
}

std::optional<Json> DeviceWorker::describe() {
  constexpr double patience_seconds = 10;
  std::string line;
  if (process_) process_->resume();
  if (!process_ || !process_->send(message_text(ProcessRequest{}))) return std::nullopt;
  if (process_->receive(line, from_now(patience_seconds)) != ChildProcess::Reply::line) return std::nullopt;
  WorkerAnswer answer = parse_answer(line);
  auto* described = std::get_if<ProcessAnswer>(&answer);
  if (described == nullptr) return std::nullopt;
  return *described->process;
}

Record DeviceWorker::run(const Record& blank, const OnPhase& on_phase, const RunRequest& request) {
  if (const auto refusal = open()) return ended(blank, refusal->status, refusal->reason, refusal->log);
  process_->send(message_text(CaseRequest{blank.identity, request}));
  const auto deadline = from_now(settings_.timeout_seconds);
  std::string phase = "start";
  std::string line;
  while (true) {
    switch (process_->receive(line, deadline)) {
      case ChildProcess::Reply::line: {
        WorkerAnswer answer = parse_answer(line);
        if (auto* measured = std::get_if<RecordAnswer>(&answer)) {
          Record record = std::move(measured->record);
          record.suite = blank.suite;
          record.workload = blank.workload;
          record.command = blank.command;
          return record;
        }
        if (const auto* begun = std::get_if<PhaseAnswer>(&answer)) phase = begun->phase;
        on_phase(phase);
        break;
      }
      case ChildProcess::Reply::timed_out: {
        process_->end();
        Record record =
            ended(blank, Status::timed_out,
                  fmt::format("did not end within {} s, in phase '{}'", settings_.timeout_seconds, phase),
                  process_->last_words());
        process_.reset();
        return record;
      }
      case ChildProcess::Reply::ended: {
        const std::string ending = process_->end();
        Record record = ended(blank, Status::crashed, fmt::format("worker {} in phase '{}'", ending, phase),
                              process_->last_words());
        process_.reset();
        return record;
      }
    }
  }
}

}  // namespace moat
