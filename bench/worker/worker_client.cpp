// The coordinator's end of a worker process.
#include <fmt/format.h>

#include "adapters/registry.h"
#include "base/error.h"
#include "bench/worker/worker.h"
#include "bench/worker/worker_messages.h"
#include "results/json.h"

namespace moat {
namespace {

std::chrono::steady_clock::time_point from_now(double seconds) {
  return std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                                std::chrono::duration<double>(seconds));
}

Record ended(const Record& blank, Status status, std::string reason, std::string log) {
  Record record = blank;
  record.status = status;
  record.reason = std::move(reason);
  record.log = std::move(log);
  return record;
}

ListedAdapter list_in_child(const std::string& executable, const std::string& name) {
  constexpr double patience_seconds = 60;
  ListedAdapter lost;
  lost.name = name;
  ChildProcess child({executable, "worker"});
  child.send(strict_json({{"inventory", name}}));
  std::string line;
  switch (child.receive(line, from_now(patience_seconds))) {
    case ChildProcess::Reply::line:
      return parse_inventory(parse_json(line, "worker").at("inventory"));
    case ChildProcess::Reply::timed_out:
      lost.absence = fmt::format("its driver did not answer within {} s", patience_seconds);
      break;
    case ChildProcess::Reply::ended:
      lost.absence = fmt::format("its driver ended the process while listing devices: {}", child.end());
      if (!child.last_words().empty()) lost.absence += "; last words: " + child.last_words();
      break;
  }
  return lost;
}

}  // namespace

std::vector<ListedAdapter> take_inventory(const std::string& executable) {
  std::vector<ListedAdapter> adapters;
  for (const auto& adapter : make_adapters())
    adapters.push_back(list_in_child(executable, std::string(adapter->name())));
  return adapters;
}

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
  if (process_) return std::nullopt;
  process_ = std::make_unique<ChildProcess>(std::vector<std::string>{settings_.executable, "worker"});
  process_->send(strict_json({{"open", device_.id}, {"settings", settings_json(settings_.runner)}}));
  std::string line;
  Refusal refusal;
  switch (process_->receive(line, from_now(settings_.timeout_seconds))) {
    case ChildProcess::Reply::line: {
      const Json reply = parse_json(line, "worker");
      if (reply.contains("opened")) return std::nullopt;
      refusal = {Status::error, reply.value("fault", "the worker gave an unexpected reply")};
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

std::optional<Json> DeviceWorker::describe() {
  constexpr double patience_seconds = 10;
  std::string line;
  if (!process_ || !process_->send(strict_json({{"process", true}}))) return std::nullopt;
  if (process_->receive(line, from_now(patience_seconds)) != ChildProcess::Reply::line) return std::nullopt;
  return parse_json(line, "worker").at("process");
}

Record DeviceWorker::run(const Record& blank, const OnPhase& on_phase, const RunRequest& request) {
  if (const auto refusal = open()) return ended(blank, refusal->status, refusal->reason, refusal->log);
  process_->send(strict_json(request_json(blank.identity, request)));
  const auto deadline = from_now(settings_.timeout_seconds);
  std::string phase = "start";
  std::string line;
  while (true) {
    switch (process_->receive(line, deadline)) {
      case ChildProcess::Reply::line: {
        const Json reply = parse_json(line, "worker");
        if (reply.contains("record")) {
          Record record = parse_record(reply.at("record").dump(), "worker");
          record.suite = blank.suite;
          record.workload = blank.workload;
          record.command = blank.command;
          return record;
        }
        phase = reply.value("phase", phase);
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
