// Takes the inventory of this machine in worker processes, each driver file in one of its own, so that a
// driver that crashes or hangs costs only itself; and converts it for run.json and `moat devices --json`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/json_fields.h"
#include "bench/plan/listed_device.h"
#include "results/devices.h"

namespace moat {

struct InventoryOptions {
  std::string executable;  // this program, which becomes the worker as `<executable> worker`
  std::vector<std::string> devices =
      {};                        // patterns (results/filter.h); adapters that none can match are not asked
  double patience_seconds = 20;  // for one driver
  double quiet_seconds = 2;      // before `on_wait` is told, once, who has not answered yet
  std::function<void(const std::string& waiting)> on_wait = {};
};
/// With the patience that MOAT_DRIVER_SECONDS sets. Throws UsageError if that is no number.
[[nodiscard]] InventoryOptions inventory_options(std::string executable,
                                                 std::vector<std::string> devices = {});

/// Takes the inventory in this process: discovers the devices that the route leads to, and opens each of
/// them.
[[nodiscard]] ListedAdapter list_adapter(Adapter& adapter, const DeviceRoute& route = {});

/// The adapters that the patterns may mean, each asked in processes of its own. Devices are in the order in
/// which the vendor's loader lists them. Throws UsageError where an environment variable of Moat is
/// malformed.
[[nodiscard]] std::vector<ListedAdapter> take_inventory(const InventoryOptions& options);

/// Whether a device of the adapter may match one of the patterns; true if there are none.
[[nodiscard]] bool may_match(const std::vector<std::string>& patterns, std::string_view adapter);

/// A sentence for each file that gives no device and each library that is passed over for a defect.
[[nodiscard]] std::vector<std::string> defects(const ListedAdapter& adapter);

/// What `moat devices --json` prints of an adapter.
[[nodiscard]] Json inventory_json(const ListedAdapter& adapter);

/// The device as stored in run.json.
[[nodiscard]] RunDevice run_device(const ListedDevice& device);

}  // namespace moat
