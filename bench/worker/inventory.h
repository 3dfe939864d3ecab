// Takes the inventory of this machine in worker processes, so that a driver that crashes affects only its own
// entry, and converts it for run.json and `moat devices --json`.
#pragma once

#include <string>
#include <vector>

#include "base/json_fields.h"
#include "bench/plan/listed_device.h"
#include "results/devices.h"

namespace moat {

/// Takes the inventory in this process: discovers the adapter's devices and opens each of them.
[[nodiscard]] ListedAdapter list_adapter(Adapter& adapter);

/// Every adapter's inventory, each taken in a process of its own, which is `executable worker`.
[[nodiscard]] std::vector<ListedAdapter> take_inventory(const std::string& executable);

/// What `moat devices --json` prints of an adapter.
[[nodiscard]] Json inventory_json(const ListedAdapter& adapter);

/// The device as stored in run.json.
[[nodiscard]] RunDevice run_device(const ListedDevice& device);

}  // namespace moat
