// How much device memory a case takes, and whether a device has it: known before anything is allocated.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "kernels/implementation.h"
#include "results/record.h"

namespace moat {

/// Guard zones (guarded_buffer.h) are included, except in the argument.
struct Footprint {
  std::size_t total_bytes = 0;
  std::size_t largest_allocation_bytes = 0;
  std::size_t largest_argument_bytes = 0;
};

/// The number of copies of a problem's buffers that the condition needs: one if hot; if cold, enough to fill
/// twice the last-level cache. Unsupported if cold and the device does not report the size of its cache.
[[nodiscard]] OrUnsupported<std::size_t> buffer_copies(const Problem& problem, const Traits& traits,
                                                       Cache cache);

/// Sums saturate instead of overflowing.
[[nodiscard]] Footprint footprint(const Problem& problem, std::span<const std::size_t> scratch_bytes,
                                  std::size_t copies);

/// Why the memory does not suffice ("needs 18 GiB, device has 4 GiB"), or nullopt. Unknown sizes suffice.
[[nodiscard]] std::optional<Unsupported> exceeds_memory(const Footprint& need, const Traits& traits);

}  // namespace moat
