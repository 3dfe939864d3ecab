// Listing adapters and devices, and the JSON by which a worker reports them.
#include "bench/worker/inventory.h"

#include <fmt/format.h>

#include "base/error.h"

namespace moat {

static void to_json(Json& json, const MatrixShape& shape) {
  json = {{"input", shape.input}, {"accumulate", shape.accumulate}, {"m", shape.m}, {"n", shape.n},
          {"k", shape.k},         {"extension", shape.extension}};
}

static void from_json(const Json& json, MatrixShape& shape) {
  json.at("input").get_to(shape.input);
  json.at("accumulate").get_to(shape.accumulate);
  json.at("m").get_to(shape.m);
  json.at("n").get_to(shape.n);
  json.at("k").get_to(shape.k);
  json.at("extension").get_to(shape.extension);
}

namespace {

/// Every field of the traits, so that none is forgotten on the way.
template <class Visit, class T>
void visit_traits(const Visit& visit, T& traits) {
  auto& [kind, language, compute_units, max_group_size, max_group_shape, local_memory_bytes,
         local_memory_is_dedicated, global_memory_bytes, max_allocation_bytes, max_argument_bytes,
         last_level_cache_bytes, native_vector_f32, has_f64, has_f16, has_16_bit_storage, has_8_bit_storage,
         has_i64, has_integer_dot, subgroup_size, max_groups, matrix_shapes] = traits;
  visit("kind", kind);
  visit("language", language);
  visit("compute_units", compute_units);
  visit("max_group_size", max_group_size);
  visit("max_group_shape", max_group_shape);
  visit("local_memory_bytes", local_memory_bytes);
  visit("local_memory_is_dedicated", local_memory_is_dedicated);
  visit("global_memory_bytes", global_memory_bytes);
  visit("max_allocation_bytes", max_allocation_bytes);
  visit("max_argument_bytes", max_argument_bytes);
  visit("last_level_cache_bytes", last_level_cache_bytes);
  visit("native_vector_f32", native_vector_f32);
  visit("has_f64", has_f64);
  visit("has_f16", has_f16);
  visit("has_16_bit_storage", has_16_bit_storage);
  visit("has_8_bit_storage", has_8_bit_storage);
  visit("has_i64", has_i64);
  visit("has_integer_dot", has_integer_dot);
  visit("subgroup_size", subgroup_size);
  visit("max_groups", max_groups);
  visit("matrix_shapes", matrix_shapes);
}

Json traits_json(const Traits& traits) {
  Json json;
  visit_traits([&](const char* field, const auto& value) { json[field] = value; }, traits);
  return json;
}

Traits parse_traits(const Json& json) {
  Traits traits;
  visit_traits([&](const char* field, auto& value) { json.at(field).get_to(value); }, traits);
  return traits;
}

Json pairs_json(const std::vector<std::pair<std::string, std::string>>& pairs) {
  Json array = Json::array();
  for (const auto& [first, second] : pairs) array.push_back(Json::array({first, second}));
  return array;
}

std::vector<std::pair<std::string, std::string>> parse_pairs(const Json& array) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Json& pair : array)
    pairs.emplace_back(pair.at(0).get<std::string>(), pair.at(1).get<std::string>());
  return pairs;
}

Json device_json(const ListedDevice& device) {
  Json libraries = Json::array();
  for (const ListedLibrary& library : device.libraries) {
    libraries.push_back({{"implementation", library.implementation}, {"version", library.version}});
  }
  const DeviceInfo& info = device.info;
  return {{"id", device.id},
          {"adapter", device.adapter},
          {"name", info.name},
          {"vendor", info.vendor},
          {"driver", info.driver},
          {"architecture", info.architecture},
          {"platform", info.platform},
          {"emulated", info.emulated},
          {"identities", info.identities},
          {"clock", {{"name", info.clock.name}, {"resolution_seconds", info.clock.resolution_seconds}}},
          {"traits", traits_json(info.traits)},
          {"details", pairs_json(info.details)},
          {"libraries", libraries},
          {"absent_libraries", pairs_json(device.absent_libraries)},
          {"fault", device.fault}};
}

ListedDevice parse_device(const Json& j) {
  ListedDevice device;
  j.at("id").get_to(device.id);
  j.at("adapter").get_to(device.adapter);
  j.at("name").get_to(device.info.name);
  j.at("vendor").get_to(device.info.vendor);
  j.at("driver").get_to(device.info.driver);
  j.at("architecture").get_to(device.info.architecture);
  j.at("platform").get_to(device.info.platform);
  j.at("emulated").get_to(device.info.emulated);
  j.at("identities").get_to(device.info.identities);
  j.at("clock").at("name").get_to(device.info.clock.name);
  j.at("clock").at("resolution_seconds").get_to(device.info.clock.resolution_seconds);
  device.info.traits = parse_traits(j.at("traits"));
  device.info.details = parse_pairs(j.at("details"));
  for (const Json& library : j.at("libraries")) {
    device.libraries.push_back(
        {library.at("implementation").get<std::string>(), library.at("version").get<std::string>()});
  }
  device.absent_libraries = parse_pairs(j.at("absent_libraries"));
  j.at("fault").get_to(device.fault);
  return device;
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
      for (const auto& library : opened->libraries())
        device.libraries.push_back({library->implementation(), library->version()});
      device.absent_libraries = opened->absent_libraries();
    } catch (const std::exception& error) {
      device.fault = error.what();
    }
    listed.devices.push_back(std::move(device));
  }
  return listed;
}

Json inventory_json(const ListedAdapter& adapter) {
  Json devices = Json::array();
  for (const ListedDevice& device : adapter.devices) devices.push_back(device_json(device));
  return {{"name", adapter.name}, {"absence", adapter.absence}, {"devices", devices}};
}

ListedAdapter parse_inventory(const Json& json) {
  try {
    ListedAdapter adapter;
    json.at("name").get_to(adapter.name);
    json.at("absence").get_to(adapter.absence);
    for (const Json& device : json.at("devices")) adapter.devices.push_back(parse_device(device));
    return adapter;
  } catch (const Json::exception& error) {
    throw UsageError(fmt::format("a worker's inventory is malformed: {}", error.what()));
  }
}

RunDevice run_device(const ListedDevice& device) {
  const DeviceInfo& info = device.info;
  return {device.id,
          info.name,
          info.vendor,
          info.driver,
          info.platform,
          info.architecture,
          info.emulated,
          info.identities,
          info.details,
          "",
          {},
          {}};
}

PlanDevice plan_device(const ListedDevice& device) {
  PlanDevice planned{device.id, device.info, {}, device.absent_libraries};
  for (const ListedLibrary& library : device.libraries)
    planned.libraries.push_back({library.implementation, nullptr});
  return planned;
}

}  // namespace moat
