// Axes: where a value stands and which values are written beside. Pure; must not know pixels or findings.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace moat {

/// A logarithmic axis that holds every value it is told of. Values that are not positive and finite are
/// ignored; what is farther than 1e-12 or 1e24 is kept at these ends.
class LogAxis {
 public:
  void hold(double value);
  /// Sets the ticks, two to `most_ticks`, and moves the ends outwards to ticks: multiples of one round step
  /// where the ends are close, 1, 2 and 5 of each decade (or fewer, or more) where they are not.
  void round(std::size_t most_ticks);
  /// Of the way from the least (0) to the greatest (1) end; values beyond them stand at the ends.
  [[nodiscard]] double share(double value) const;
  [[nodiscard]] double low() const { return low_; }
  [[nodiscard]] double high() const { return high_; }
  [[nodiscard]] const std::vector<double>& ticks() const { return ticks_; }

 private:
  bool is_set_ = false;
  double low_ = 1;
  double high_ = 10;
  std::vector<double> ticks_{1, 10};
};

/// "200 G", "0.5": a round number with its decimal prefix and without a unit, which the axis' title has.
[[nodiscard]] std::string tick_text(double value);

/// "FLOP/s" alone, or "FLOP/s or OP/s": the units of an axis that rates of several kinds share.
[[nodiscard]] std::string units_text(const std::vector<std::string>& bases);

}  // namespace moat
