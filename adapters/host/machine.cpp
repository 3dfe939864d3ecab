// Reads the host's facts from hwloc, /proc and /sys.
#include "adapters/host/machine.h"

#include <fmt/format.h>
#include <hwloc.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <memory>

#include "base/error.h"
#include "base/numbers.h"
#include "base/system_text.h"
#include "base/text.h"

namespace moat::host {
namespace {

struct TopologyDeleter {
  void operator()(hwloc_topology_t topology) const { hwloc_topology_destroy(topology); }
};
using Topology = std::unique_ptr<std::remove_pointer_t<hwloc_topology_t>, TopologyDeleter>;

Topology load_topology() {
  hwloc_topology_t raw = nullptr;
  if (hwloc_topology_init(&raw) != 0) throw DeviceError("hwloc_topology_init failed: out of memory");
  Topology topology(raw);
  if (hwloc_topology_load(raw) != 0) {
    throw DeviceError("hwloc_topology_load failed: is /sys mounted? `hwloc-info` says more");
  }
  return topology;
}

// Objects of `type` that share a hardware thread with `allowed`.
std::vector<hwloc_obj_t> objects(hwloc_topology_t topology, hwloc_obj_type_t type,
                                 hwloc_const_cpuset_t allowed) {
  std::vector<hwloc_obj_t> found;
  for (hwloc_obj_t object = nullptr;
       (object = hwloc_get_next_obj_by_type(topology, type, object)) != nullptr;) {
    if (object->cpuset == nullptr || hwloc_bitmap_intersects(object->cpuset, allowed) != 0) {
      found.push_back(object);
    }
  }
  return found;
}

struct Bitmap {
  Bitmap() : set(hwloc_bitmap_alloc()) {}
  Bitmap(const Bitmap&) = delete;
  Bitmap& operator=(const Bitmap&) = delete;
  ~Bitmap() { hwloc_bitmap_free(set); }
  hwloc_bitmap_t set;
};

void read_caches(hwloc_topology_t topology, hwloc_const_cpuset_t allowed, Machine& machine) {
  constexpr std::array<std::pair<hwloc_obj_type_t, std::string_view>, 4> levels{{
      {HWLOC_OBJ_L1CACHE, "L1d"},
      {HWLOC_OBJ_L2CACHE, "L2"},
      {HWLOC_OBJ_L3CACHE, "L3"},
      {HWLOC_OBJ_L4CACHE, "L4"},
  }};
  std::vector<std::string> parts;
  for (const auto& [type, label] : levels) {
    const std::vector<hwloc_obj_t> caches = objects(topology, type, allowed);
    if (caches.empty()) continue;
    std::size_t total = 0;
    for (const hwloc_obj* cache : caches) total += cache->attr->cache.size;
    machine.last_level_cache_bytes = total;
    parts.push_back(fmt::format("{} {} x {} KiB", label, caches.size(), caches[0]->attr->cache.size / 1024));
  }
  machine.details.emplace_back("caches",
                               parts.empty() ? "unavailable: hwloc reports none" : join(parts, ", "));
}

std::string instruction_sets(const std::set<std::string>& flags) {
  constexpr std::array<std::string_view, 22> interesting{
      "sse4_2",      "avx",         "f16c",        "fma",      "avx2",     "avx_vnni", "avx512f",  "avx512bw",
      "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_tile", "amx_int8", "amx_bf16", "amx_fp16", "asimd",
      "asimdhp",     "asimddp",     "sve",         "sve2",     "bf16",     "i8mm"};
  std::vector<std::string> present;
  for (const std::string_view flag : interesting) {
    if (flags.contains(std::string(flag))) present.emplace_back(flag);
  }
  return present.empty() ? "unavailable: /proc/cpuinfo names none that matter here" : join(present, " ");
}

std::string limit_text(const std::optional<std::size_t>& bytes) {
  return bytes ? fmt::format("{} MiB", *bytes >> 20) : std::string("none");
}

std::string thread_text(const Machine& machine, const std::optional<double>& quota, const char* wanted) {
  if (wanted != nullptr) return fmt::format("{} (MOAT_HOST_THREADS)", machine.threads);
  if (machine.threads < machine.cores) {
    return fmt::format("{} (the control group grants {:.2f} CPUs)", machine.threads, *quota);
  }
  return fmt::format("{} (one per allowed core; MOAT_HOST_THREADS overrides)", machine.threads);
}

}  // namespace

CpuInfo parse_cpuinfo(std::string_view text) {
  CpuInfo info;
  info.model = field(text, "model name", ':').value_or("");
  if (info.model.empty()) {
    const std::string_view implementer = field(text, "CPU implementer", ':').value_or("");
    info.model = implementer.empty() ? "unknown processor"
                                     : fmt::format("CPU implementer {} part {}", implementer,
                                                   field(text, "CPU part", ':').value_or(""));
  }
  const std::string_view vendor = field(text, "vendor_id", ':').value_or("");
  info.vendor = vendor == "AuthenticAMD"   ? "AMD"
                : vendor == "GenuineIntel" ? "Intel"
                : vendor.empty()           ? "unknown"
                                           : std::string(vendor);
  std::string_view flags = field(text, "flags", ':').value_or("");
  if (flags.empty()) flags = field(text, "Features", ':').value_or("");
  for (const std::string_view flag : split(flags, ' ')) {
    if (!flag.empty()) info.flags.emplace(flag);
  }
  return info;
}

std::optional<std::size_t> parse_meminfo(std::string_view text, std::string_view key) {
  const std::optional<std::size_t> kibibytes = leading_number(field(text, key, ':').value_or(""));
  return kibibytes ? std::optional(*kibibytes * 1024) : std::nullopt;
}

unsigned thread_count(unsigned cores, std::optional<double> quota, const char* wanted) {
  constexpr unsigned most_threads = 4096;
  if (wanted != nullptr)
    return static_cast<unsigned>(parse_whole_number(wanted, "MOAT_HOST_THREADS", 1, most_threads));
  if (quota && *quota < static_cast<double>(cores)) return std::max(1U, static_cast<unsigned>(*quota));
  return std::max(1U, cores);
}

Machine read_machine() {
  Machine machine;
  machine.cpu = parse_cpuinfo(system_text("/proc/cpuinfo"));
  const CgroupLimits limits = read_cgroups("/");
  const char* wanted = std::getenv("MOAT_HOST_THREADS");

  const Topology topology = load_topology();
  const Bitmap allowed;
  if (hwloc_get_cpubind(topology.get(), allowed.set, HWLOC_CPUBIND_PROCESS) != 0) {
    hwloc_bitmap_copy(allowed.set, hwloc_topology_get_allowed_cpuset(topology.get()));
  }
  const auto count = [&](hwloc_obj_type_t type) {
    return static_cast<unsigned>(objects(topology.get(), type, allowed.set).size());
  };
  machine.hardware_threads = std::max(1U, count(HWLOC_OBJ_PU));
  machine.cores = std::max(1U, count(HWLOC_OBJ_CORE));
  machine.threads = thread_count(machine.cores, limits.cpus, wanted);
  // Not hwloc's sum over memory nodes, which misses memory that a virtual machine was given after its start.
  const std::size_t physical = parse_meminfo(system_text("/proc/meminfo"), "MemTotal").value_or(0);
  machine.memory_bytes = std::min(physical, limits.memory_bytes_limit.value_or(physical));

  auto& details = machine.details;
  details.emplace_back("threads", thread_text(machine, limits.cpus, wanted));
  details.emplace_back("allowed cores", fmt::format("{} ({} hardware threads of {} online)", machine.cores,
                                                    machine.hardware_threads, sysconf(_SC_NPROCESSORS_ONLN)));
  details.emplace_back("cpu quota", limits.cpus ? fmt::format("{:.2f} CPUs", *limits.cpus) : "none");
  details.emplace_back("instruction sets", instruction_sets(machine.cpu.flags));
  read_caches(topology.get(), allowed.set, machine);
  details.emplace_back("NUMA nodes", fmt::format("{}", count(HWLOC_OBJ_NUMANODE)));
  details.emplace_back("memory", fmt::format("{} MiB physical, control group limit {}", physical >> 20,
                                             limit_text(limits.memory_bytes_limit)));
  return machine;
}

std::size_t available_memory() {
  const std::optional<std::size_t> free = parse_meminfo(system_text("/proc/meminfo"), "MemAvailable");
  const std::optional<std::size_t> granted = read_cgroups("/").memory_bytes_left;
  constexpr std::size_t unknown = static_cast<std::size_t>(-1);
  return std::min(free.value_or(unknown), granted.value_or(unknown));
}

CoreRate core_rate(const std::set<std::string>& flags, Type type) {
  const auto has = [&](const char* flag) { return flags.contains(flag); };
  if (!has("sse2")) return {};
  // Multiply-adds per cycle: instructions per cycle (two pipes, for every core so far) x lanes.
  const double bits = has("avx512f") ? 512 : has("avx") ? 256 : 128;
  const std::string width = fmt::format("two {:.0f}-bit multiply-adds per cycle", bits);
  const double f32 = 2 * 2 * bits / 32;
  switch (type) {
    case Type::f64:
      return {f32 / 2, width};
    case Type::f16:
      if (has("amx_fp16")) return {1024, "one AMX tile product of 16x16x32 in 16 cycles"};
      return {2 * f32, width + " on half-precision lanes"};
    case Type::bf16:
      if (has("amx_bf16")) return {1024, "one AMX tile product of 16x16x32 in 16 cycles"};
      return {2 * f32, width + " on pairs of bf16"};
    case Type::i8:
      if (has("amx_int8")) return {2048, "one AMX tile product of 16x16x64 in 16 cycles"};
      return {4 * f32, width + " on groups of four i8"};
    default:
      return {f32, width};
  }
}

unsigned vector_width_f32(const std::set<std::string>& flags) {
  return flags.contains("avx512f") ? 16 : flags.contains("avx") ? 8 : 4;
}

}  // namespace moat::host
