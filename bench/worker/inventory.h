// The inventory of this machine as data: adapters, their devices or why there are none, and the libraries of
// each device. It is taken in worker processes, so that a driver that crashes affects only its own entry.
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

/// Takes the inventory in this process: discovers the adapter's devices and opens each of them.
[[nodiscard]] ListedAdapter list_adapter(Adapter& adapter);

[[nodiscard]] Json inventory_json(const ListedAdapter& adapter);
/// Throws UsageError if `json` was not written by inventory_json.
[[nodiscard]] ListedAdapter parse_inventory(const Json& json);

/// The device as stored in run.json.
[[nodiscard]] RunDevice run_device(const ListedDevice& device);

/// The device as planning sees it.
[[nodiscard]] PlanDevice plan_device(const ListedDevice& device);

}  // namespace moat
