// A case made ready to run on an open device: buffers filled, kernels compiled or the library's call
// prepared. Must not time anything.
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

/// What a case's implementation name stands for on a device.
class PreparedImplementation {
 public:
  /// Throws UsageError if the device has no implementation of that name. `chosen` is for the project's own
  /// kernels; libraries have no parameters here.
  [[nodiscard]] static OrUnsupported<PreparedImplementation> find(
      Device& device, const Problem& problem, const std::string& implementation,
      const std::optional<std::string>& kernel_dir, const CaseParameters& chosen = {});

  /// Allocates, writes `inputs` (in the order of the input tensors), compiles on first use.
  [[nodiscard]] BufferSet make(std::span<const std::vector<std::byte>> inputs);

  /// Why the device cannot hold `copies` of what this plan needs, whose scratch depends on the parameters; or
  /// nothing.
  [[nodiscard]] std::optional<Unsupported> exceeds(const Traits& traits, std::size_t copies) const;

  [[nodiscard]] const Parameters& parameters() const { return parameters_; }
  /// Where the parameters come from, in words; empty for libraries.
  [[nodiscard]] const std::string& parameters_source() const { return parameters_source_; }
  /// Of the device, that the plan uses and not every device has; empty for libraries.
  [[nodiscard]] const std::vector<std::string>& features() const { return plan_.features; }
  /// Of a library; empty for the project's own kernels.
  [[nodiscard]] std::string library_version() const { return library_ == nullptr ? "" : library_->version(); }

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
