// Whether a published figure can be right: rates against the stated roofs find wrong units and wrong types.
#include <fmt/format.h>

#include "base/units.h"
#include "results/published/published.h"

namespace moat {
namespace {

// Clocks boost, and sources round: a little above the roof is their business.
constexpr double above_roof = 1.25;
// Compulsory bytes may come from caches, which are several times as fast as the memory behind them.
constexpr double above_memory = 16;
// A thousand, the step between units, and nothing that a library does: but launches take time of their own.
constexpr double below_roof = 500;
constexpr double longest_launch_seconds = 0.01;

constexpr double shortest_seconds = 1e-9;
constexpr double longest_seconds = 7 * 24 * 3600;

std::string too_fast(double rate, const Roof& roof, std::string_view unit, std::string_view way_out) {
  return fmt::format("{} is {:.3g} times the stated roof of {}; {}", quantity_text(rate, unit),
                     rate / roof.rate.high, quantity_text(roof.rate.high, unit), way_out);
}

}  // namespace

std::optional<std::string> implausible_figure(const Work& work, const Types& types, double seconds,
                                              bool slow_is_fine, std::span<const Roof> roofs) {
  if (seconds < shortest_seconds || seconds > longest_seconds) {
    return fmt::format("{:.3g} s for one execution cannot have been measured; check the unit", seconds);
  }
  double floor_seconds = 0;
  if (const Roof* roof = find_roof(roofs, RoofKind::arithmetic, types)) {
    const double rate = work.operations / seconds;
    if (rate > above_roof * roof->rate.high) {
      return too_fast(rate, *roof, is_floating(types.input) ? "FLOP/s" : "OP/s",
                      fmt::format("check the unit, and whether it really computed in {}", name(types.input)));
    }
    floor_seconds = work.operations / roof->rate.high;
  }
  if (const Roof* roof = find_roof(roofs, RoofKind::memory, types)) {
    const double rate = work.bytes() / seconds;
    const double most = work.operations > work.bytes() ? above_memory : 2;
    if (rate > most * roof->rate.high) return too_fast(rate, *roof, "B/s", "check the unit");
    floor_seconds = std::max(floor_seconds, work.bytes() / roof->rate.high);
  }
  if (const Roof* roof = find_roof(roofs, RoofKind::launch, types)) {
    if (1 / seconds > above_roof * roof->rate.high) {
      return fmt::format("{} is less than the {} that are stated for a launch; check the unit",
                         seconds_text(seconds), seconds_text(1 / roof->rate.high));
    }
    floor_seconds = std::max(floor_seconds, 1 / roof->rate.high);
  }
  if (!slow_is_fine && floor_seconds > 0 && seconds > longest_launch_seconds &&
      seconds > below_roof * floor_seconds) {
    return fmt::format(
        "{} is {:.3g} times what the stated roofs allow; check the unit (seconds, not "
        "milliseconds; operations, not GFLOP)",
        seconds_text(seconds), seconds / floor_seconds);
  }
  return std::nullopt;
}

}  // namespace moat
