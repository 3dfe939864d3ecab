// Order, duplicates and faults.
#include "bench/worker/driver_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"

namespace moat {
namespace {

/// "names libx.so, which "; nothing to name where the file is the library.
std::string leading_to(const DriverFile& driver) {
  return driver.file == driver.library ? "" : fmt::format("names {}, which ", driver.library);
}

/// Loaders take what stands in a file for the name as it is.
std::string_view blank_end(const std::string& library) {
  const bool is_blank = library.find_last_not_of(" \t\r\n") + 1 != library.size();
  return is_blank ? " (the name ends with white space or a carriage return, which the loader takes for a "
                    "part of it)"
                  : "";
}

/// A library for another kind of processor is no defect: systems with two kinds register drivers for both.
bool is_of_another_kind(const std::string& load_failure) {
  return load_failure.find("wrong ELF class") != std::string::npos;
}

ListedDriver judge(const DriverAnswer& asked, const std::string& mending) {
  ListedDriver made{.file = asked.driver.file, .library = asked.driver.library, .devices = 0, .fault = {}};
  const InventoryAnswer& answer = asked.answer;
  made.is_defect = true;
  if (!asked.driver.fault.empty()) {
    made.fault = asked.driver.fault;
  } else if (!asked.death.empty()) {
    made.fault = leading_to(asked.driver) + asked.death;
  } else if (!answer.load_failure.empty()) {
    made.is_defect = !is_of_another_kind(answer.load_failure);
    made.fault = fmt::format("{}does not load: {}{}", leading_to(asked.driver), answer.load_failure,
                             blank_end(asked.driver.library));
  } else {
    made.is_defect = false;
    made.devices = answer.adapter.devices.size();
    if (made.devices == 0) made.fault = fmt::format("offers no device: {}", answer.adapter.absence);
  }
  if (made.is_defect && !mending.empty()) made.fault += "; " + mending;
  return made;
}

void add_devices(DriverAnswer& asked, std::vector<ListedDevice>& devices) {
  for (ListedDevice& device : asked.answer.adapter.devices) {
    device.info.details.emplace_back("driver file", asked.driver.file);
    device.info.details.emplace_back("driver library", asked.answer.library_file);
    devices.push_back(std::move(device));
  }
}

void add_layers_that_do_not_load(std::span<const DriverAnswer> answers, const DriverFiles& files,
                                 std::vector<ListedDriver>& layers) {
  const auto add = [&](ListedDriver layer) {
    if (std::ranges::count(layers, layer.file, &ListedDriver::file) == 0) layers.push_back(std::move(layer));
  };
  for (const DriverFile& layer : files.layers) {
    if (!layer.fault.empty())
      add({.file = layer.file, .library = layer.library, .fault = layer.fault, .is_defect = true});
  }
  for (const DriverAnswer& asked : answers) {
    for (const DriverFile& layer : asked.answer.layers) {
      if (!is_of_another_kind(layer.fault)) add(layer_left_out(layer, "does not load: " + layer.fault));
    }
  }
}

std::string absence_of(const ListedAdapter& listed, const DriverFiles& files) {
  if (listed.drivers.empty()) return files.absence;
  std::vector<std::string> reasons;
  for (const ListedDriver& driver : listed.drivers) reasons.push_back(driver.file + " " + driver.fault);
  for (const ListedDriver& layer : listed.layers) reasons.push_back(layer.file + " " + layer.fault);
  reasons.push_back(files.installing);
  return join(reasons, "; ");
}

}  // namespace

const DriverAnswer* answer_for_all(std::span<const DriverAnswer> answers) {
  const auto found = std::ranges::find_if(answers, [](const DriverAnswer& asked) {
    return !asked.answer.adapter.devices.empty() && asked.answer.library_file.empty();
  });
  return found == answers.end() ? nullptr : &*found;
}

ListedDriver layer_left_out(const DriverFile& layer, std::string_view why) {
  return {.file = layer.file,
          .library = layer.library,
          .fault = fmt::format("is a layer that {}{}; it is left out: repair or disable it",
                               leading_to(layer), why),
          .is_defect = true};
}

ListedAdapter join_answers(std::string adapter, std::vector<DriverAnswer> answers, const DriverFiles& files,
                           std::vector<ListedDriver> left_out) {
  ListedAdapter listed;
  listed.name = std::move(adapter);
  std::map<std::string, std::string> owners;  // of a library's file: the driver file whose devices are used
  for (DriverAnswer& asked : answers) {
    ListedDriver driver = judge(asked, files.mending);
    const std::string& library = asked.answer.library_file;
    if (driver.devices > 0 && !owners.try_emplace(library, driver.file).second) {
      driver.devices = 0;
      driver.fault =
          fmt::format("leads to {}, as {} does: its devices are used once", library, owners.at(library));
    } else {
      add_devices(asked, listed.devices);
    }
    listed.drivers.push_back(std::move(driver));
  }
  std::ranges::stable_sort(listed.devices, {}, [](const ListedDevice& device) { return device.info.rank; });
  for (std::size_t i = 0; i < listed.devices.size(); ++i)
    listed.devices[i].id = fmt::format("{}:{}", listed.name, i);
  listed.layers = std::move(left_out);
  add_layers_that_do_not_load(answers, files, listed.layers);
  if (listed.devices.empty()) listed.absence = absence_of(listed, files);
  return listed;
}

}  // namespace moat
