// The parts of describe_system and observe_state, one source file each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bench/environment/files.h"

namespace moat::environment {

// cpu.cpp
[[nodiscard]] Json describe_cpu(const SystemFiles& files);
[[nodiscard]] Json observe_clocks(const SystemFiles& files);
[[nodiscard]] Json observe_temperatures(const SystemFiles& files);
// topology.cpp
[[nodiscard]] Json describe_topology(const std::optional<std::string>& synthetic);
// kernel.cpp
[[nodiscard]] Json describe_memory(const SystemFiles& files);
[[nodiscard]] Json describe_kernel(const SystemFiles& files);
[[nodiscard]] Json observe_load(const SystemFiles& files);
// interference.cpp
/// The processors that this process may use, as /proc/stat names them: "cpu0". Empty if it is not known.
[[nodiscard]] std::vector<std::string> allowed_processors(const SystemFiles& files);
// limits.cpp
/// The limits of the control group: for each, the lowest among the group and its ancestors.
[[nodiscard]] Json describe_limits(const SystemFiles& files);
[[nodiscard]] Json observe_throttling(const SystemFiles& files);
/// Seconds for which the quota of this process's group or of one above it has stopped threads, of whichever
/// group the most; nothing if none of them counts.
[[nodiscard]] std::optional<double> throttled_seconds(const SystemFiles& files);
/// A limit of CPUs' worth of time that holds for this process, by the group or one above it.
[[nodiscard]] std::optional<double> granted_cpus(const SystemFiles& files);
/// The lowest limit of memory, in bytes.
[[nodiscard]] std::optional<std::int64_t> granted_memory(const SystemFiles& files);
/// How often the kernel has ended a process for want of memory, in this process's group and those above it;
/// nothing if none of them counts.
[[nodiscard]] std::optional<std::int64_t> group_memory_kills(const SystemFiles& files);

}  // namespace moat::environment
