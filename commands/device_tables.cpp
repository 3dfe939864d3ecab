// Devices, and what is known of each.
#include "commands/device_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/bytes.h"
#include "base/terminal.h"
#include "base/text.h"
#include "bench/plan/plan.h"
#include "bench/worker/inventory.h"

namespace moat {
namespace {

/// Those of one physical device together.
std::vector<const ListedDevice*> in_order(std::span<const ListedAdapter> adapters) {
  std::vector<std::string> ids;
  std::map<std::string, const ListedDevice*> by_id;
  for (const ListedAdapter& adapter : adapters) {
    for (const ListedDevice& device : adapter.devices) {
      ids.push_back(device.id);
      by_id[device.id] = &device;
    }
  }
  std::vector<const ListedDevice*> devices;
  for (const std::string& id : physical_devices(adapters).together(ids)) devices.push_back(by_id.at(id));
  return devices;
}

GridCell memory_cell(std::size_t bytes) {
  if (bytes == 0) return cell("unknown");
  const auto value = static_cast<double>(bytes);
  constexpr double gibibyte = 1ULL << 30U;
  return cell(value, value < gibibyte / 10 ? bytes_text(value) : fmt::format("{:.1f} GiB", value / gibibyte));
}

std::string or_else(const std::string& text, std::string_view otherwise) {
  return text.empty() ? std::string(otherwise) : text;
}

/// The rows of one device, or of an adapter without any.
class Facts {
 public:
  Facts(Grid& grid, std::string subject) : grid_(grid), subject_(std::move(subject)) {}

  void add(std::string_view fact, const std::string& value, Tone tone = Tone::plain) {
    grid_.rows.push_back({cell(subject_), cell(printable(fact)), cell(printable(value), tone)});
  }

 private:
  Grid& grid_;
  std::string subject_;
};

/// What computes the operator: a run tries the other libraries, too, and records that they have no such
/// thing.
std::vector<std::string> offered(const ListedDevice& device, const Operator& op) {
  std::vector<std::string> names = implementation_names(device, op);
  for (const ListedLibrary& library : device.libraries) {
    if (std::ranges::count(library.operators, op.name()) == 0) std::erase(names, library.implementation);
  }
  return names;
}

void add_implementations(const ListedDevice& device, Facts& facts) {
  for (const Operator* op : operators()) {
    facts.add(op->name(), or_else(join(offered(device, *op), ", "), "no implementation"));
  }
  for (const auto& [library, reason] : device.absent_libraries) {
    facts.add(library, "absent: " + reason, Tone::faint);
  }
  for (const ListedLibrary& library : device.libraries) {
    const std::size_t passed_over = library.version.find("passed over: ");
    if (passed_over != std::string::npos)
      facts.add(library.implementation, library.version.substr(passed_over));
  }
}

void add_reported(const ListedDevice& device, Facts& facts) {
  const DeviceInfo& info = device.info;
  for (const ListedLibrary& library : device.libraries) facts.add(library.implementation, library.version);
  facts.add("platform", info.platform);
  facts.add("vendor", info.vendor);
  facts.add("architecture", or_else(info.architecture, "unknown"));
  facts.add("clock", fmt::format("{} ({:.3g} s)", info.clock.name, info.clock.resolution_seconds));
  facts.add("identities", or_else(join(info.identities, ", "), "none"));
  for (const auto& [fact, value] : info.details) facts.add(fact, value);
}

void add_facts(const ListedDevice& device, bool all, Grid& grid) {
  Facts facts(grid, device.id);
  facts.add("driver", device.info.driver);
  if (device.info.emulated) facts.add("emulated", "its numbers come from no real machine");
  if (!device.fault.empty()) {
    facts.add("fault", "cannot be opened: " + device.fault, Tone::bad);
    return;
  }
  add_implementations(device, facts);
  if (all) add_reported(device, facts);
}

/// Driver files without devices, those with one reason together.
void add_drivers(const ListedAdapter& adapter, Facts& facts) {
  std::vector<std::pair<const ListedDriver*, std::vector<std::string>>> groups;
  for (const ListedDriver& driver : adapter.drivers) {
    if (driver.fault.empty()) continue;
    const auto same = std::ranges::find_if(groups, [&](const auto& group) {
      return group.first->fault == driver.fault && group.first->is_defect == driver.is_defect;
    });
    if (same == groups.end()) {
      groups.push_back({&driver, {driver.file}});
    } else {
      same->second.push_back(driver.file);
    }
  }
  for (const auto& [driver, files] : groups) {
    const std::string text = files.size() == 1
                                 ? files.front() + " " + driver->fault
                                 : fmt::format("each of {} {}", join(files, ", "), driver->fault);
    facts.add("driver file", text, driver->is_defect ? Tone::bad : Tone::faint);
  }
}

void add_layers(const ListedAdapter& adapter, Facts& facts) {
  for (const ListedDriver& layer : adapter.layers)
    facts.add("layer", layer.file + " " + layer.fault, layer.is_defect ? Tone::bad : Tone::faint);
}

}  // namespace

PhysicalDevices physical_devices(std::span<const ListedAdapter> adapters) {
  std::vector<RunDevice> devices;
  for (const ListedAdapter& adapter : adapters) {
    for (const ListedDevice& device : adapter.devices) devices.push_back(run_device(device));
  }
  return PhysicalDevices(devices);
}

Grid device_table(std::span<const ListedAdapter> adapters) {
  Grid grid{
      .id = "devices",
      .caption = "Devices of this machine",
      .columns = {{.key = "device", .title = "device", .importance = 5},
                  {.key = "name", .title = "name", .importance = 1, .shortens = true},
                  {.key = "kind", .title = "kind", .importance = 4},
                  {.key = "units",
                   .title = "units",
                   .kind = GridKind::count,
                   .note = "Compute units",
                   .importance = 2},
                  {.key = "memory_bytes", .title = "memory", .kind = GridKind::number, .importance = 3}},
      .empty = "No devices."};
  std::vector<std::string> ids;
  for (const ListedDevice* device : in_order(adapters)) {
    const DeviceInfo& info = device->info;
    ids.push_back(device->id);
    grid.rows.push_back({cell(device->id), cell(printable_name(info.name)), cell(name(info.traits.kind)),
                         count_cell(info.traits.compute_units),
                         memory_cell(info.traits.global_memory_bytes)});
  }
  grid.notes = physical_devices(adapters).shared(ids);
  return grid;
}

Grid device_facts(std::span<const ListedAdapter> adapters, bool all) {
  Grid grid{.id = "facts",
            .caption = "What each device offers, and why the rest is absent",
            .columns = {{.key = "device", .title = "device", .groups = true},
                        {.key = "fact", .title = "fact"},
                        {.key = "value", .title = "value", .kind = GridKind::prose}}};
  for (const ListedDevice* device : in_order(adapters)) add_facts(*device, all, grid);
  for (const ListedAdapter& adapter : adapters) {
    Facts facts(grid, adapter.name);
    if (adapter.devices.empty()) {
      facts.add("devices", "none: " + adapter.absence, Tone::faint);
    } else {
      add_drivers(adapter, facts);
      add_layers(adapter, facts);
    }
  }
  return grid;
}

}  // namespace moat
