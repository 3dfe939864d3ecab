// Asking an adapter in a process that may crash or hang. Must not know what is made of the answers.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bench/worker/process.h"
#include "bench/worker/worker.h"
#include "bench/worker/worker_messages.h"

namespace moat {

/// One adapter's worker, started on first use and again whenever it has ended. A library that ends it while
/// it is being opened is avoided the next time. To be used by one thread, with which its process ends.
class Probe {
 public:
  Probe(std::string executable, std::string adapter, double patience_seconds);

  /// An answer, or how the process ended: "ended the process that asked it: killed by signal 6 (SIGABRT)" or
  /// "did not answer within 20 s".
  struct Files {
    DriverFilesAnswer answer;
    std::string death;  // empty if there is an answer
  };
  [[nodiscard]] Files driver_files();
  struct Devices {
    InventoryAnswer answer;
    std::string death;
  };
  /// Of one driver alone, or of all that the adapter finds where `driver` has no file. The answer says which
  /// of `layers` do not load. Throws UsageError where an environment variable of Moat is malformed.
  [[nodiscard]] Devices devices(const DriverFile& driver, std::span<const DriverFile> without = {},
                                std::span<const DriverFile> layers = {});

 private:
  template <class Request>
  [[nodiscard]] WorkerReply ask(Request& request, std::vector<AvoidedLibrary>& avoided);

  std::string executable_;
  std::string adapter_;
  double patience_seconds_;
  std::unique_ptr<ChildProcess> process_;
  std::vector<AvoidedLibrary> avoided_;
  std::string death_;
};

}  // namespace moat
