// What a driver says about its platforms and devices, and the words for what it does not say.
// Knows no context, queue or buffer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/opencl/symbols.h"

namespace moat::opencl {

/// A device, by its place in the driver's lists.
struct DeviceEntry {
  cl_platform_id platform = nullptr;
  cl_device_id device = nullptr;
  std::vector<std::int64_t> rank = {};  // of its platform, as ocl-icd sorts them (DeviceInfo::rank)
};

/// Every device of every platform, in the loader's order, and what went wrong on the way: a sentence per
/// platform that gives none, or one for a loader that knows no platform.
struct Enumeration {
  std::vector<DeviceEntry> devices;
  std::vector<std::string> failures;
};
[[nodiscard]] Enumeration enumerate(const OpenclSymbols& symbols);

/// Never throws for what a driver does not answer:
/// traits stay at their unknown value, and details say "unavailable: why".
[[nodiscard]] DeviceInfo describe(const OpenclSymbols& symbols, const DeviceEntry& entry);

/// Whether the platform is a simulator, whose times mean nothing.
[[nodiscard]] bool is_simulator(const std::string& platform_name);

/// Why PoCL may offer no device although it loads: "; its cache folder … cannot be written …", with the way
/// out. Empty if the folder can be written.
[[nodiscard]] std::string explain_pocl_cache();

}  // namespace moat::opencl
