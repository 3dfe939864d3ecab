// Which devices are one physical device, whatever order they come in.
#include "results/devices.h"

#include <algorithm>
#include <random>
#include <set>

#include "tests/catch.h"

using namespace moat;
using Ids = std::vector<std::string>;

namespace {

RunDevice device(const std::string& id, std::vector<std::string> identities, bool emulated = false) {
  RunDevice made;
  made.id = id;
  made.name = "name of " + id;
  made.emulated = emulated;
  made.identities = std::move(identities);
  return made;
}

/// Every physical device as the set of its ids.
std::set<std::set<std::string>> partition(std::span<const RunDevice> devices) {
  const PhysicalDevices physical(devices);
  std::map<std::string, std::set<std::string>> groups;
  for (const RunDevice& one : devices) groups[physical.first(one.id)].insert(one.id);
  std::set<std::set<std::string>> made;
  for (const auto& [first, ids] : groups) made.insert(ids);
  return made;
}

/// The same by the definition: whatever is reached over shared identities, step by step.
std::set<std::set<std::string>> reached(std::span<const RunDevice> devices) {
  const auto share = [](const RunDevice& a, const RunDevice& b) {
    return std::any_of(a.identities.begin(), a.identities.end(), [&](const std::string& identity) {
      return std::find(b.identities.begin(), b.identities.end(), identity) != b.identities.end();
    });
  };
  std::set<std::set<std::string>> made;
  for (const RunDevice& start : devices) {
    std::set<std::string> group{start.id};
    for (std::size_t before = 0; before != group.size();) {
      before = group.size();
      for (const RunDevice& a : devices) {
        for (const RunDevice& b : devices) {
          if (group.contains(a.id) && share(a, b)) group.insert(b.id);
        }
      }
    }
    made.insert(group);
  }
  return made;
}

/// Up to eight devices with up to three of six identities each.
std::vector<RunDevice> random_devices(std::mt19937_64& engine) {
  std::vector<RunDevice> devices;
  for (std::uint64_t i = engine() % 9; i > 0; --i) {
    RunDevice made = device("d:" + std::to_string(i), {});
    for (std::uint64_t k = engine() % 4; k > 0; --k)
      made.identities.push_back("uuid:" + std::to_string(engine() % 6));
    devices.push_back(made);
  }
  return devices;
}

const std::vector<RunDevice> machine{
    device("null:0", {}, true),  device("host:0", {"cpu"}),      device("opencl:0", {"pci:1"}),
    device("opencl:1", {"cpu"}), device("vulkan:0", {"uuid:a"}), device("cuda:0", {"pci:1", "uuid:a"}),
};

}  // namespace

TEST_CASE("devices that share an identity are one, also by way of a third") {
  const PhysicalDevices physical(machine);
  CHECK(physical.first("host:0") == "host:0");
  CHECK(physical.first("opencl:1") == "host:0");
  CHECK(physical.first("vulkan:0") == "opencl:0");
  CHECK(physical.first("cuda:0") == "opencl:0");
}

TEST_CASE("a device that names nothing, is emulated or unknown is alone") {
  const std::vector<RunDevice> devices{device("a:0", {}), device("b:0", {}), device("c:0", {"cpu"}, true),
                                       device("d:0", {"cpu"}, true), device("e:0", {"cpu"})};
  const PhysicalDevices physical(devices);
  for (const RunDevice& one : devices) CHECK(physical.first(one.id) == one.id);
  CHECK(physical.first("x:0") == "x:0");
  CHECK(PhysicalDevices().first("x:0") == "x:0");
}

TEST_CASE("what is one device stands together, where its first stood") {
  const PhysicalDevices physical(machine);
  CHECK(physical.together(Ids{"null:0", "host:0", "opencl:0", "opencl:1", "x:0", "vulkan:0", "cuda:0"}) ==
        Ids{"null:0", "host:0", "opencl:1", "opencl:0", "vulkan:0", "cuda:0", "x:0"});
  CHECK(physical.together(Ids{"vulkan:0", "opencl:1", "cuda:0"}) == Ids{"vulkan:0", "cuda:0", "opencl:1"});
  CHECK(PhysicalDevices().together(Ids{"b:0", "a:0"}) == Ids{"b:0", "a:0"});
}

TEST_CASE("a line names each physical device of which several are there") {
  const PhysicalDevices physical(machine);
  CHECK(physical.shared(Ids{"cuda:0", "opencl:1", "vulkan:0", "host:0", "null:0"}) ==
        Ids{"host:0, opencl:1 are one device: name of host:0",
            "vulkan:0, cuda:0 are one device: name of opencl:0"});
  CHECK(physical.shared(Ids{"cuda:0", "host:0"}).empty());
  CHECK(PhysicalDevices().shared(Ids{"cuda:0", "host:0"}).empty());
}

TEST_CASE("physical devices are what shared identities connect, in any order of devices and identities") {
  std::mt19937_64 engine(5);
  for (int i = 0; i < 2000; ++i) {
    std::vector<RunDevice> devices = random_devices(engine);
    const auto expected = reached(devices);
    REQUIRE(partition(devices) == expected);
    std::shuffle(devices.begin(), devices.end(), engine);
    for (RunDevice& one : devices) std::shuffle(one.identities.begin(), one.identities.end(), engine);
    REQUIRE(partition(devices) == expected);
  }
}

TEST_CASE("the first of each physical device is its own first; what names nothing is first itself") {
  std::mt19937_64 engine(6);
  for (int i = 0; i < 500; ++i) {
    const std::vector<RunDevice> devices = random_devices(engine);
    const PhysicalDevices physical(devices);
    for (const RunDevice& one : devices) {
      REQUIRE(physical.first(physical.first(one.id)) == physical.first(one.id));
      if (one.identities.empty()) REQUIRE(physical.first(one.id) == one.id);
    }
  }
}
