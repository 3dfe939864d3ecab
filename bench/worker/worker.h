// The process in which a device is opened and its cases run: what it is told, what it answers, and the side
// that tells it. A crash or a hang in here costs one case (docs/adr/0004). Must not know suites or the store.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/measure/runner.h"
#include "bench/worker/inventory.h"
#include "bench/worker/process.h"
#include "results/record.h"

namespace moat {

/// The worker's whole life: reads requests from child_request_fd until it closes, answers on child_reply_fd.
/// Requests, one JSON object a line, and their answers:
///   {"inventory": "opencl"}                              → {"inventory": …}
///   {"open": "opencl:0", "settings": …}                  → {"opened": true} or {"fault": "…"}
///   {"run": {case}, "parameters": …, "source": "…", "cap_seconds": …}
///                                                        → {"phase": "…"} …, {"record": {…}}
///   {"process": true}                                    → {"process": …}: libraries loaded, variables
///   obeyed
int worker_main();

struct WorkerSettings {
  std::string executable;  // this program, which becomes the worker as `<executable> worker`
  RunnerSettings runner;
  double timeout_seconds = 120;  // for one case, and for opening or listing devices
};

/// Every adapter's inventory, each taken in a process of its own.
[[nodiscard]] std::vector<ListedAdapter> take_inventory(const std::string& executable);

/// The coordinator's end: one device's worker, started when first needed and again after each death.
class DeviceWorker {
 public:
  DeviceWorker(ListedDevice device, WorkerSettings settings);

  /// Statuses crashed and timed-out are made here; the rest is the runner's. `blank` holds what is known
  /// beforehand.
  [[nodiscard]] Record run(const Record& blank, const OnPhase& on_phase, const RunRequest& request = {});
  /// What the living worker says of its process (environment.h); nothing if none lives.
  [[nodiscard]] std::optional<Json> describe();
  /// Ends the process, so that it takes no time or memory from another device's.
  void stop() { process_.reset(); }

 private:
  struct Refusal {
    Status status = Status::error;
    std::string reason;
    std::string log = {};
  };
  [[nodiscard]] std::optional<Refusal> open();

  ListedDevice device_;
  WorkerSettings settings_;
  std::unique_ptr<ChildProcess> process_;
};

/// "opencl:1" → {"opencl", 1}. Throws UsageError.
[[nodiscard]] std::pair<std::string, std::size_t> split_device_id(const std::string& id);

}  // namespace moat
