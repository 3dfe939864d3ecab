// The devices of a run as stored in run.json, and which of them are the same physical device, offered by
// several adapters or drivers. Pure; must not know adapters or files.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "results/stated.h"

namespace moat {

struct RunDevice {
  std::string id;    // "opencl:0"; "v100:published" for imported figures (results/published/published.h)
  std::string name;  // this and the following fields are as the driver reports them
  std::string vendor;
  std::string driver;
  std::string platform;
  std::string architecture;
  bool emulated = false;
  std::vector<std::string> identities;  // "pci:0000:65:00.0", "uuid:…", "cpu": see adapters/common/identity.h
  std::vector<std::pair<std::string, std::string>> details;  // further facts, or "unavailable: why"
  // Only for published figures; empty in measured runs.
  std::string chip;         // its id in the chip catalogue; not checked against it here
  std::vector<Roof> roofs;  // as stated
  std::vector<StatedEfficiency> efficiencies;
  friend bool operator==(const RunDevice&, const RunDevice&) = default;
};

/// Two devices of one machine are one physical device if they share an identity, or if a third one is the
/// same as both. A device without identities is not the same as any other, nor is an emulated one.
class PhysicalDevices {
 public:
  /// No two devices are the same.
  PhysicalDevices() = default;
  explicit PhysicalDevices(std::span<const RunDevice> devices);

  /// The id of the first device that is physically the same as `device`;
  /// `device` itself if there is none or it is unknown.
  [[nodiscard]] std::string first(const std::string& device) const;
  /// `devices` grouped by physical device, in the order of the first of each group.
  [[nodiscard]] std::vector<std::string> together(std::span<const std::string> devices) const;
  /// "host:0, opencl:0 are one device: AMD EPYC", one text for each physical device that occurs more than
  /// once in `devices`, with the name of the first.
  [[nodiscard]] std::vector<std::string> shared(std::span<const std::string> devices) const;

 private:
  struct Group {
    std::string name;
    std::vector<std::string> ids;
  };
  [[nodiscard]] const Group* group_of(const std::string& device) const;
  std::vector<Group> groups_;
  std::map<std::string, std::size_t> index_;  // from an id to its group
};

}  // namespace moat
