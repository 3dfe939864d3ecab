// moat devices: what this machine offers and why the rest is absent.
#include <fmt/format.h>

#include <span>

#include "base/json.h"
#include "base/output.h"
#include "bench/worker/inventory.h"
#include "bench/worker/worker.h"
#include "commands/campaign.h"
#include "commands/commands.h"
#include "commands/device_tables.h"
#include "commands/terminal.h"

namespace moat {
namespace {

constexpr const char* devices_footer =
    R"(Lists every adapter with its devices, or with the reason why it has none. Each driver file (an OpenCL ICD, a
Vulkan manifest) is asked in a process of its own: one that does not load, crashes or does not answer is named,
and the others are used. Devices that are the same physical device, offered by several adapters, are listed
together. The environment variable MOAT_DRIVER_SECONDS (20) says how long a driver may take to answer; drivers
on a slow network drive may need more.

Examples:
  moat devices
  moat devices --all                        every fact that the drivers report
  moat devices --json | jq -r '.[].devices[] | [.id, .physical_device] | @tsv')";

/// Both tables; what a device offers is never cut, since a reason is worth nothing without its end.
void print_text(std::span<const ListedAdapter> adapters, bool all) {
  const TableOptions options = table_options();
  print("{}\n{}", terminal_table(device_table(adapters), options),
        terminal_table(device_facts(adapters, all), {.width = 0, .colour = options.colour}));
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
    const std::vector<ListedAdapter> adapters = take_inventory(asked_from(this_executable()));
    if (options->json) {
      print("{}\n", strict_json(devices_json(adapters), 2));
    } else {
      print_text(adapters, options->all);
    }
    exit_code = exit_fine;
  });
}

}  // namespace moat
