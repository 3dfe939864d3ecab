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

/// Guard zones and poisoned contents are bytes 0xff: NaN in every floating-point type, -1 in integers.
class GuardedBuffer {
 public:
  /// The whole buffer is poisoned. `name` appears in messages. Throws OutOfMemory.
  GuardedBuffer(Device& device, std::string name, std::size_t bytes);

  [[nodiscard]] Buffer& view() { return *view_; }
  void write(std::span<const std::byte> data);
  void poison();
  [[nodiscard]] std::vector<std::byte> read() const;
  /// Which guard zone was overwritten and where, or nullopt if neither was.
  [[nodiscard]] std::optional<std::string> damage() const;

 private:
  Device& device_;
  std::string name_;
  std::size_t bytes_;
  std::unique_ptr<Buffer> whole_;
  std::unique_ptr<Buffer> view_;
};

/// The device memory that a tensor of `bytes` needs, including guard zones; saturates.
[[nodiscard]] std::size_t guarded_bytes(std::size_t bytes);

}  // namespace moat
