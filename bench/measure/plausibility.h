// Checks whether a measurement is physically possible. If not, it is `untrusted` and enters no aggregate.
#pragma once

#include <optional>
#include <string>

#include "adapters/adapter.h"
#include "kernels/operator.h"
#include "results/record.h"

namespace moat {

/// Why the samples cannot be true, or nullopt if they are plausible.
[[nodiscard]] std::optional<std::string> implausible(const Work& work, const Measurement& measurement,
                                                     const std::optional<Ceiling>& ceiling);

}  // namespace moat
