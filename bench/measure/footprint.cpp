// Sums of buffers and the comparison with what a device has.
#include "bench/measure/footprint.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "bench/measure/guarded_buffer.h"

namespace moat {
namespace {

constexpr std::size_t most = std::numeric_limits<std::size_t>::max();

std::size_t sum(std::size_t a, std::size_t b) {
  return a > most - b ? most : a + b;
}
std::size_t product(std::size_t a, std::size_t b) {
  return b != 0 && a > most / b ? most : a * b;
}

std::string contrast(std::string_view sentence, std::size_t need, std::size_t have) {
  const std::string needed = bytes_text(static_cast<double>(need));
  const std::string available = bytes_text(static_cast<double>(have));
  if (needed == available)
    return fmt::format(fmt::runtime(sentence), fmt::format("{} bytes", need), fmt::format("{} bytes", have));
  return fmt::format(fmt::runtime(sentence), needed, available);
}

}  // namespace

OrUnsupported<std::size_t> buffer_copies(const Problem& problem, const Traits& traits, Cache cache) {
  if (cache == Cache::hot) return std::size_t{1};
  if (traits.last_level_cache_bytes == 0) {
    return Unsupported{"cold cache: the device does not report the size of its cache"};
  }
  std::size_t bytes = 0;
  for (const Tensor& tensor : problem.tensors()) bytes = sum(bytes, tensor.bytes());
  return 1 + product(2, traits.last_level_cache_bytes) / std::max<std::size_t>(bytes, 1);
}

Footprint footprint(const Problem& problem, std::span<const std::size_t> scratch_bytes, std::size_t copies) {
  Footprint need;
  const auto add = [&](std::size_t bytes) {
    const std::size_t guarded = guarded_bytes(bytes);
    need.total_bytes = sum(need.total_bytes, product(guarded, copies));
    need.largest_allocation_bytes = std::max(need.largest_allocation_bytes, guarded);
    need.largest_argument_bytes = std::max(need.largest_argument_bytes, bytes);
  };
  for (const Tensor& tensor : problem.tensors()) add(tensor.bytes());
  for (const std::size_t bytes : scratch_bytes) add(bytes);
  return need;
}

std::optional<Unsupported> exceeds_memory(const Footprint& need, const Traits& traits) {
  if (traits.global_memory_bytes != 0 && need.total_bytes > traits.global_memory_bytes) {
    return Unsupported{contrast("needs {}, device has {}", need.total_bytes, traits.global_memory_bytes)};
  }
  if (traits.max_allocation_bytes != 0 && need.largest_allocation_bytes > traits.max_allocation_bytes) {
    return Unsupported{contrast("needs an allocation of {}, device allows {}", need.largest_allocation_bytes,
                                traits.max_allocation_bytes)};
  }
  if (traits.max_argument_bytes != 0 && need.largest_argument_bytes > traits.max_argument_bytes) {
    return Unsupported{contrast("needs a buffer of {}, the device's kernels can access {}",
                                need.largest_argument_bytes, traits.max_argument_bytes)};
  }
  return std::nullopt;
}

}  // namespace moat
