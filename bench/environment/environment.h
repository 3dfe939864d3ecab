// What a stranger needs to judge the numbers: the machine, its settings and limits, this build, this process,
// and how busy the machine was. Reads /proc, /sys and hwloc; must not know devices.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace moat {

/// Where facts come from; tests give a folder and a topology of their own.
struct EnvironmentSources {
  std::filesystem::path root = "/";
  std::vector<std::string> variables;  // "NAME=value"
  std::optional<std::string> synthetic_topology =
      {};  // hwloc's synthetic description; the machine's own if absent

  [[nodiscard]] static EnvironmentSources of_this_process();
};

/// Every fact is a value or the text "unavailable: why"; none is left out, and none of these throws for what
/// it finds.

/// What stays as it is from run to run: cpu, topology, memory, kernel, limits. No names of host or user.
[[nodiscard]] Json describe_system(const EnvironmentSources& sources);
/// 12 hexadecimal digits of describe_system's object. Memory sizes count by the GiB, since kernels reserve a
/// little more or less from boot to boot.
[[nodiscard]] std::string system_id(const Json& system);

/// Compiler, flags, git commit and whether the tree differed from it.
[[nodiscard]] Json describe_build();
/// Variables that known runtimes obey, libraries of theirs that are loaded now, allowed CPUs, niceness. Of
/// the process that asks: a device's libraries are those of its worker.
[[nodiscard]] Json describe_process(const EnvironmentSources& sources);
/// What changes while a run lasts: load, clocks, temperatures, throttling, free memory. Taken before and
/// after.
[[nodiscard]] Json observe_state(const EnvironmentSources& sources);

/// All of it for run.json: system_id, system, build, process, before; "after" is for the end of the run.
[[nodiscard]] Json describe_environment(const EnvironmentSources& sources);

}  // namespace moat
