// From source to something that can be queued: programs, kernels with their arguments bound, executables.
// Only this adapter's own files include this header.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/common/lru_cache.h"
#include "adapters/opencl/memory.h"

namespace moat::opencl {

/// What this adapter's devices time.
class OpenclExecutable : public Executable {
 public:
  /// Queues one execution. Where asked for, `first` receives an event that starts no later than the first
  /// command, and `last` the event of the last command.
  virtual void enqueue(Owned<cl_event>* first, Owned<cl_event>* last) = 0;
  /// Executions that may be queued before the oldest of them should be waited for: bounds the memory of the
  /// runtime and of libraries that allocate per call.
  [[nodiscard]] virtual std::size_t window() const = 0;
};

using SharedProgram = std::shared_ptr<std::remove_pointer_t<cl_program>>;

/// The programs of a device by source and options.
class ProgramCache {
 public:
  explicit ProgramCache(std::size_t capacity) : programs_(capacity) {}
  /// Throws CompileError with the compiler's log.
  [[nodiscard]] SharedProgram build(const Session& session, const std::string& source,
                                    const std::string& options);

 private:
  LruCache<std::pair<std::string, std::string>, SharedProgram> programs_;
};

/// Throws CompileError if `program` has no kernel `entry`.
[[nodiscard]] std::shared_ptr<Kernel> make_kernel(std::shared_ptr<Session> session, SharedProgram program,
                                                  std::string entry);

/// Binds all arguments, so that an execution is one call per launch. Throws DeviceError where a launch does
/// not fit its kernel or the device.
[[nodiscard]] std::unique_ptr<Executable> make_executable(std::shared_ptr<Session> session,
                                                          std::span<const Launch> launches);

}  // namespace moat::opencl
