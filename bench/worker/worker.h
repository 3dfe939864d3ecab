// The worker process, in which a device is opened and its cases run, with its requests and replies, and the
// coordinator's end of the connection. A crash or a hang here costs one case (docs/adr/0004). Must not know
// suites or the store.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json_fields.h"
#include "bench/environment/memory_kills.h"
#include "bench/measure/runner.h"
#include "bench/plan/listed_device.h"
#include "bench/worker/process.h"
#include "bench/worker/worker_messages.h"
#include "results/record.h"

namespace moat {

/// The worker's main function:
/// reads requests (worker_messages.h) from child_request_fd until it closes, replies on child_reply_fd.
int worker_main();

struct WorkerSettings {
  std::string executable;  // this program, which becomes the worker as `<executable> worker`
  RunnerSettings runner;
  double timeout_seconds = 120;  // for one case, and for opening or listing devices
};

/// The coordinator's end: the worker of one device, started on first use and again whenever it has died.
class DeviceWorker {
 public:
  DeviceWorker(ListedDevice device, WorkerSettings settings);

  /// Sets the statuses crashed and timed-out, and out-of-memory where the kernel ended the worker for want of
  /// it; all others come from the runner. `blank` contains what is known beforehand. A worker that cannot be
  /// started says nothing of the case: throws CannotStart.
  [[nodiscard]] Record run(const Record& blank, const OnPhase& on_phase, const RunRequest& request = {});
  /// Of the latest case: seconds in which this process did not run.
  [[nodiscard]] double paused_seconds() const { return paused_seconds_; }
  /// describe_process (environment.h) of the running worker; nullopt if none is running.
  [[nodiscard]] std::optional<Json> describe();
  /// Stops the process until its next case, so that it takes no time from another device's worker. What it
  /// has loaded and compiled stays.
  void pause();
  /// Ends the process.
  void stop() { process_.reset(); }

 private:
  struct Refusal {
    Status status = Status::error;
    std::string reason;
    std::string log = {};
  };
  [[nodiscard]] std::optional<Refusal> open();
  [[nodiscard]] Refusal death(const MemoryKills& before, const std::string& when) const;

  ListedDevice device_;
  WorkerSettings settings_;
  std::unique_ptr<ChildProcess> process_;
  double paused_seconds_ = 0;
};

/// What a process wrote last, on one line and at most 300 bytes: the end of it, where the cause stands.
[[nodiscard]] std::string last_line_text(std::string_view words);

struct WorkerReply {
  ChildProcess::Reply reply = ChildProcess::Reply::ended;
  std::optional<WorkerAnswer> answer;  // if there was one
  std::string loading;                 // the library that the process was opening then; empty if none
};
/// The next answer that is no LoadingAnswer. Throws UsageError for what is no message.
[[nodiscard]] WorkerReply receive_answer(ChildProcess& process, Patience& patience);

/// "opencl:1" → {"opencl", 1}. Throws UsageError.
[[nodiscard]] std::pair<std::string, std::size_t> split_device_id(const std::string& id);

}  // namespace moat
