// Allocates ranges of one block of memory: the first free range that is long enough, and adjacent free ranges
// are merged. Pure arithmetic; must not know a device.
#pragma once

#include <cstddef>
#include <map>
#include <optional>

namespace moat::vulkan {

class Suballocator {
 public:
  explicit Suballocator(std::size_t bytes);

  /// The offset of a free range of `bytes` (at least one), a multiple of `alignment` (a power of two);
  /// nothing if no free range is long enough.
  [[nodiscard]] std::optional<std::size_t> allocate(std::size_t bytes, std::size_t alignment);
  /// Frees the range that allocate() returned at `offset`. Throws std::invalid_argument if there is none.
  void free(std::size_t offset);

  [[nodiscard]] bool is_unused() const { return allocated_.empty(); }

 private:
  std::map<std::size_t, std::size_t> free_;       // offset to bytes; no two touch
  std::map<std::size_t, std::size_t> allocated_;  // offset to bytes
};

}  // namespace moat::vulkan
