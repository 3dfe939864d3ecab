// Ticks of logarithmic axes.
#include "reports/svg/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/units.h"

namespace moat {
namespace {

/// 1, 2 or 5 times a power of ten, at least `value`.
double round_step(double value) {
  const double decade = std::pow(10, std::floor(std::log10(value)));
  for (const double digit : {1.0, 2.0, 5.0}) {
    if (decade * digit >= value * (1 - 1e-9)) return decade * digit;
  }
  return 10 * decade;
}

/// Multiples of a step from below `low` to above `high`.
std::vector<double> even_ticks(double low, double high, std::size_t most) {
  double step = round_step((high - low) / static_cast<double>(most - 1));
  while (true) {
    const double first = std::floor(low / step + 1e-9);
    const double last = std::ceil(high / step - 1e-9);
    if (last - first + 1 > static_cast<double>(most)) {
      step = round_step(step * 1.5);
      continue;
    }
    std::vector<double> ticks;
    for (double at = first; at <= last; ++at) {
      if (at > 0) ticks.push_back(at * step);
    }
    return ticks;
  }
}

/// The given digits of every `each`-th decade.
std::vector<double> decade_ticks(double low, double high, const std::vector<double>& digits, int each) {
  std::vector<double> ticks;
  const int first = static_cast<int>(std::floor(std::log10(low) / each)) * each;
  for (int power = first; power <= first + 60; power += each) {
    for (const double digit : digits) {
      const double tick = digit * std::pow(10, power);
      if (!ticks.empty() && ticks.back() >= high * (1 - 1e-9)) return ticks;
      if (!ticks.empty() && tick <= low * (1 + 1e-9)) ticks.clear();
      ticks.push_back(tick);
    }
  }
  return ticks;
}

}  // namespace

void LogAxis::hold(double value) {
  if (!(value > 0) || !std::isfinite(value)) return;
  const double kept = std::clamp(value, 1e-12, 1e24);
  low_ = is_set_ ? std::min(low_, kept) : kept;
  high_ = is_set_ ? std::max(high_, kept) : kept;
  is_set_ = true;
}

void LogAxis::round(std::size_t most_ticks) {
  const std::size_t most = std::max<std::size_t>(most_ticks, 3);
  if (high_ < low_ * 1.02) {  // a single value gets room on both sides
    low_ /= 1.1;
    high_ *= 1.1;
  }
  std::vector<double> ticks;
  if (high_ / low_ < 4) ticks = even_ticks(low_, high_, most);
  const std::vector<std::vector<double>> digits{{1, 2, 3, 5, 7}, {1, 2, 5}, {1, 3}, {1}};
  for (const std::vector<double>& some : digits) {
    const bool holds = ticks.size() >= 2 && ticks.front() <= low_ * (1 + 1e-9);
    if (!holds || ticks.size() > most) ticks = decade_ticks(low_, high_, some, 1);
  }
  for (int each = 2; ticks.size() > most; ++each) ticks = decade_ticks(low_, high_, {1}, each);
  ticks_ = std::move(ticks);
  low_ = ticks_.front();
  high_ = ticks_.back();
}

double LogAxis::share(double value) const {
  if (!(value > 0)) return 0;
  return std::clamp(std::log(value / low_) / std::log(high_ / low_), 0.0, 1.0);
}

std::string tick_text(double value) {
  const Unit unit = decimal_unit(value, "");
  return fmt::format("{:.4g}{}{}", value / unit.factor, unit.name.empty() ? "" : " ", unit.name);
}

std::string units_text(const std::vector<std::string>& bases) {
  std::vector<std::string> different;
  for (const std::string& base : bases) {
    if (std::find(different.begin(), different.end(), base) == different.end()) different.push_back(base);
  }
  return fmt::format("{}", fmt::join(different, " or "));
}

}  // namespace moat
