// The inventory of this machine as tables: what `moat devices` prints. Must not know how it was taken.
#pragma once

#include <span>

#include "bench/plan/listed_device.h"
#include "reports/format/grid.h"
#include "results/devices.h"

namespace moat {

[[nodiscard]] PhysicalDevices physical_devices(std::span<const ListedAdapter> adapters);

/// A row for each device; those that are one physical device stand together, and a note names them.
[[nodiscard]] Grid device_table(std::span<const ListedAdapter> adapters);

/// What each device offers, and why the rest is absent; with `all` also every fact that its driver reports.
[[nodiscard]] Grid device_facts(std::span<const ListedAdapter> adapters, bool all);

}  // namespace moat
