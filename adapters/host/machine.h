// What the host is: cores this process may use, caches, instruction set, memory that is really left. Reads
// hwloc, /proc and cgroups; must not know devices or libraries. The parsers are pure and take text or a root.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/common/control_group.h"
#include "kernels/types.h"

namespace moat::host {

/// The first processor of /proc/cpuinfo.
struct CpuInfo {
  std::string model;            // "AMD EPYC 9654"; on Arm "CPU implementer 0x41 part 0xd40"
  std::string vendor;           // "AMD", "Intel", else as the kernel says it; "unknown" if it does not
  std::set<std::string> flags;  // x86 "flags", Arm "Features"
};
[[nodiscard]] CpuInfo parse_cpuinfo(std::string_view text);

/// A line of /proc/meminfo in bytes ("MemTotal", "MemAvailable"), if the text has it.
[[nodiscard]] std::optional<std::size_t> parse_meminfo(std::string_view text, std::string_view key);

using moat::CgroupLimits;
using moat::read_cgroups;

/// Threads to compute with: one per allowed core, at most the whole CPUs of the quota, at least one.
/// `wanted` is the environment's MOAT_HOST_THREADS and overrides both. Throws UsageError if it is no number.
[[nodiscard]] unsigned thread_count(unsigned cores, std::optional<double> quota, const char* wanted);

struct Machine {
  CpuInfo cpu;
  unsigned hardware_threads = 1;           // allowed ones
  unsigned cores = 1;                      // with at least one allowed hardware thread
  unsigned threads = 1;                    // thread_count()
  std::size_t memory_bytes = 0;            // physical, or the control group's limit if lower
  std::size_t last_level_cache_bytes = 0;  // all caches of the last level that allowed cores reach
  std::vector<std::pair<std::string, std::string>> details;
};
[[nodiscard]] Machine read_machine();

/// Bytes that can be touched now without the kernel ending the process: MemAvailable and the control groups.
[[nodiscard]] std::size_t available_memory();

/// Operations per cycle and core that no x86-64 core of the instruction set exceeds for inputs of `type`, and
/// the derivation in words; 0 where unknown (other architectures).
struct CoreRate {
  double operations_per_cycle = 0;
  std::string derivation;
};
[[nodiscard]] CoreRate core_rate(const std::set<std::string>& flags, Type type);

/// Floats in the widest vector register of the instruction set.
[[nodiscard]] unsigned vector_width_f32(const std::set<std::string>& flags);

}  // namespace moat::host
