// Listing adapters and devices, and what is made of the list.
#include "bench/worker/inventory.h"

#include <fmt/format.h>

#include "adapters/registry.h"
#include "base/exhaustion.h"
#include "base/json.h"
#include "bench/worker/inventory_fields.h"
#include "bench/worker/process.h"
#include "bench/worker/worker_messages.h"

namespace moat {
namespace {

ListedAdapter list_in_child(const std::string& executable, const std::string& name) {
  constexpr double patience_seconds = 60;
  ListedAdapter lost;
  lost.name = name;
  ChildProcess child({executable, "worker"});
  child.send(message_text(InventoryRequest{name}));
  std::string line;
  Patience patience(patience_seconds);
  switch (child.receive(line, patience)) {
    case ChildProcess::Reply::line: {
      WorkerAnswer answer = parse_answer(line);
      if (auto* listed = std::get_if<InventoryAnswer>(&answer)) return std::move(listed->adapter);
      lost.absence = "its worker gave an unexpected reply";
      break;
    }
    case ChildProcess::Reply::timed_out:
      lost.absence = fmt::format("its driver did not answer within {} s", patience_seconds);
      break;
    case ChildProcess::Reply::ended:
      lost.absence = fmt::format("its driver ended the process while listing devices: {}", child.end());
      if (!child.last_words().empty()) lost.absence += "; last words: " + child.last_words();
      break;
  }
  return lost;
}

ListedLibrary list_library(const Library& library) {
  ListedLibrary made{.implementation = library.implementation(), .version = library.version()};
  for (const Operator* op : operators()) {
    if (library.has_operator(op->name())) made.operators.emplace_back(op->name());
  }
  return made;
}

}  // namespace

ListedAdapter list_adapter(Adapter& adapter) {
  ListedAdapter listed;
  listed.name = adapter.name();
  Discovery discovery = adapter.discover();
  listed.absence = std::move(discovery.absence);
  for (std::size_t index = 0; index < discovery.devices.size(); ++index) {
    ListedDevice device;
    device.id = fmt::format("{}:{}", listed.name, index);
    device.adapter = listed.name;
    device.info = std::move(discovery.devices[index]);
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

std::vector<ListedAdapter> take_inventory(const std::string& executable) {
  std::vector<ListedAdapter> adapters;
  for (const auto& adapter : make_adapters())
    adapters.push_back(list_in_child(executable, std::string(adapter->name())));
  return adapters;
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
