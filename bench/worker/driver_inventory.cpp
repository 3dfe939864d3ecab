// Each driver file alone, then together: order, duplicates, faults.
#include "bench/worker/driver_inventory.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <future>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "bench/worker/probe.h"

namespace moat {
namespace {

/// A driver file and what its process said.
struct Asked {
  DriverFile driver;
  Probe::Devices reply;
};

/// "names libx.so, which"; nothing to name where the file is the library.
std::string leading_to(const DriverFile& driver) {
  return driver.file == driver.library ? "" : fmt::format("names {}, which ", driver.library);
}

/// Loaders take what stands in a file for the name as it is.
std::string_view blank_end(const std::string& library) {
  const bool is_blank = library.find_last_not_of(" \t\r\n") + 1 != library.size();
  return is_blank
             ? " (the name ends with white space or a carriage return, which belongs to it for the loader)"
             : "";
}

/// A library for another kind of processor is no defect: systems with two kinds register drivers for both.
bool is_of_another_kind(const std::string& load_failure) {
  return load_failure.find("wrong ELF class") != std::string::npos;
}

ListedDriver judge(const Asked& asked, const std::string& mending) {
  ListedDriver made{.file = asked.driver.file, .library = asked.driver.library, .devices = 0, .fault = {}};
  const InventoryAnswer& answer = asked.reply.answer;
  made.is_defect = true;
  if (!asked.driver.fault.empty()) {
    made.fault = asked.driver.fault;
  } else if (!asked.reply.death.empty()) {
    made.fault = leading_to(asked.driver) + asked.reply.death;
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

class DriverInventory {
 public:
  DriverInventory(const InventoryOptions& options, std::string adapter, Waiting& waiting)
      : options_(options), adapter_(std::move(adapter)), waiting_(waiting) {}

  ListedAdapter take() {
    ListedAdapter lost;
    lost.name = adapter_;
    Probe first = probe();
    Probe::Files found = [&] {
      const Waiting::Turn turn(waiting_, adapter_);
      return first.driver_files();
    }();
    if (!found.death.empty()) {
      lost.absence = "its driver " + found.death;
      return lost;
    }
    if (!found.answer.is_divided) return whole(first);
    files_ = std::move(found.answer.files);
    ask_each(first);
    if (const Asked* owner = owner_of_all()) return owner->reply.answer.adapter;
    tell_layers_apart();
    return together();
  }

 private:
  [[nodiscard]] Probe probe() const { return {options_.executable, adapter_, options_.patience_seconds}; }

  [[nodiscard]] Probe::Devices ask(Probe& probe, const DriverFile& driver,
                                   const std::vector<DriverFile>& without = {}) {
    const Waiting::Turn turn(waiting_,
                             driver.file.empty() ? adapter_ : fmt::format("{} ({})", adapter_, driver.file));
    // What is left out must not be loaded by looking for it.
    std::vector<DriverFile> layers = files_.layers;
    std::erase_if(layers, [&](const DriverFile& layer) {
      return !layer.fault.empty() || std::ranges::find(without, layer) != without.end();
    });
    return probe.devices(driver, without, layers);
  }

  ListedAdapter whole(Probe& first) {
    Probe::Devices reply = ask(first, {});
    ListedAdapter listed = std::move(reply.answer.adapter);
    listed.name = adapter_;
    if (!reply.death.empty()) listed.absence = "its driver " + reply.death;
    return listed;
  }

  /// The process that listed the files asks the first of them, so that one file costs one process.
  void ask_each(Probe& first) {
    std::vector<std::future<Probe::Devices>> replies;
    std::optional<std::size_t> own;
    for (const DriverFile& driver : files_.drivers) {
      asked_.push_back({driver, {}});
      std::future<Probe::Devices> reply;
      if (!driver.fault.empty()) {
        // There is nothing to ask.
      } else if (!own) {
        own = asked_.size() - 1;
      } else {
        reply = std::async(Waiting::policy(), [this, driver] {
          Probe other = probe();
          return ask(other, driver);
        });
      }
      replies.push_back(std::move(reply));
    }
    if (own) asked_[*own].reply = ask(first, asked_[*own].driver);
    for (std::size_t i = 0; i < replies.size(); ++i) {
      if (replies[i].valid()) asked_[i].reply = replies[i].get();
    }
  }

  /// A loader that does not go by the files has devices without having loaded what it was told to.
  [[nodiscard]] const Asked* owner_of_all() const {
    const auto found = std::ranges::find_if(asked_, [](const Asked& asked) {
      return !asked.reply.answer.adapter.devices.empty() && asked.reply.answer.library_file.empty();
    });
    return found == asked_.end() ? nullptr : &*found;
  }

  /// A layer is loaded with every driver. If one that ended its process lives without layers, each layer is
  /// tried alone with it, and those that end the process are left out.
  void tell_layers_apart() {
    std::vector<DriverFile> layers;
    std::ranges::copy_if(files_.layers, std::back_inserter(layers),
                         [](const DriverFile& layer) { return layer.fault.empty(); });
    std::vector<Asked*> dead;
    for (Asked& asked : asked_) {
      if (!asked.reply.death.empty()) dead.push_back(&asked);
    }
    if (layers.empty()) return;
    const auto alive = std::ranges::find_if(
        dead, [&](const Asked* asked) { return reply_without(asked->driver, layers).death.empty(); });
    if (alive == dead.end()) return;
    std::vector<DriverFile> guilty;
    for (DriverFile layer : layers) {
      std::vector<DriverFile> others = layers;
      std::erase(others, layer);
      const std::string death = reply_without((*alive)->driver, others).death;
      if (death.empty()) continue;
      left_out_.push_back({.file = layer.file,
                           .library = layer.library,
                           .fault = layer_fault(layer, death),
                           .is_defect = true});
      guilty.push_back(std::move(layer));
    }
    // Layers that do harm only together are all left out.
    if (guilty.empty()) guilty = layers;
    for (Asked* asked : dead) asked->reply = reply_without(asked->driver, guilty);
  }

  [[nodiscard]] static std::string layer_fault(const DriverFile& layer, const std::string& why) {
    return fmt::format("is a layer that {}{}; it is left out: repair or disable it", leading_to(layer), why);
  }

  [[nodiscard]] Probe::Devices reply_without(const DriverFile& driver,
                                             const std::vector<DriverFile>& layers) {
    Probe other = probe();
    return ask(other, driver, layers);
  }

  ListedAdapter together() {
    ListedAdapter listed;
    listed.name = adapter_;
    std::map<std::string, std::string> owners;  // of a library's file: the driver file whose devices are used
    for (Asked& asked : asked_) {
      ListedDriver driver = judge(asked, files_.mending);
      const std::string& library = asked.reply.answer.library_file;
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
      listed.devices[i].id = fmt::format("{}:{}", adapter_, i);
    listed.layers = std::move(left_out_);
    add_layers_that_do_not_load(listed.layers);
    if (listed.devices.empty()) listed.absence = absence(listed);
    return listed;
  }

  static void add_devices(Asked& asked, std::vector<ListedDevice>& devices) {
    for (ListedDevice& device : asked.reply.answer.adapter.devices) {
      device.info.details.emplace_back("driver file", asked.driver.file);
      device.info.details.emplace_back("driver library", asked.reply.answer.library_file);
      devices.push_back(std::move(device));
    }
  }

  void add_layers_that_do_not_load(std::vector<ListedDriver>& layers) const {
    const auto add = [&](const DriverFile& layer, const std::string& why) {
      if (std::ranges::count(layers, layer.file, &ListedDriver::file) > 0) return;
      layers.push_back({.file = layer.file, .library = layer.library, .fault = why, .is_defect = true});
    };
    for (const DriverFile& layer : files_.layers) {
      if (!layer.fault.empty()) add(layer, layer.fault);
    }
    for (const Asked& asked : asked_) {
      for (const DriverFile& layer : asked.reply.answer.layers) {
        if (!is_of_another_kind(layer.fault)) add(layer, layer_fault(layer, "does not load: " + layer.fault));
      }
    }
  }

  [[nodiscard]] std::string absence(const ListedAdapter& listed) const {
    if (asked_.empty()) return files_.absence;
    std::vector<std::string> reasons;
    for (const ListedDriver& driver : listed.drivers) reasons.push_back(driver.file + " " + driver.fault);
    for (const ListedDriver& layer : listed.layers) reasons.push_back(layer.file + " " + layer.fault);
    reasons.push_back(files_.installing);
    return join(reasons, "; ");
  }

  const InventoryOptions& options_;
  std::string adapter_;
  Waiting& waiting_;
  DriverFiles files_;
  std::vector<Asked> asked_;
  std::vector<ListedDriver> left_out_;
};

}  // namespace

Waiting::Turn::Turn(Waiting& waiting, std::string name) : waiting_(waiting), name_(std::move(name)) {
  waiting_.places_.acquire();
  const std::lock_guard lock(waiting_.mutex_);
  waiting_.names_.insert(name_);
}

Waiting::Turn::~Turn() {
  {
    const std::lock_guard lock(waiting_.mutex_);
    waiting_.names_.erase(waiting_.names_.find(name_));
  }
  waiting_.places_.release();
}

std::launch Waiting::policy() {
  constexpr rlim_t enough = 64;  // each process needs three descriptors, and three more while it starts
  rlimit limit{};
  const bool is_few = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < enough;
  return is_few ? std::launch::deferred : std::launch::async | std::launch::deferred;
}

std::string Waiting::text() {
  const std::lock_guard lock(mutex_);
  const std::vector<std::string> names(names_.begin(), names_.end());
  return join(names, ", ");
}

ListedAdapter list_drivers(const InventoryOptions& options, const std::string& adapter, Waiting& waiting) {
  return DriverInventory(options, adapter, waiting).take();
}

}  // namespace moat
