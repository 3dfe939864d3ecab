// Device memory for one tensor or scratch area with a guard zone on either side. Must not know operators.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/adapter.h"

namespace moat {

/// Guards and poison are bytes 0xff: NaN in every floating type, -1 in integers.
class GuardedBuffer {
 public:
  /// Poisoned throughout. `name` is for messages. Throws OutOfMemory.
  GuardedBuffer(Device& device, std::string name, std::size_t bytes);

  [[nodiscard]] Buffer& view() { return *view_; }
  void write(std::span<const std::byte> data);
  void poison();
  [[nodiscard]] std::vector<std::byte> read() const;
  /// Which guard was overwritten and where, or nothing.
  [[nodiscard]] std::optional<std::string> damage() const;

 private:
  Device& device_;
  std::string name_;
  std::size_t bytes_;
  std::unique_ptr<Buffer> whole_;
  std::unique_ptr<Buffer> view_;
};

/// Device memory a tensor of `bytes` takes, guards included; saturates.
[[nodiscard]] std::size_t guarded_bytes(std::size_t bytes);

}  // namespace moat
