// The devices of a run as run.json keeps them, and which of them are one physical device that several
// adapters (or drivers) show. Pure; must not know adapters or files.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "results/stated.h"

namespace moat {

struct RunDevice {
  std::string id;    // "opencl:0"; "v100:published" of what was imported (results/published/published.h)
  std::string name;  // as the driver says it, as what follows
  std::string vendor;
  std::string driver;
  std::string platform;
  std::string architecture;
  bool emulated = false;
  std::vector<std::string> identities;  // "pci:0000:65:00.0", "uuid:…", "cpu": see adapters/common/identity.h
  std::vector<std::pair<std::string, std::string>> details;  // further facts, or "unavailable: why"
  // Of published figures; empty in runs that were measured.
  std::string chip;  // its id in the chip catalogue; not checked against it here
  std::vector<StatedRoof> roofs;
  std::vector<StatedEfficiency> efficiencies;
  friend bool operator==(const RunDevice&, const RunDevice&) = default;
};

/// Two devices of one machine are one physical device if they share an identity, or if a third one is the
/// same as both. A device without identities is alone, and so is an emulated one.
class PhysicalDevices {
 public:
  /// Every device is alone.
  PhysicalDevices() = default;
  explicit PhysicalDevices(std::span<const RunDevice> devices);

  /// The id of the first of the devices that are physically `device`: `device` itself if it is alone, or none
  /// of them.
  [[nodiscard]] std::string first(const std::string& device) const;
  /// The other devices that are physically `device`, in their order.
  [[nodiscard]] std::vector<std::string> others(const std::string& device) const;
  /// `devices`, in the order of the first of each physical device.
  [[nodiscard]] std::vector<std::string> together(std::span<const std::string> devices) const;
  /// "host:0, opencl:0 are one device: AMD EPYC", one for each physical device of which `devices` holds more
  /// than one; named as its first is.
  [[nodiscard]] std::vector<std::string> shared(std::span<const std::string> devices) const;

 private:
  struct Group {
    std::string name;
    std::vector<std::string> ids;
  };
  [[nodiscard]] const Group* group_of(const std::string& device) const;
  std::vector<Group> groups_;
  std::map<std::string, std::size_t> index_;  // of an id's group
};

}  // namespace moat
