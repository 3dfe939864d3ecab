// Memory, the kernel and its settings, the distribution, what the machine runs in, and how busy it is.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/text.h"
#include "bench/environment/parts.h"

namespace moat::environment {
namespace {

/// A line "Key:   123 kB" of /proc/meminfo in bytes.
Json meminfo_bytes(const SystemFiles::Text& meminfo, std::string_view key) {
  if (!meminfo.value) return unavailable(meminfo.absence);
  const auto value = field(*meminfo.value, key, ':');
  if (!value) return unavailable(fmt::format("/proc/meminfo has no line '{}'", key));
  const auto kib = integer(value->substr(0, value->find(' ')));
  if (!kib) return unavailable(fmt::format("/proc/meminfo: {} is '{}'", key, *value));
  return *kib * 1024;
}

Json distribution(const SystemFiles& files) {
  for (const char* path : {"/etc/os-release", "/usr/lib/os-release"}) {
    const SystemFiles::Text release = files.read(path);
    if (!release.value) continue;
    if (const auto name = field(*release.value, "PRETTY_NAME", '=')) {
      std::string_view text = *name;
      if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
        text = text.substr(1, text.size() - 2);
      return std::string(text);
    }
  }
  return unavailable("neither /etc/os-release nor /usr/lib/os-release has PRETTY_NAME");
}

/// Only what bears on speed: the rest may name disks and addresses.
Json boot_options(const SystemFiles& files) {
  constexpr std::array<std::string_view, 24> telling{"mitigations",
                                                     "isolcpus",
                                                     "nohz",
                                                     "rcu_nocbs",
                                                     "irqaffinity",
                                                     "intel_pstate",
                                                     "amd_pstate",
                                                     "cpufreq",
                                                     "cpuidle",
                                                     "processor",
                                                     "idle",
                                                     "hugepages",
                                                     "default_hugepagesz",
                                                     "hugepagesz",
                                                     "transparent_hugepage",
                                                     "numa",
                                                     "iommu",
                                                     "intel_iommu",
                                                     "amd_iommu",
                                                     "nosmt",
                                                     "maxcpus",
                                                     "mem",
                                                     "preempt",
                                                     "clocksource"};
  const SystemFiles::Text line = files.read("/proc/cmdline");
  if (!line.value) return unavailable(line.absence);
  std::vector<std::string> kept;
  for (const std::string_view option : split(*line.value, ' ')) {
    const std::string_view name = option.substr(0, option.find_first_of("=."));
    if (std::find(telling.begin(), telling.end(), name) != telling.end()) kept.emplace_back(option);
  }
  return kept.empty() ? "none that affects performance" : join(kept, " ");
}

Json container(const SystemFiles& files) {
  if (const SystemFiles::Text kind = files.read("/run/systemd/container");
      kind.value && !kind.value->empty()) {
    return *kind.value;
  }
  if (files.exists("/.dockerenv")) return "docker";
  if (files.exists("/run/.containerenv")) return "podman";
  return "none found (/run/systemd/container, /.dockerenv, /run/.containerenv)";
}

Json hypervisor(const SystemFiles& files) {
  if (const SystemFiles::Text type = files.read("/sys/hypervisor/type"); type.value) return *type.value;
  const SystemFiles::Text cpuinfo = files.read("/proc/cpuinfo");
  if (!cpuinfo.value) return unavailable(cpuinfo.absence);
  const auto flags = field(*cpuinfo.value, "flags", ':');
  if (!flags) return unavailable("/proc/cpuinfo has no flags on this architecture");
  const std::vector<std::string_view> words = split(*flags, ' ');
  return std::find(words.begin(), words.end(), "hypervisor") != words.end() ? "present (CPU flag)"
                                                                            : "none (CPU flag)";
}

/// "some avg10=0.12 …" -> the share of the last ten seconds in which some task waited.
Json pressure(const SystemFiles& files, std::string_view path) {
  const SystemFiles::Text text = files.read(path);
  if (!text.value) return unavailable(text.absence);
  return std::string(trim(text.view().substr(0, text.view().find('\n'))));
}

/// Jiffies in which another guest had the processor.
Json steal_ticks(const SystemFiles& files) {
  constexpr std::size_t steal_column = 8;  // "cpu  user nice system idle iowait irq softirq steal …", proc(5)
  const SystemFiles::Text stat = files.read("/proc/stat");
  if (!stat.value) return unavailable(stat.absence);
  std::vector<std::string_view> words;
  for (const std::string_view word : split(stat.view().substr(0, stat.view().find('\n')), ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  const auto ticks = words.size() > steal_column ? integer(words[steal_column]) : std::nullopt;
  if (!ticks) return unavailable("/proc/stat has no steal column");
  return *ticks;
}

Json load_average(const SystemFiles& files) {
  const SystemFiles::Text text = files.read("/proc/loadavg");
  if (!text.value) return unavailable(text.absence);
  const std::vector<std::string_view> words = split(*text.value, ' ');
  if (words.size() < 4) return unavailable(fmt::format("/proc/loadavg is '{}'", text.value->substr(0, 40)));
  return {{"1_minute", words[0]},
          {"5_minutes", words[1]},
          {"15_minutes", words[2]},
          {"running_of_all", words[3]}};
}

Json power_supplies(const SystemFiles& files) {
  Json list = Json::array();
  for (const std::string& name : files.names("/sys/class/power_supply")) {
    const std::string folder = "/sys/class/power_supply/" + name;
    const bool mains = files.exists(folder + "/online");
    list.push_back({{"name", name},
                    {"type", files.text(folder + "/type")},
                    {mains ? "online" : "status", files.text(folder + (mains ? "/online" : "/status"))}});
  }
  if (list.empty()) return unavailable("/sys/class/power_supply: none listed");
  return list;
}

}  // namespace

Json describe_memory(const SystemFiles& files) {
  const SystemFiles::Text meminfo = files.read("/proc/meminfo");
  return {
      {"memory_bytes", meminfo_bytes(meminfo, "MemTotal")},
      {"swap_memory_bytes", meminfo_bytes(meminfo, "SwapTotal")},
      {"huge_page_bytes", meminfo_bytes(meminfo, "Hugepagesize")},
      {"huge_pages", files.number("/proc/sys/vm/nr_hugepages")},
      {"transparent_huge_pages", files.choice("/sys/kernel/mm/transparent_hugepage/enabled")},
      {"transparent_huge_pages_defrag", files.choice("/sys/kernel/mm/transparent_hugepage/defrag")},
      {"numa_balancing", files.text("/proc/sys/kernel/numa_balancing")},
      {"swappiness", files.number("/proc/sys/vm/swappiness")},
      {"module_speed",
       unavailable("the operating system reports the speed of memory modules only to root, through DMI")}};
}

Json describe_kernel(const SystemFiles& files) {
  return {{"release", files.text("/proc/sys/kernel/osrelease")},
          {"version", files.text("/proc/sys/kernel/version")},
          {"architecture", files.text("/proc/sys/kernel/arch")},
          {"distribution", distribution(files)},
          {"boot_options", boot_options(files)},
          {"address_space_randomisation", files.number("/proc/sys/kernel/randomize_va_space")},
          {"clock_source", files.text("/sys/devices/system/clocksource/clocksource0/current_clocksource")},
          {"hypervisor", hypervisor(files)},
          {"container", container(files)},
          {"machine_vendor", files.text("/sys/class/dmi/id/sys_vendor")},
          {"machine_product", files.text("/sys/class/dmi/id/product_name")},
          {"firmware", files.text("/sys/class/dmi/id/bios_version")}};
}

Json observe_load(const SystemFiles& files) {
  const SystemFiles::Text meminfo = files.read("/proc/meminfo");
  return {{"load_average", load_average(files)},
          {"available_memory_bytes", meminfo_bytes(meminfo, "MemAvailable")},
          {"swap_free_bytes", meminfo_bytes(meminfo, "SwapFree")},
          {"cpu_pressure", pressure(files, "/proc/pressure/cpu")},
          {"memory_pressure", pressure(files, "/proc/pressure/memory")},
          {"steal_ticks", steal_ticks(files)},
          {"uptime_seconds", files.text("/proc/uptime")},
          {"power_supplies", power_supplies(files)}};
}

}  // namespace moat::environment
