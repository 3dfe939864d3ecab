// Digests of texts: short names by which to compare whether two runs used the same sources or settings.
#pragma once

#include <string>
#include <string_view>

namespace moat {

/// The first 12 hexadecimal digits of a SHA-1 over `text` (as a version 5 UUID of Boost.Uuid). Distinguishes
/// texts that differ by accident; it is no protection against an attack.
[[nodiscard]] std::string short_digest(std::string_view text);

}  // namespace moat
