// Formats numbers for people: four significant digits and a unit. Must not know records.
#pragma once

#include <string>
#include <string_view>

namespace moat {

/// A decimal unit: factor 1e9 and "GFLOP/s".
struct Unit {
  double factor = 1;
  std::string name;
};

/// The unit of `base` ("FLOP/s", "B/s", "FLOP", "B") in which `value` has one to three digits before the
/// point: plain, k, M, G, T, P, E.
[[nodiscard]] Unit decimal_unit(double value, std::string_view base);
/// "139.2"; "–" if the value is not finite.
[[nodiscard]] std::string number_text(double value);
/// "139.2 GFLOP/s".
[[nodiscard]] std::string quantity_text(double value, std::string_view base);
/// "1.234 ms"; s, ms, µs or ns.
[[nodiscard]] std::string seconds_text(double seconds);
/// 0.0042 as "0.42 %".
[[nodiscard]] std::string percent_text(double ratio);

}  // namespace moat
