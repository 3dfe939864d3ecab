// A factor as JSON, the same wherever one is printed.
#pragma once

#include <optional>

#include "base/factor.h"
#include "base/json.h"

namespace moat {

/// {value, low, high}; null for nothing.
[[nodiscard]] Json factor_json(const std::optional<Factor>& factor);

}  // namespace moat
