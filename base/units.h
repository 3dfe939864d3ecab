// Formats numbers for people: four significant digits and a unit, factors with three. Must not know records.
#pragma once

#include <string>
#include <string_view>

#include "base/factor.h"

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

/// "0.498", "12.3", "1.20e-05": three significant digits; "–" for what is not finite.
[[nodiscard]] std::string factor_text(double value);
/// "0.498 (0.451 to 0.550)"; the value alone where the ends read the same.
[[nodiscard]] std::string factor_text(const Factor& factor);

}  // namespace moat
