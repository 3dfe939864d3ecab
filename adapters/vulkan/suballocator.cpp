// First fit over a map of free ranges.
#include "adapters/vulkan/suballocator.h"

#include <stdexcept>

namespace moat::vulkan {

Suballocator::Suballocator(std::size_t bytes) {
  if (bytes > 0) free_.emplace(0, bytes);
}

std::optional<std::size_t> Suballocator::allocate(std::size_t bytes, std::size_t alignment) {
  for (auto range = free_.begin(); bytes > 0 && range != free_.end(); ++range) {
    const auto [begin, size] = *range;
    const std::size_t skipped = (alignment - begin % alignment) % alignment;
    if (skipped > size || bytes > size - skipped) continue;
    const std::size_t offset = begin + skipped;
    const std::size_t behind = size - skipped - bytes;
    free_.erase(range);
    if (skipped > 0) free_.emplace(begin, skipped);
    if (behind > 0) free_.emplace(offset + bytes, behind);
    allocated_.emplace(offset, bytes);
    return offset;
  }
  return std::nullopt;
}

void Suballocator::free(std::size_t offset) {
  const auto found = allocated_.find(offset);
  if (found == allocated_.end()) throw std::invalid_argument("nothing was allocated at this offset");
  std::size_t begin = found->first;
  std::size_t bytes = found->second;
  allocated_.erase(found);
  auto next = free_.lower_bound(begin);
  if (next != free_.end() && next->first == begin + bytes) {
    bytes += next->second;
    next = free_.erase(next);
  }
  if (next != free_.begin()) {
    const auto before = std::prev(next);
    if (before->first + before->second == begin) {
      begin = before->first;
      bytes += before->second;
      free_.erase(before);
    }
  }
  free_.emplace(begin, bytes);
}

}  // namespace moat::vulkan
