// Which targets of an overview come first.
#include <algorithm>

#include "reports/findings/overview.h"

namespace moat {
namespace {

using With = conclusion::Reached::With;

double overall(const OverviewDevice& device) {
  const std::optional<OverviewRatio>& ratio = device.portable ? device.portable : device.library;
  return ratio ? ratio->value.value : -1;
}

}  // namespace

std::vector<std::size_t> ranked(const Overview& overview, With with) {
  const auto ratio = [&](std::size_t place) -> const std::optional<OverviewRatio>& {
    const OverviewDevice& device = overview.devices[place];
    return with == With::library ? device.library : device.portable;
  };
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < overview.devices.size(); ++i) {
    if (!overview.devices[i].is_reference && ratio(i)) places.push_back(i);
  }
  std::ranges::stable_sort(places, std::ranges::greater{},
                           [&](std::size_t place) { return ratio(place)->value.value; });
  return places;
}

std::vector<std::size_t> best_and_worst(const Overview& overview, std::size_t most) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < overview.devices.size(); ++i) {
    if (!overview.devices[i].is_reference) places.push_back(i);
  }
  if (places.size() <= most) return places;
  std::ranges::stable_sort(places, std::ranges::greater{},
                           [&](std::size_t place) { return overall(overview.devices[place]); });
  const std::size_t with_ratio = static_cast<std::size_t>(
      std::ranges::count_if(places, [&](std::size_t place) { return overall(overview.devices[place]) > 0; }));
  if (with_ratio > most) places.resize(with_ratio);
  const std::size_t best = most - most / 2;
  places.erase(places.begin() + static_cast<std::ptrdiff_t>(best),
               places.end() - static_cast<std::ptrdiff_t>(most - best));
  std::ranges::sort(places);
  return places;
}

}  // namespace moat
