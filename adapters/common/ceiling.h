// An upper bound for rates, for devices whose driver reports little more than the number of compute units.
// Must not know how a driver is asked.
#pragma once

#include <cstdint>
#include <optional>

#include "adapters/adapter.h"

namespace moat {

/// Computed from the compute units and the clock in MHz (0 if it is unknown); `source` holds the derivation.
/// Nothing if the number of compute units is unknown (0), and for accelerators, because the size of their
/// compute units is unknown.
[[nodiscard]] std::optional<Ceiling> ceiling_of(const Traits& traits, std::uint32_t clock_mhz,
                                                const Types& types);

}  // namespace moat
