// Devices of all runs by name.
#include "commands/named_devices.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "adapters/catalogue/catalogue.h"
#include "base/error.h"
#include "base/text.h"
#include "results/filter.h"
#include "results/published/published.h"

namespace moat {
namespace {

void add_devices(std::vector<NamedDevice>& devices, const std::string& run, const RunInfo& info) {
  for (const RunDevice& device : info.devices) devices.push_back({run, device.id, device.name});
}

}  // namespace

std::string NamedDevice::text() const {
  return run + "/" + id;
}

std::vector<NamedDevice> stored_devices(const Store& store) {
  std::vector<NamedDevice> devices;
  try {
    store.check_readable();
  } catch (const UsageError&) {
    return devices;
  }
  for (const std::string& run : store.run_ids()) {
    try {
      add_devices(devices, run, store.run_folder(run).read_info());
    } catch (const UsageError&) {  // moat runs tells which run cannot be read
      continue;
    }
  }
  return devices;
}

std::vector<NamedDevice> built_in_devices() {
  std::vector<NamedDevice> devices;
  for (const std::string& name : published_names()) add_devices(devices, name, load_published(name).info);
  return devices;
}

std::vector<NamedDevice> named(std::span<const NamedDevice> devices, std::string_view text) {
  std::vector<NamedDevice> found;
  std::ranges::copy_if(devices, std::back_inserter(found), [&](const NamedDevice& device) {
    return matches_device(text, device.id) ||
           (!device.name.empty() && normal_name(text) == normal_name(device.name));
  });
  return found;
}

std::string candidates_text(std::span<const NamedDevice> devices) {
  constexpr std::size_t most = 8;
  std::vector<std::string> texts;
  for (std::size_t i = devices.size() - std::min(most, devices.size()); i < devices.size(); ++i)
    texts.push_back(devices[i].text());
  std::string made = join(texts, ", ");
  if (devices.size() > most) made += fmt::format(" and {} older ones", devices.size() - most);
  return made;
}

std::string nearest_device(std::span<const NamedDevice> devices, std::string_view text) {
  std::map<std::string, std::string> texts;  // by id; later runs take the place of earlier ones
  for (const NamedDevice& device : devices) texts[device.id] = device.text();
  std::vector<std::string> ids;
  ids.reserve(texts.size());
  for (const auto& [id, typed] : texts) ids.push_back(id);
  std::vector<std::string> near;
  for (const std::string& id : nearest(text, ids)) near.push_back(texts[id]);
  return did_you_mean(near);
}

}  // namespace moat
