// Short names for long texts: what two people compare when they ask whether they ran the same thing.
#pragma once

#include <string>
#include <string_view>

namespace moat {

/// The first 12 hexadecimal digits of a SHA-1 over `text` (as a version 5 UUID of Boost.Uuid). Tells texts
/// apart by accident, not against malice.
[[nodiscard]] std::string short_digest(std::string_view text);

}  // namespace moat
