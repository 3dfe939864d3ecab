// What this machine offers, as plain data: adapters, their devices or why there are none, and each device's
// libraries. Taken in worker processes, so that a driver that crashes while listing costs only its own entry.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/adapter.h"
#include "base/json.h"
#include "bench/plan/plan.h"
#include "results/devices.h"

namespace moat {

struct ListedLibrary {
  std::string implementation;  // "library/onednn"
  std::string version;
};

struct ListedDevice {
  std::string id;       // "opencl:0"
  std::string adapter;  // "opencl"
  DeviceInfo info;
  std::vector<ListedLibrary> libraries;
  std::vector<std::pair<std::string, std::string>> absent_libraries;  // implementation, why
  std::string fault;  // why it cannot be opened; empty if it can
};

struct ListedAdapter {
  std::string name;
  std::string absence;  // why there are no devices; empty if there are
  std::vector<ListedDevice> devices;
};

/// In this process: asks the adapter and opens each of its devices.
[[nodiscard]] ListedAdapter list_adapter(Adapter& adapter);

[[nodiscard]] Json inventory_json(const ListedAdapter& adapter);
/// Throws UsageError if `json` is none of ours.
[[nodiscard]] ListedAdapter parse_inventory(const Json& json);

/// The device as run.json keeps it.
[[nodiscard]] RunDevice run_device(const ListedDevice& device);

/// The device as planning sees it.
[[nodiscard]] PlanDevice plan_device(const ListedDevice& device);

}  // namespace moat
