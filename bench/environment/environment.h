// What a reader needs to judge the results: the machine, its settings and limits, this build, this process,
// and how busy the machine was. Reads /proc, /sys and hwloc; must not know devices.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json_fields.h"

namespace moat {

/// Where the facts are read from; tests use a folder and a topology of their own.
struct EnvironmentSources {
  std::filesystem::path root = "/";
  std::vector<std::string> variables;  // "NAME=value"
  std::optional<std::string> synthetic_topology =
      {};  // hwloc's synthetic description; the machine's own if absent

  [[nodiscard]] static EnvironmentSources of_this_process();
};

/// Every fact is a value or the text "unavailable: why". No fact is left out, and none of these functions
/// throws because of what it reads.

/// Facts that do not change between runs: cpu, topology, memory, kernel, limits. No host or user names.
[[nodiscard]] Json describe_system(const EnvironmentSources& sources);
/// A digest of describe_system's object, 12 hexadecimal digits. Memory sizes are rounded to GiB, because the
/// amount that the operating system reserves varies slightly from boot to boot.
[[nodiscard]] std::string system_id(const Json& system);

/// Compiler, flags, git commit and whether the tree differed from it.
[[nodiscard]] Json describe_build();
/// Of the calling process: environment variables that known runtimes read, their libraries that are loaded,
/// allowed CPUs, niceness. A device's libraries are those of its worker process.
[[nodiscard]] Json describe_process(const EnvironmentSources& sources);
/// Facts that change during a run: load, clocks, temperatures, throttling, free memory.
/// Read before and after the run.
[[nodiscard]] Json observe_state(const EnvironmentSources& sources);

/// The variables of the environment by which known drivers, runtimes and libraries can be told to compute
/// otherwise or with fewer threads, and the dynamic linker to load others: those that are set.
[[nodiscard]] std::map<std::string, std::string> telling_settings(const EnvironmentSources& sources);

/// What of the system limits every case on its processors, a clause each: a control group's quota.
[[nodiscard]] std::vector<std::string> standing_remarks(const EnvironmentSources& sources);

/// All of it for run.json: system_id, system, build, process, before; "after" is for the end of the run.
[[nodiscard]] Json describe_environment(const EnvironmentSources& sources);

}  // namespace moat
