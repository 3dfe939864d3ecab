// Each driver file alone; and which layers do harm.
#include "bench/worker/driver_inventory.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <future>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "bench/worker/driver_answers.h"
#include "bench/worker/probe.h"

namespace moat {
namespace {

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
    if (const DriverAnswer* all = answer_for_all(asked_)) return all->answer.adapter;
    tell_layers_apart();
    return join_answers(adapter_, std::move(asked_), files_, std::move(left_out_));
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
      asked_.push_back({.driver = driver});
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
    if (own) take(ask(first, asked_[*own].driver), asked_[*own]);
    for (std::size_t i = 0; i < replies.size(); ++i) {
      if (replies[i].valid()) take(replies[i].get(), asked_[i]);
    }
  }

  /// Whether the reply is what the driver's file was missing: it lives, or where no driver has a device, has
  /// one.
  [[nodiscard]] static bool is_better(const Probe::Devices& reply, const DriverAnswer& asked) {
    return asked.death.empty() ? !reply.answer.adapter.devices.empty() : reply.death.empty();
  }

  /// Those that ended their process; all that offer nothing, if none offers anything.
  [[nodiscard]] std::vector<DriverAnswer*> failing() {
    const bool none_works = std::ranges::all_of(
        asked_, [](const DriverAnswer& asked) { return asked.answer.adapter.devices.empty(); });
    std::vector<DriverAnswer*> found;
    for (DriverAnswer& asked : asked_) {
      const bool offers_nothing =
          none_works && asked.driver.fault.empty() && asked.answer.load_failure.empty();
      if (!asked.death.empty() || offers_nothing) found.push_back(&asked);
    }
    return found;
  }

  /// A layer is loaded with every driver. If one that fails does not without layers, each layer is tried
  /// alone with it, and those with which it fails are left out. What crashes hides what only refuses: hence
  /// again.
  void tell_layers_apart() {
    std::vector<DriverFile> layers;
    std::ranges::copy_if(files_.layers, std::back_inserter(layers),
                         [](const DriverFile& layer) { return layer.fault.empty(); });
    std::vector<DriverFile> guilty;
    while (guilty.size() < layers.size()) {
      const std::vector<DriverAnswer*> failed = failing();
      const auto victim = std::ranges::find_if(failed, [&](const DriverAnswer* asked) {
        return is_better(reply_without(asked->driver, layers), *asked);
      });
      if (victim == failed.end()) return;
      add_guilty(**victim, layers, guilty);
      for (DriverAnswer* asked : failed) take(reply_without(asked->driver, guilty), *asked);
    }
  }

  /// Adds at least one of `layers`.
  void add_guilty(const DriverAnswer& victim, const std::vector<DriverFile>& layers,
                  std::vector<DriverFile>& guilty) {
    const std::size_t before = guilty.size();
    for (const DriverFile& layer : layers) {
      if (std::ranges::find(guilty, layer) != guilty.end()) continue;
      std::vector<DriverFile> others = layers;
      std::erase(others, layer);
      const Probe::Devices alone = reply_without(victim.driver, others);
      if (is_better(alone, victim)) continue;
      leave_out(layer,
                alone.death.empty() ? "makes drivers fail: " + alone.answer.adapter.absence : alone.death);
      guilty.push_back(layer);
    }
    if (guilty.size() > before) return;
    for (const DriverFile& layer : layers) {
      if (std::ranges::find(guilty, layer) == guilty.end())
        leave_out(layer, "does harm together with other layers");
    }
    guilty = layers;
  }

  void leave_out(const DriverFile& layer, const std::string& why) {
    left_out_.push_back(layer_left_out(layer, why));
  }

  static void take(Probe::Devices reply, DriverAnswer& asked) {
    asked.answer = std::move(reply.answer);
    asked.death = std::move(reply.death);
  }

  [[nodiscard]] Probe::Devices reply_without(const DriverFile& driver,
                                             const std::vector<DriverFile>& layers) {
    Probe other = probe();
    return ask(other, driver, layers);
  }

  const InventoryOptions& options_;
  std::string adapter_;
  Waiting& waiting_;
  DriverFiles files_;
  std::vector<DriverAnswer> asked_;
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
