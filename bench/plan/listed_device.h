// The inventory of this machine as data: adapters, their devices or why there are none, and the libraries of
// each device. Must not know how it was taken.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "adapters/adapter.h"

namespace moat {

struct ListedLibrary {
  std::string implementation;  // "library/onednn"
  std::string version;
  std::vector<std::string> operators = {};  // of which it computes some problems
  friend bool operator==(const ListedLibrary&, const ListedLibrary&) = default;
};

/// How a process comes to a device: the loader finds one driver alone, so that no other can do harm.
struct DeviceRoute {
  DriverFile driver;                    // without a file: whatever the adapter finds
  std::vector<DriverFile> without;      // layers that are left out
  std::vector<AvoidedLibrary> avoided;  // libraries that are not opened
  std::size_t index = 0;                // among the driver's devices
  friend bool operator==(const DeviceRoute&, const DeviceRoute&) = default;
};

struct ListedDevice {
  std::string id;       // "opencl:0": the adapter's name and an index
  std::string adapter;  // "opencl"
  DeviceInfo info;
  std::vector<ListedLibrary> libraries;
  std::vector<std::pair<std::string, std::string>> absent_libraries;  // implementation, why
  std::string fault;  // why it cannot be opened; empty if it can
  DeviceRoute route;
};

/// A file of a driver or a layer, and what came of it.
struct ListedDriver {
  std::string file;
  std::string library;
  std::size_t devices = 0;
  std::string fault;       // why it gives no device, what follows the file's name; empty if it gives one
  bool is_defect = false;  // it cannot do what it is there for; else it only has nothing to offer here
  friend bool operator==(const ListedDriver&, const ListedDriver&) = default;
};

struct ListedAdapter {
  std::string name;
  std::string absence;  // why there are no devices; empty if there are
  std::vector<ListedDevice> devices;
  std::vector<ListedDriver> drivers = {};  // of an adapter whose loader finds drivers through files
  std::vector<ListedDriver> layers = {};   // those with a fault: they are left out
};

}  // namespace moat
