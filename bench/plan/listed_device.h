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

struct ListedDevice {
  std::string id;       // "opencl:0": the adapter's name and an index
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

}  // namespace moat
