// The coordinator's end of a worker process.
#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "adapters/common/compiled_kernels.h"
#include "base/error.h"
#include "base/exhaustion.h"
#include "base/json.h"
#include "base/text.h"
#include "bench/worker/worker.h"
#include "bench/worker/worker_messages.h"

namespace moat {
namespace {

constexpr const char* unexpected_answer = "the worker gave an unexpected reply";

template <class Refusal>
Record ended(const Record& blank, const Refusal& refusal) {
  Record record = blank;
  record.status = refusal.status;
  record.reason = refusal.reason;
  record.log = refusal.log;
  return record;
}

/// The phases in which a driver reads what it compiled earlier.
bool uses_compiled(std::string_view phase) {
  return phase == "prepare" || phase == "first call";
}

/// With what the coordinator knows. A figure of another device than the one that was asked for is none: its
/// index may name another one since the inventory was taken.
Record completed(Record record, const Record& blank) {
  record.suite = blank.suite;
  record.workload = blank.workload;
  record.command = blank.command;
  const bool is_known = !blank.device_name.empty() && !record.device_name.empty();
  if (is_known && (record.device_name != blank.device_name || record.driver != blank.driver)) {
    Record refused = blank;
    refused.status = Status::error;
    refused.reason = fmt::format("{} is now {} ({}), not {} ({})", blank.identity.device, record.device_name,
                                 record.driver, blank.device_name, blank.driver);
    return refused;
  }
  return record;
}

std::string while_loading(const std::string& file) {
  return file.empty() ? "" : fmt::format(" and loading {}", file);
}

}  // namespace

WorkerReply receive_answer(ChildProcess& process, Patience& patience) {
  WorkerReply made;
  std::string line;
  while ((made.reply = process.receive(line, patience)) == ChildProcess::Reply::line) {
    WorkerAnswer answer = parse_answer(line);
    const auto* loading = std::get_if<LoadingAnswer>(&answer);
    if (loading == nullptr) {
      made.answer = std::move(answer);
      break;
    }
    made.loading = loading->file;
  }
  return made;
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

std::string last_line_text(std::string_view words) {
  constexpr std::size_t most = 300;
  std::string text = printable(words);
  const auto blank = [](char c) { return c == ' '; };
  text.erase(std::unique(text.begin(), text.end(), [&](char a, char b) { return blank(a) && blank(b); }),
             text.end());
  while (!text.empty() && blank(text.back())) text.pop_back();
  if (text.size() > most) {
    std::size_t begin = text.size() - most;
    while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xc0U) == 0x80U) ++begin;
    text = "…" + text.substr(begin);
  }
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

DeviceWorker::DeviceWorker(ListedDevice device, WorkerSettings settings)
    : device_(std::move(device)), settings_(std::move(settings)) {}

/// What the death of a worker says of the case.
DeviceWorker::Refusal DeviceWorker::death(const MemoryKills& before, const std::string& when) const {
  const std::string ending = process_->end();
  const std::string words = last_line_text(process_->last_words());
  const std::optional<int> status = process_->own_status();
  if (status && WIFSIGNALED(*status) && WTERMSIG(*status) == SIGKILL) {
    if (const std::string memory = exhausted_memory(before, memory_kills()); !memory.empty()) {
      return {
          Status::out_of_memory,
          fmt::format("the kernel's out-of-memory killer ended the worker {}: the case needs more than {}",
                      when, memory)};
    }
  }
  std::string reason = fmt::format("worker {} {}", ending, when);
  if (!words.empty()) reason += fmt::format("; its last words: {}", words);
  const int exhausted = exhausted_in(process_->last_words());
  if (exhausted != 0) reason += fmt::format("; {}", way_out(exhausted));
  return {exhausted == ENOMEM ? Status::out_of_memory : Status::crashed, reason};
}

// Nothing if the worker is ready, else how the case that needed it ends.
std::optional<DeviceWorker::Refusal> DeviceWorker::open() {
  if (process_) {
    process_->resume();
    return std::nullopt;
  }
  constexpr int not_executed = 127;  // by the dynamic linker, too, where a library is missing
  const MemoryKills before = memory_kills();
  process_ = std::make_unique<ChildProcess>(std::vector<std::string>{settings_.executable, "worker"});
  process_->send(message_text(OpenRequest{device_.id, device_.route, settings_.runner}));
  Patience patience(settings_.timeout_seconds);
  WorkerReply reply = receive_answer(*process_, patience);
  Refusal refusal;
  switch (reply.reply) {
    case ChildProcess::Reply::line: {
      if (std::holds_alternative<OpenedAnswer>(*reply.answer)) return std::nullopt;
      const auto* fault = std::get_if<FaultAnswer>(&*reply.answer);
      refusal = {Status::error, fault != nullptr ? fault->reason : unexpected_answer};
      break;
    }
    case ChildProcess::Reply::timed_out:
      refusal = {Status::timed_out, fmt::format("the device did not open within {} s{}",
                                                settings_.timeout_seconds, while_loading(reply.loading))};
      break;
    case ChildProcess::Reply::ended:
      refusal = death(before, "while opening the device" + while_loading(reply.loading));
      if (const auto status = process_->own_status();
          status && WIFEXITED(*status) && WEXITSTATUS(*status) == not_executed) {
        process_.reset();
        throw CannotStart(fmt::format("a worker process cannot be started: {}", refusal.reason));
      }
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
  Patience patience(patience_seconds);
  if (process_->receive(line, patience) != ChildProcess::Reply::line) return std::nullopt;
  WorkerAnswer answer = parse_answer(line);
  auto* described = std::get_if<ProcessAnswer>(&answer);
  if (described == nullptr) return std::nullopt;
  return *described->process;
}

Record DeviceWorker::run(const Record& blank, const OnPhase& on_phase, const RunRequest& request) {
  paused_seconds_ = 0;
  if (const auto refusal = open()) return ended(blank, *refusal);
  const MemoryKills before = memory_kills();
  process_->send(message_text(CaseRequest{blank.identity, request}));
  Patience patience(settings_.timeout_seconds);
  std::string phase = "start";
  std::string line;
  while (true) {
    const ChildProcess::Reply reply = process_->receive(line, patience);
    paused_seconds_ = patience.paused_seconds();
    if (reply == ChildProcess::Reply::line) {
      WorkerAnswer answer = parse_answer(line);
      if (auto* measured = std::get_if<RecordAnswer>(&answer))
        return completed(std::move(measured->record), blank);
      if (const auto* begun = std::get_if<PhaseAnswer>(&answer)) phase = begun->phase;
      on_phase(phase);
      continue;
    }
    Refusal refusal;
    if (reply == ChildProcess::Reply::timed_out) {
      process_->end();
      refusal = {Status::timed_out,
                 fmt::format("did not end within {} s, in phase '{}'", settings_.timeout_seconds, phase)};
    } else {
      refusal = death(before, fmt::format("in phase '{}'", phase));
      if (refusal.status == Status::crashed && uses_compiled(phase) &&
          exhausted_in(process_->last_words()) == 0)
        refusal.reason += compiled_kernels_hint(device_.info);
    }
    refusal.log = process_->last_words();
    process_.reset();
    return ended(blank, refusal);
  }
}

}  // namespace moat
