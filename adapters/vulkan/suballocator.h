// Places in one block of memory: first fit, neighbours joined when they come free. Pure arithmetic; knows no
// device.
#pragma once

#include <cstddef>
#include <map>
#include <optional>

namespace moat::vulkan {

class Suballocator {
 public:
  explicit Suballocator(std::size_t bytes);

  /// The offset of `bytes` (at least one) that no one else has, a multiple of `alignment` (a power of two);
  /// nothing if no free range is long enough.
  [[nodiscard]] std::optional<std::size_t> take(std::size_t bytes, std::size_t alignment);
  /// Gives back what take() gave at `offset`. Throws std::invalid_argument if it gave nothing there.
  void give(std::size_t offset);

  [[nodiscard]] bool is_unused() const { return taken_.empty(); }
  [[nodiscard]] std::size_t free_ranges() const { return free_.size(); }
  [[nodiscard]] std::size_t free_bytes() const;

 private:
  std::map<std::size_t, std::size_t> free_;   // offset to bytes; no two touch
  std::map<std::size_t, std::size_t> taken_;  // offset to bytes
};

}  // namespace moat::vulkan
