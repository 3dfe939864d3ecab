// Units and digits.
#include "base/units.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace moat {

Unit decimal_unit(double value, std::string_view base) {
  static constexpr std::array<std::string_view, 7> prefixes{"", "k", "M", "G", "T", "P", "E"};
  std::size_t step = 0;
  double factor = 1;
  // 999.95 would print as 1000.0 with four digits.
  while (step + 1 < prefixes.size() && std::isfinite(value) && std::fabs(value) / factor >= 999.95) {
    factor *= 1000;
    ++step;
  }
  return {factor, fmt::format("{}{}", prefixes.at(step), base)};
}

std::string number_text(double value) {
  if (!std::isfinite(value)) return "–";
  if (value == 0) return "0";
  return fmt::format("{:#.4g}", value);
}

std::string quantity_text(double value, std::string_view base) {
  const Unit unit = decimal_unit(value, base);
  return number_text(value / unit.factor) + " " + unit.name;
}

std::string seconds_text(double seconds) {
  static constexpr std::array<std::pair<double, std::string_view>, 3> units{
      {{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}}};
  for (const auto& [factor, name] : units) {
    if (std::fabs(seconds) >= factor * 0.99995)
      return fmt::format("{} {}", number_text(seconds / factor), name);
  }
  return number_text(seconds / 1e-9) + " ns";
}

std::string percent_text(double ratio) {
  if (!std::isfinite(ratio)) return "–";
  const double percent = ratio * 100;
  return fmt::format("{:.{}f} %", percent, std::fabs(percent) < 10 ? 2 : 1);
}

std::string factor_text(double value) {
  if (!std::isfinite(value)) return "–";
  if (value == 0) return "0";
  const double size = std::fabs(value);
  if (size < 0.001) return fmt::format("{:.2e}", value);
  const int digits = 2 - static_cast<int>(std::floor(std::log10(size)));
  return fmt::format("{:.{}f}", value, digits < 0 ? 0 : digits);
}

std::string factor_text(const Factor& factor) {
  const std::string value = factor_text(factor.value);
  const std::string low = factor_text(factor.low);
  const std::string high = factor_text(factor.high);
  return low == high ? value : fmt::format("{} ({} to {})", value, low, high);
}

}  // namespace moat
