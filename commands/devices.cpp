// moat devices: what this machine offers and why the rest is absent.
#include <fmt/format.h>

#include <map>
#include <span>

#include "base/json.h"
#include "base/text.h"
#include "bench/plan/plan.h"
#include "bench/worker/inventory.h"
#include "bench/worker/worker.h"
#include "commands/commands.h"

namespace moat {
namespace {

constexpr const char* devices_footer =
    R"(Lists every adapter with its devices, or with the reason why it has none. Drivers are queried in separate
processes, so that a crash affects only the entry of that driver. Devices that are the same physical device,
offered by several adapters, are listed together.

Examples:
  moat devices
  moat devices --all                        every fact that the drivers report
  moat devices --json | jq -r '.[].devices[] | [.id, .physical_device] | @tsv')";

std::string gibibytes(std::size_t bytes) {
  return bytes == 0 ? "unknown" : fmt::format("{:.1f} GiB", static_cast<double>(bytes) / (1ULL << 30U));
}

void print_device(const ListedDevice& device, const PhysicalDevices& physical, bool all) {
  const DeviceInfo& info = device.info;
  const std::vector<std::string> others = physical.others(device.id);
  fmt::print("{:<10} {}\n", device.id, info.name);
  fmt::print("           {} · {} compute units · {} · {}\n", name(info.traits.kind),
             info.traits.compute_units, gibibytes(info.traits.global_memory_bytes), info.driver);
  if (!others.empty()) fmt::print("           the same device as {}\n", join(others, ", "));
  if (info.emulated) fmt::print("           emulated: its numbers come from no real machine\n");
  if (!device.fault.empty()) {
    fmt::print("           cannot be opened: {}\n", device.fault);
    return;
  }
  for (const Operator* op : operators()) {
    const std::vector<std::string> names = implementation_names(device, *op);
    fmt::print("           {}: {}\n", op->name(), names.empty() ? "no implementation" : join(names, ", "));
  }
  for (const ListedLibrary& library : device.libraries) {
    if (all) fmt::print("           {}: {}\n", library.implementation, library.version);
  }
  for (const auto& [library, reason] : device.absent_libraries)
    fmt::print("           {} is absent: {}\n", library, reason);
  if (!all) return;
  fmt::print("           platform: {}; vendor: {}; architecture: {}; clock: {} ({:.3g} s)\n", info.platform,
             info.vendor, info.architecture.empty() ? "unknown" : info.architecture, info.clock.name,
             info.clock.resolution_seconds);
  fmt::print("           identities: {}\n", info.identities.empty() ? "none" : join(info.identities, ", "));
  for (const auto& [fact, value] : info.details) fmt::print("           {}: {}\n", fact, value);
}

PhysicalDevices physical_devices(std::span<const ListedAdapter> adapters) {
  std::vector<RunDevice> devices;
  for (const ListedAdapter& adapter : adapters) {
    for (const ListedDevice& device : adapter.devices) devices.push_back(run_device(device));
  }
  return PhysicalDevices(devices);
}

void print_text(std::span<const ListedAdapter> adapters, bool all) {
  std::vector<std::string> ids;
  std::map<std::string, const ListedDevice*> devices;
  for (const ListedAdapter& adapter : adapters) {
    for (const ListedDevice& device : adapter.devices) {
      ids.push_back(device.id);
      devices[device.id] = &device;
    }
  }
  const PhysicalDevices physical = physical_devices(adapters);
  for (const std::string& id : physical.together(ids)) print_device(*devices.at(id), physical, all);
  for (const ListedAdapter& adapter : adapters) {
    if (adapter.devices.empty()) fmt::print("{:<10} no devices: {}\n", adapter.name, adapter.absence);
  }
}

Json devices_json(std::span<const ListedAdapter> adapters) {
  const PhysicalDevices physical = physical_devices(adapters);
  Json array = Json::array();
  for (const ListedAdapter& adapter : adapters) {
    Json json = inventory_json(adapter);
    for (Json& device : json.at("devices"))
      device["physical_device"] = physical.first(device.at("id").get<std::string>());
    array.push_back(std::move(json));
  }
  return array;
}

}  // namespace

void add_devices_command(const Command& app, int& exit_code) {
  struct Options {
    bool json = false;
    bool all = false;
  };
  const auto options = std::make_shared<Options>();
  const Command command =
      app.add_subcommand("devices", "List adapters and devices, and why others are absent");
  command.footer(devices_footer);
  command.add_flag("--json", options->json, "Print an array of adapters with their devices");
  command.add_flag("--all", options->all, "Print every fact that the drivers report");
  command.callback([options, &exit_code] {
    const std::vector<ListedAdapter> adapters = take_inventory(this_executable());
    if (options->json) {
      fmt::print("{}\n", strict_json(devices_json(adapters), 2));
    } else {
      print_text(adapters, options->all);
    }
    exit_code = exit_fine;
  });
}

}  // namespace moat
