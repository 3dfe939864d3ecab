// Prepares a case to run on an open device: fills buffers, and compiles kernels or prepares the library's
// call. Must not time anything.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/adapter.h"
#include "bench/measure/guarded_buffer.h"
#include "bench/measure/runner.h"
#include "kernels/implementation.h"
#include "kernels/operator.h"

namespace moat {

/// One copy of a case's buffers with what runs on them.
struct BufferSet {
  std::vector<std::unique_ptr<GuardedBuffer>> tensors;  // in the order of Problem::tensors()
  std::vector<std::unique_ptr<GuardedBuffer>> scratch;
  std::unique_ptr<Executable> executable;
};

/// The implementation that a case names, on a device.
class PreparedImplementation {
 public:
  /// Throws UsageError if the device has no implementation of that name. `chosen` applies to the project's
  /// own kernels; libraries have no parameters.
  [[nodiscard]] static OrUnsupported<PreparedImplementation> find(
      Device& device, const Problem& problem, const std::string& implementation,
      const std::optional<std::string>& kernel_dir, const CaseParameters& chosen = {});

  /// Allocates buffers and writes `inputs` (in the order of the input tensors). Compiles on first use.
  [[nodiscard]] BufferSet make(std::span<const std::vector<std::byte>> inputs);

  /// Why the device's memory does not suffice for `copies` of the buffers, including the plan's scratch
  /// memory; nullopt if it does.
  [[nodiscard]] std::optional<Unsupported> exceeds(const Traits& traits, std::size_t copies) const;

  [[nodiscard]] const Parameters& parameters() const { return parameters_; }
  /// Where the parameters come from, in words; empty for libraries.
  [[nodiscard]] const std::string& parameters_source() const { return parameters_source_; }
  /// The device features that the plan uses and not every device has; empty for libraries.
  [[nodiscard]] const std::vector<std::string>& features() const { return plan_.features; }
  /// The version of a library; empty for the project's own kernels.
  [[nodiscard]] std::string library_version() const { return library_ == nullptr ? "" : library_->version(); }
  /// The library that computes it; null for the project's own kernels. Its device's.
  [[nodiscard]] const Library* library() const { return library_; }

 private:
  PreparedImplementation(Device& device, const Problem& problem) : device_(&device), problem_(&problem) {}
  [[nodiscard]] std::unique_ptr<Executable> executable(const BufferSet& set);
  [[nodiscard]] std::vector<Launch> launches(const BufferSet& set);

  Device* device_;
  const Problem* problem_;
  std::optional<std::string> kernel_dir_;
  Library* library_ = nullptr;
  Plan plan_;
  Parameters parameters_;
  std::string parameters_source_;
  std::vector<std::shared_ptr<Kernel>> kernels_;  // one per step, once compiled
};

}  // namespace moat
