// The one reading of numbers that people type: in options, in variables of the environment and in keys.
// Strict, so that nothing becomes another number than it looks like. Must not know who asks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace moat {

/// Decimal digits and nothing else: no sign, no blank, no zero in front (which would be octal elsewhere), at
/// most 2^64 - 1.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text);

/// Digits with at most one point between them and, if need be, a power of ten: "0.5", "1e-3". Never an
/// infinity, NaN, a hexadecimal number or a sign in front.
[[nodiscard]] std::optional<double> decimal_number(std::string_view text);

/// A decimal number of seconds, or numbers with units from the largest to the smallest, each at most once:
/// "90", "90s", "10m", "1h30m", "1.5h", "500ms", "2d". Seconds.
[[nodiscard]] std::optional<double> duration_seconds(std::string_view text);

/// The same, within limits. Throws UsageError "'abc' is not a whole number from 1 to 100", with `what`
/// ("--rounds") in front if it is not empty.
[[nodiscard]] std::uint64_t parse_whole_number(std::string_view text, std::string_view what,
                                               std::uint64_t least, std::uint64_t most);
[[nodiscard]] double parse_decimal_number(std::string_view text, std::string_view what, double least,
                                          double most);
[[nodiscard]] double parse_duration(std::string_view text, std::string_view what, double least, double most);

}  // namespace moat
