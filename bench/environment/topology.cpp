// Packages, cores, caches and NUMA nodes as hwloc sees them.
#include <fmt/format.h>
#include <hwloc.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>

#include "base/json.h"
#include "bench/environment/parts.h"

namespace moat::environment {
namespace {

struct Destroy {
  void operator()(hwloc_topology_t topology) const { hwloc_topology_destroy(topology); }
};
using Topology = std::unique_ptr<std::remove_pointer_t<hwloc_topology_t>, Destroy>;

std::string list_of(hwloc_const_bitmap_t set) {
  char* raw = nullptr;
  if (set == nullptr || hwloc_bitmap_list_asprintf(&raw, set) < 0) return "";
  const std::unique_ptr<char, decltype(&std::free)> text(raw, &std::free);
  return text.get();
}

/// Or why not.
std::string load(Topology& topology, const std::optional<std::string>& synthetic) {
  hwloc_topology_t raw = nullptr;
  if (hwloc_topology_init(&raw) != 0) return fmt::format("hwloc_topology_init: {}", std::strerror(errno));
  topology.reset(raw);
  // The machine is described, not only what this process may use of it.
  if (hwloc_topology_set_flags(raw, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED) != 0) {
    return fmt::format("hwloc_topology_set_flags: {}", std::strerror(errno));
  }
  if (synthetic && hwloc_topology_set_synthetic(raw, synthetic->c_str()) != 0) {
    return fmt::format("hwloc_topology_set_synthetic: {}", std::strerror(errno));
  }
  // hwloc's plugins would load drivers into this process; what they add is not asked for.
  for (const char* plugin : {"opencl", "cuda", "nvml", "rsmi", "levelzero", "gl"}) {
    static_cast<void>(hwloc_topology_set_components(raw, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, plugin));
  }
  if (hwloc_topology_load(raw) != 0) return fmt::format("hwloc_topology_load: {}", std::strerror(errno));
  return "";
}

Json caches(hwloc_topology_t topology) {
  constexpr std::array<std::pair<hwloc_obj_type_t, std::string_view>, 5> levels{{{HWLOC_OBJ_L1CACHE, "L1d"},
                                                                                 {HWLOC_OBJ_L1ICACHE, "L1i"},
                                                                                 {HWLOC_OBJ_L2CACHE, "L2"},
                                                                                 {HWLOC_OBJ_L3CACHE, "L3"},
                                                                                 {HWLOC_OBJ_L4CACHE, "L4"}}};
  Json list = Json::array();
  for (const auto& [type, label] : levels) {
    std::map<hwloc_uint64_t, int> counts;  // by size: the cores of a hybrid differ
    for (hwloc_obj_t cache = nullptr;
         (cache = hwloc_get_next_obj_by_type(topology, type, cache)) != nullptr;) {
      ++counts[cache->attr->cache.size];
    }
    for (const auto& [bytes, count] : counts)
      list.push_back({{"level", label}, {"bytes", bytes}, {"count", count}});
  }
  if (list.empty()) return unavailable("hwloc reports no caches");
  return list;
}

Json numa_nodes(hwloc_topology_t topology) {
  Json list = Json::array();
  for (hwloc_obj_t node = nullptr;
       (node = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, node)) != nullptr;) {
    list.push_back({{"node", node->os_index},
                    {"cpus", list_of(node->cpuset)},
                    {"memory_bytes", node->attr->numanode.local_memory}});
  }
  if (list.empty()) return unavailable("hwloc reports no NUMA node");
  return list;
}

/// Kinds of cores, as on processors with performance and efficiency cores.
Json core_kinds(hwloc_topology_t topology) {
  const int count = hwloc_cpukinds_get_nr(topology, 0);
  if (count <= 0)
    return unavailable("hwloc reports no kinds of cores; they are all alike, or hwloc does not know");
  Json list = Json::array();
  for (unsigned kind = 0; kind < static_cast<unsigned>(count); ++kind) {
    const std::unique_ptr<hwloc_bitmap_s, decltype(&hwloc_bitmap_free)> set(hwloc_bitmap_alloc(),
                                                                            &hwloc_bitmap_free);
    int efficiency = -1;
    if (hwloc_cpukinds_get_info(topology, kind, set.get(), &efficiency, nullptr, nullptr, 0) != 0) continue;
    list.push_back({{"cpus", list_of(set.get())}, {"efficiency_rank", efficiency}});
  }
  return list;
}

}  // namespace

Json describe_topology(const std::optional<std::string>& synthetic) {
  Topology topology;
  if (const std::string why = load(topology, synthetic); !why.empty()) return unavailable(why);
  const auto count = [&](hwloc_obj_type_t type) { return hwloc_get_nbobjs_by_type(topology.get(), type); };
  return {{"packages", count(HWLOC_OBJ_PACKAGE)},
          {"cores", count(HWLOC_OBJ_CORE)},
          {"threads", count(HWLOC_OBJ_PU)},
          {"core_kinds", core_kinds(topology.get())},
          {"caches", caches(topology.get())},
          {"numa_nodes", numa_nodes(topology.get())},
          {"hwloc_api_version", fmt::format("{:#x}", hwloc_get_api_version())}};
}

}  // namespace moat::environment
