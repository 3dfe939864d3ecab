// The parts of describe_system and observe_state, one source file each.
#pragma once

#include <optional>
#include <string>

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
// limits.cpp
/// The limits of the control group: for each, the lowest among the group and its ancestors.
[[nodiscard]] Json describe_limits(const SystemFiles& files);
[[nodiscard]] Json observe_throttling(const SystemFiles& files);

}  // namespace moat::environment
