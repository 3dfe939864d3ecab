// How much device memory a case takes, and whether a device has it: known before anything is allocated.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "kernels/implementation.h"
#include "results/record.h"

namespace moat {

/// Guards (guarded_buffer.h) are in all but the argument.
struct Footprint {
  std::size_t total_bytes = 0;
  std::size_t largest_allocation_bytes = 0;
  std::size_t largest_argument_bytes = 0;
};

/// Copies of a problem's buffers that the condition needs: one if hot; if cold, enough to fill twice the
/// last-level cache. Unsupported if cold and the device does not tell its cache's size.
[[nodiscard]] OrUnsupported<std::size_t> buffer_copies(const Problem& problem, const Traits& traits,
                                                       Cache cache);

/// Sums saturate: a problem beyond any memory is beyond this device's.
[[nodiscard]] Footprint footprint(const Problem& problem, std::span<const std::size_t> scratch_bytes,
                                  std::size_t copies);

/// Why the device cannot hold it ("needs 18 GiB, device has 4 GiB"), or nothing. Unknown sizes hold anything.
[[nodiscard]] std::optional<Unsupported> exceeds_memory(const Footprint& need, const Traits& traits);

}  // namespace moat
