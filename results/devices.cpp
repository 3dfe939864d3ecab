// Devices joined by the identities they share.
#include "results/devices.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/text.h"

namespace moat {
namespace {

/// Disjoint sets of the numbers below `size`; a set is known by its least member.
class DisjointSets {
 public:
  explicit DisjointSets(std::size_t size) : parents_(size) {
    std::iota(parents_.begin(), parents_.end(), std::size_t{0});
  }
  std::size_t least(std::size_t member) {
    while (parents_[member] != member) member = parents_[member] = parents_[parents_[member]];
    return member;
  }
  void unite(std::size_t a, std::size_t b) {
    const auto [low, high] = std::minmax({least(a), least(b)});
    parents_[high] = low;
  }

 private:
  std::vector<std::size_t> parents_;
};

}  // namespace

PhysicalDevices::PhysicalDevices(std::span<const RunDevice> devices) {
  DisjointSets sets(devices.size());
  std::map<std::string, std::size_t> owners;  // an identity and the first device that has it
  for (std::size_t i = 0; i < devices.size(); ++i) {
    if (devices[i].emulated) continue;
    for (const std::string& identity : devices[i].identities) {
      sets.unite(owners.try_emplace(identity, i).first->second, i);
    }
  }
  std::map<std::size_t, std::size_t> groups;  // a set's least member and its group
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const auto [place, is_new] = groups.try_emplace(sets.least(i), groups_.size());
    if (is_new) groups_.push_back({devices[i].name, {}});
    if (!index_.try_emplace(devices[i].id, place->second).second) continue;
    groups_[place->second].ids.push_back(devices[i].id);
  }
}

const PhysicalDevices::Group* PhysicalDevices::group_of(const std::string& device) const {
  const auto found = index_.find(device);
  return found == index_.end() ? nullptr : &groups_[found->second];
}

std::string PhysicalDevices::first(const std::string& device) const {
  const Group* group = group_of(device);
  return group == nullptr ? device : group->ids.front();
}

std::vector<std::string> PhysicalDevices::together(std::span<const std::string> devices) const {
  std::map<std::string, std::size_t> places;  // of a physical device's first among `devices`
  for (std::size_t i = 0; i < devices.size(); ++i) places.try_emplace(first(devices[i]), i);
  std::vector<std::string> ordered(devices.begin(), devices.end());
  std::stable_sort(ordered.begin(), ordered.end(), [&](const std::string& a, const std::string& b) {
    return places.at(first(a)) < places.at(first(b));
  });
  return ordered;
}

std::vector<std::string> PhysicalDevices::shared(std::span<const std::string> devices) const {
  std::vector<std::string> made;
  for (const Group& group : groups_) {
    std::vector<std::string> present;
    for (const std::string& id : group.ids) {
      if (std::find(devices.begin(), devices.end(), id) != devices.end()) present.push_back(id);
    }
    if (present.size() < 2) continue;
    made.push_back(fmt::format("{} are one device: {}", join(present, ", "), group.name));
  }
  return made;
}

}  // namespace moat
