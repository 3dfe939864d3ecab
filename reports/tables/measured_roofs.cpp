// What a run's own records say of its devices' roofs.
#include <algorithm>

#include "base/text.h"
#include "base/units.h"
#include "reports/findings/roof_words.h"
#include "reports/tables/show.h"
#include "results/roofs.h"

namespace moat {
namespace {

/// The roofs of one kind, side by side; a number stands for itself where there is one only.
GridCell roofs_cell(const Roofs& roofs, RoofKind kind) {
  std::vector<std::string> parts;
  for (const Roof& roof : roofs.all) {
    if (roof.kind == kind) parts.push_back(measured_roof_text(roof));
  }
  return cell(join(parts, ", "));
}

}  // namespace

Grid measured_roofs_table(std::span<const Record> records, const PhysicalDevices& physical) {
  Grid grid{.id = "measured_roofs",
            .caption = "Roofs that the operators peak and stream measured",
            .columns = {{.key = "device", .title = "device", .importance = 100, .heading = "measured roofs"},
                        {.key = "arithmetic", .title = "arithmetic", .importance = 90, .shortens = true},
                        {.key = "memory", .title = "bandwidth", .importance = 80, .shortens = true},
                        {.key = "launch", .title = "a launch", .importance = 70}}};
  const std::vector<Roofs> all = measured_roofs(records);
  std::vector<std::string> devices;
  devices.reserve(all.size());
  for (const Roofs& roofs : all) devices.push_back(roofs.device);
  for (const std::string& device : physical.together(devices)) {
    const Roofs& roofs = *std::ranges::find(all, device, &Roofs::device);
    GridCell launch;
    if (const Roof* roof = roofs.launch())
      launch = cell(1 / roof->rate.value, seconds_text(1 / roof->rate.value));
    GridCell memory = roofs_cell(roofs, RoofKind::memory);
    if (const Roof* roof = roofs.memory()) memory.value = roof->rate.value;
    grid.rows.push_back({cell(device), roofs_cell(roofs, RoofKind::arithmetic), memory, launch});
  }
  return grid;
}

}  // namespace moat
