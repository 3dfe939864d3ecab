// The rate that no honest measurement can exceed on a device of which little more is known than its compute
// units. Must not know how a driver is asked.
#pragma once

#include <cstdint>
#include <optional>

#include "adapters/adapter.h"

namespace moat {

/// From compute units and the clock in MHz (0: unknown), with its derivation in words. Nothing where the
/// number of compute units is unknown (0), and for accelerators, whose compute units have no known size.
[[nodiscard]] std::optional<Ceiling> ceiling_of(const Traits& traits, std::uint32_t clock_mhz,
                                                const Types& types);

}  // namespace moat
