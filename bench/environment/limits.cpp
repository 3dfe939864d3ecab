// What the control group grants (cgroup versions 1 and 2), and how often it has held us back.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/text.h"
#include "bench/environment/parts.h"

namespace moat::environment {
namespace {

constexpr std::string_view mount = "/sys/fs/cgroup";
constexpr std::int64_t no_limit = std::int64_t{1} << 60U;  // version 1 writes "none" as a number near 2^63

/// Where the files of this process's group lie: its own folder first, then its ancestors'.
struct Group {
  int version = 0;  // 0: no control groups
  std::vector<std::string> folders;
};

/// A container may see its own group at the mount's top although /proc names the full path: folders that do
/// not exist are left out.
std::vector<std::string> chain(const SystemFiles& files, const std::string& top, std::string_view group) {
  std::vector<std::string> folders;
  std::string path(group == "/" ? "" : group);
  while (true) {
    if (files.exists(top + path)) folders.push_back(top + path);
    if (path.empty()) return folders;
    path.resize(std::min(path.rfind('/'), path.size() - 1));
  }
}

/// The group for `controller` ("cpu", "memory", "cpuset") as /proc/self/cgroup has it: "4:cpu,cpuacct:/path",
/// or "0::/path" in version 2.
Group group_of(const SystemFiles& files, std::string_view controller) {
  const SystemFiles::Text list = files.read("/proc/self/cgroup");
  std::string unified;
  for (const std::string_view line : split(list.view(), '\n')) {
    const std::vector<std::string_view> parts = split(line, ':');
    if (parts.size() < 3 || !parts[2].starts_with('/')) continue;
    const std::vector<std::string_view> controllers = split(parts[1], ',');
    if (parts[1].empty()) unified = parts[2];
    if (std::find(controllers.begin(), controllers.end(), controller) == controllers.end()) continue;
    const std::string top = fmt::format(
        "{}/{}", mount, files.exists(fmt::format("{}/{}", mount, parts[1])) ? parts[1] : controller);
    return {1, chain(files, top, parts[2])};
  }
  if (unified.empty() || !files.exists(fmt::format("{}/cgroup.controllers", mount))) return {};
  return {2, chain(files, std::string(mount), unified)};
}

Json no_group(std::string_view controller) {
  return unavailable(fmt::format("no control group for {} in /proc/self/cgroup and {}", controller, mount));
}

/// CPUs' worth of time: quota over period.
std::optional<double> cpu_quota(const SystemFiles& files, const Group& group, const std::string& folder) {
  std::string quota;
  std::string period;
  if (group.version == 2) {
    const std::string both = files.read(folder + "/cpu.max").value.value_or("");
    quota = both.substr(0, both.find(' '));
    period = both.substr(std::min(both.find(' ') + 1, both.size()));
  } else {
    quota = files.read(folder + "/cpu.cfs_quota_us").value.value_or("");
    period = files.read(folder + "/cpu.cfs_period_us").value.value_or("");
  }
  const auto numerator = integer(quota);  // "max" and -1 are none
  const auto denominator = integer(period);
  if (!numerator || !denominator || *numerator <= 0 || *denominator <= 0) return std::nullopt;
  return static_cast<double>(*numerator) / static_cast<double>(*denominator);
}

Json cpu_limit(const SystemFiles& files) {
  if (group_of(files, "cpu").folders.empty()) return no_group("cpu");
  const std::optional<double> tightest = granted_cpus(files);
  return tightest ? Json(*tightest) : Json("none");
}

Json memory_limit(const SystemFiles& files) {
  if (group_of(files, "memory").folders.empty()) return no_group("memory");
  const std::optional<std::int64_t> tightest = granted_memory(files);
  return tightest ? Json(*tightest) : Json("none");
}

Json cpu_set(const SystemFiles& files) {
  const Group group = group_of(files, "cpuset");
  for (const std::string& folder : group.folders) {
    for (const char* file : {"/cpuset.cpus.effective", "/cpuset.effective_cpus", "/cpuset.cpus"}) {
      const SystemFiles::Text cpus = files.read(folder + file);
      if (cpus.value && !cpus.value->empty()) return *cpus.value;
    }
  }
  return no_group("cpuset");
}

}  // namespace

std::optional<double> granted_cpus(const SystemFiles& files) {
  const Group group = group_of(files, "cpu");
  std::optional<double> tightest;
  for (const std::string& folder : group.folders) {
    if (const auto quota = cpu_quota(files, group, folder))
      tightest = std::min(tightest.value_or(*quota), *quota);
  }
  return tightest;
}

std::optional<std::int64_t> granted_memory(const SystemFiles& files) {
  const Group group = group_of(files, "memory");
  std::optional<std::int64_t> tightest;
  for (const std::string& folder : group.folders) {
    const std::string file = folder + (group.version == 2 ? "/memory.max" : "/memory.limit_in_bytes");
    const auto limit = integer(files.read(file).value.value_or("max"));
    if (limit && *limit < no_limit) tightest = std::min(tightest.value_or(*limit), *limit);
  }
  return tightest;
}

std::optional<std::int64_t> group_memory_kills(const SystemFiles& files) {
  const Group group = group_of(files, "memory");
  std::optional<std::int64_t> most;
  for (const std::string& folder : group.folders) {
    // Version 2 counts in memory.events, with those of groups below; version 1 in memory.oom_control.
    const SystemFiles::Text counts =
        files.read(folder + (group.version == 2 ? "/memory.events" : "/memory.oom_control"));
    const auto count = integer(field(counts.view(), "oom_kill", ' ').value_or(""));
    if (count) most = std::max(most.value_or(*count), *count);
  }
  return most;
}

std::optional<double> throttled_seconds(const SystemFiles& files) {
  std::optional<double> most;
  for (const std::string& folder : group_of(files, "cpu").folders) {
    const SystemFiles::Text stat = files.read(folder + "/cpu.stat");
    const auto count = [&](std::string_view key) {
      return integer(field(stat.view(), key, ' ').value_or(""));
    };
    std::optional<double> seconds;
    if (const auto nanoseconds = count("throttled_time")) seconds = static_cast<double>(*nanoseconds) * 1e-9;
    if (const auto microseconds = count("throttled_usec"))
      seconds = static_cast<double>(*microseconds) * 1e-6;
    if (seconds) most = std::max(most.value_or(*seconds), *seconds);
  }
  return most;
}

Json describe_limits(const SystemFiles& files) {
  const int version = group_of(files, "cpu").version;
  return {{"control_group_version", version == 0 ? no_group("cpu") : Json(version)},
          {"cpus", cpu_limit(files)},
          {"cpu_set", cpu_set(files)},
          {"memory_limit_bytes", memory_limit(files)}};
}

Json observe_throttling(const SystemFiles& files) {
  const Group group = group_of(files, "cpu");
  if (group.folders.empty()) return no_group("cpu");
  // Version 1 counts nanoseconds, version 2 microseconds.
  const std::string file = group.folders.front() + "/cpu.stat";
  const SystemFiles::Text stat = files.read(file);
  if (!stat.value) return unavailable(stat.absence);
  const auto count = [&](std::string_view key) { return integer(field(*stat.value, key, ' ').value_or("")); };
  const auto periods = count("nr_throttled");
  if (!periods) return unavailable(fmt::format("{} counts no throttling: no quota is set there", file));
  const auto nanoseconds = count("throttled_time");
  const auto microseconds = count("throttled_usec");
  Json seconds = unavailable(fmt::format("{} has no time of throttling", file));
  if (nanoseconds) seconds = static_cast<double>(*nanoseconds) * 1e-9;
  if (microseconds) seconds = static_cast<double>(*microseconds) * 1e-6;
  return {{"throttled_periods", *periods}, {"throttled_seconds", seconds}};
}

}  // namespace moat::environment
