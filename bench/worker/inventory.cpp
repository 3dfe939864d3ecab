// Which adapters are asked, all at once; and what is made of the list. One adapter's files:
// driver_inventory.cpp.
#include "bench/worker/inventory.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <future>
#include <string_view>

#include "adapters/registry.h"
#include "base/error.h"
#include "base/json.h"
#include "base/numbers.h"
#include "base/text.h"
#include "bench/worker/driver_inventory.h"
#include "bench/worker/inventory_fields.h"

namespace moat {
namespace {

ListedLibrary list_library(const Library& library) {
  ListedLibrary made{.implementation = library.implementation(), .version = library.version()};
  for (const Operator* op : operators()) {
    if (library.has_operator(op->name())) made.operators.emplace_back(op->name());
  }
  return made;
}

/// What a pattern begins with that holds no wildcard.
std::string_view literal_part(std::string_view pattern) {
  return pattern.substr(0, pattern.find_first_of("*?"));
}

bool may_match_one(std::string_view pattern, std::string_view adapter) {
  const std::string_view literal = literal_part(pattern);
  if (literal.size() == pattern.size()) return pattern.substr(0, pattern.find(':')) == adapter;
  const std::size_t common = std::min(literal.size(), adapter.size());
  return literal.substr(0, common) == adapter.substr(0, common);
}

std::vector<std::string> adapters_to_ask(const std::vector<std::string>& patterns) {
  std::vector<std::string> names;
  for (const auto& adapter : make_adapters()) names.emplace_back(adapter->name());
  // A pattern that means no adapter is a mistake, whose message offers all devices.
  const bool all_mean_one = std::ranges::all_of(patterns, [&](const std::string& pattern) {
    return std::ranges::any_of(names, [&](const std::string& name) { return may_match_one(pattern, name); });
  });
  if (all_mean_one) std::erase_if(names, [&](const std::string& name) { return !may_match(patterns, name); });
  return names;
}

}  // namespace

bool may_match(const std::vector<std::string>& patterns, std::string_view adapter) {
  return patterns.empty() || std::ranges::any_of(patterns, [&](const std::string& pattern) {
           return may_match_one(pattern, adapter);
         });
}

InventoryOptions inventory_options(std::string executable, std::vector<std::string> devices) {
  constexpr const char* variable = "MOAT_DRIVER_SECONDS";
  InventoryOptions options{.executable = std::move(executable), .devices = std::move(devices)};
  const char* value = std::getenv(variable);
  if (value == nullptr || *value == '\0') return options;
  options.patience_seconds = parse_duration(value, variable, 0.001, 86400);
  return options;
}

ListedAdapter list_adapter(Adapter& adapter, const DeviceRoute& route) {
  ListedAdapter listed;
  listed.name = adapter.name();
  Discovery discovery = adapter.discover();
  listed.absence = std::move(discovery.absence);
  for (std::size_t index = 0; index < discovery.devices.size(); ++index) {
    ListedDevice device;
    device.id = fmt::format("{}:{}", listed.name, index);
    device.adapter = listed.name;
    device.info = std::move(discovery.devices[index]);
    device.route = route;
    device.route.index = index;
    try {
      const std::unique_ptr<Device> opened = adapter.open(index);
      for (const auto& library : opened->libraries()) device.libraries.push_back(list_library(*library));
      device.absent_libraries = opened->absent_libraries();
    } catch (const std::exception& error) {
      device.fault = failure_text(error);
    }
    listed.devices.push_back(std::move(device));
  }
  return listed;
}

std::vector<ListedAdapter> take_inventory(const InventoryOptions& options) {
  Waiting waiting;
  std::vector<std::future<ListedAdapter>> answers;
  for (const std::string& name : adapters_to_ask(options.devices))
    answers.push_back(std::async(
        Waiting::policy(), [&options, &waiting, name] { return list_drivers(options, name, waiting); }));
  const auto moment = std::chrono::steady_clock::now() + std::chrono::duration<double>(options.quiet_seconds);
  for (const auto& answer : answers) {
    // One that could have no thread of its own is asked when it is taken.
    if (answer.wait_until(moment) != std::future_status::timeout) continue;
    if (options.on_wait) options.on_wait(waiting.text());
    break;
  }
  std::vector<ListedAdapter> adapters;
  adapters.reserve(answers.size());
  for (auto& answer : answers) adapters.push_back(answer.get());
  return adapters;
}

std::vector<std::string> defects(const ListedAdapter& adapter) {
  std::vector<std::string> sentences;
  const auto add = [&](const ListedDriver& driver) {
    if (driver.is_defect) sentences.push_back(driver.file + " " + driver.fault);
  };
  std::ranges::for_each(adapter.drivers, add);
  std::ranges::for_each(adapter.layers, add);
  return sentences;
}

Json inventory_json(const ListedAdapter& adapter) {
  Json made;
  encode(JsonSink(made), adapter);
  return made;
}

RunDevice run_device(const ListedDevice& device) {
  const DeviceInfo& info = device.info;
  RunDevice made;
  made.id = device.id;
  made.name = info.name;
  made.vendor = info.vendor;
  made.driver = info.driver;
  made.platform = info.platform;
  made.architecture = info.architecture;
  made.emulated = info.emulated;
  made.identities = info.identities;
  made.details = info.details;
  return made;
}

}  // namespace moat
