// The processor: model, instruction sets, frequency settings, clocks and temperatures.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "bench/environment/parts.h"

namespace moat::environment {
namespace {

constexpr std::string_view cpu_folder = "/sys/devices/system/cpu";

/// First of `keys` that /proc/cpuinfo has; architectures name the same fact differently.
Json cpuinfo_field(const SystemFiles::Text& cpuinfo, std::initializer_list<std::string_view> keys) {
  if (!cpuinfo.value) return unavailable(cpuinfo.absence);
  for (const std::string_view key : keys) {
    if (const auto value = field(*cpuinfo.value, key, ':')) return std::string(*value);
  }
  return unavailable(fmt::format("/proc/cpuinfo has no line '{}'", *keys.begin()));
}

Json logical_cpus(const SystemFiles::Text& cpuinfo) {
  if (!cpuinfo.value) return unavailable(cpuinfo.absence);
  const std::vector<std::string_view> lines = split(*cpuinfo.value, '\n');
  return std::count_if(lines.begin(), lines.end(), [](auto line) { return line.starts_with("processor"); });
}

/// One value if all CPUs agree, else how many CPUs have which.
Json of_all_cpus(const SystemFiles& files, std::string_view file) {
  std::map<std::string, int> counts;
  for (const std::string& cpu : files.numbered(cpu_folder, "cpu")) {
    const SystemFiles::Text value = files.read(fmt::format("{}/{}/{}", cpu_folder, cpu, file));
    if (!value.value) return unavailable(value.absence);
    ++counts[*value.value];
  }
  if (counts.empty()) return unavailable(fmt::format("{}: no cpu0, cpu1, …", cpu_folder));
  if (counts.size() == 1) return counts.begin()->first;
  Json object = Json::object();
  for (const auto& [value, count] : counts) object[value] = fmt::format("{} CPUs", count);
  return object;
}

/// "on" or "off"; Intel's driver says the opposite of the others.
Json turbo(const SystemFiles& files) {
  constexpr std::string_view intel = "/sys/devices/system/cpu/intel_pstate/no_turbo";
  constexpr std::string_view others = "/sys/devices/system/cpu/cpufreq/boost";
  if (const SystemFiles::Text off = files.read(intel); off.value) return *off.value == "1" ? "off" : "on";
  const SystemFiles::Text on = files.read(others);
  if (!on.value) return unavailable(fmt::format("neither {} nor {}", intel, others));
  return *on.value == "1" ? "on" : "off";
}

Json vulnerabilities(const SystemFiles& files) {
  constexpr std::string_view folder = "/sys/devices/system/cpu/vulnerabilities";
  Json object = Json::object();
  for (const std::string& name : files.names(folder))
    object[name] = files.text(fmt::format("{}/{}", folder, name));
  if (object.empty()) return unavailable(fmt::format("{}: nothing there", folder));
  return object;
}

Json mhz_summary(std::vector<double> mhz, std::string_view source) {
  double sum = 0;
  for (const double value : mhz) sum += value;
  const auto [lowest, highest] = std::minmax_element(mhz.begin(), mhz.end());
  return {{"lowest_mhz", *lowest},
          {"mean_mhz", sum / static_cast<double>(mhz.size())},
          {"highest_mhz", *highest},
          {"source", source}};
}

}  // namespace

Json describe_cpu(const SystemFiles& files) {
  const SystemFiles::Text cpuinfo = files.read("/proc/cpuinfo");
  return {
      {"model", cpuinfo_field(cpuinfo, {"model name", "Model", "cpu", "CPU part"})},
      {"vendor", cpuinfo_field(cpuinfo, {"vendor_id", "CPU implementer", "vendor"})},
      {"family", cpuinfo_field(cpuinfo, {"cpu family", "CPU architecture"})},
      {"model_number", cpuinfo_field(cpuinfo, {"model", "CPU part"})},
      {"stepping", cpuinfo_field(cpuinfo, {"stepping", "CPU revision"})},
      {"microcode", cpuinfo_field(cpuinfo, {"microcode"})},
      {"isa_flags", cpuinfo_field(cpuinfo, {"flags", "Features", "isa"})},
      {"logical_cpus", logical_cpus(cpuinfo)},
      {"online", files.text("/sys/devices/system/cpu/online")},
      {"isolated", files.text("/sys/devices/system/cpu/isolated")},
      {"smt", files.text("/sys/devices/system/cpu/smt/control")},
      {"frequency_driver", of_all_cpus(files, "cpufreq/scaling_driver")},
      {"governor", of_all_cpus(files, "cpufreq/scaling_governor")},
      {"energy_preference", of_all_cpus(files, "cpufreq/energy_performance_preference")},
      {"lowest_khz", of_all_cpus(files, "cpufreq/cpuinfo_min_freq")},
      {"highest_khz", of_all_cpus(files, "cpufreq/cpuinfo_max_freq")},
      {"limit_khz", of_all_cpus(files, "cpufreq/scaling_max_freq")},
      {"turbo", turbo(files)},
      {"power_cap_microwatts", files.number("/sys/class/powercap/intel-rapl:0/constraint_0_power_limit_uw")},
      {"vulnerabilities", vulnerabilities(files)}};
}

Json observe_clocks(const SystemFiles& files) {
  std::vector<double> mhz;
  std::string absence = fmt::format("{}: no cpu0, cpu1, …", cpu_folder);
  for (const std::string& cpu : files.numbered(cpu_folder, "cpu")) {
    const SystemFiles::Text khz = files.read(fmt::format("{}/{}/cpufreq/scaling_cur_freq", cpu_folder, cpu));
    if (const auto value = khz.value ? integer(*khz.value) : std::nullopt) {
      mhz.push_back(static_cast<double>(*value) / 1000);
    } else if (!khz.value) {
      absence = khz.absence;
    }
  }
  if (!mhz.empty()) return mhz_summary(std::move(mhz), "scaling_cur_freq");
  const SystemFiles::Text cpuinfo = files.read("/proc/cpuinfo");
  for (const std::string_view line : split(cpuinfo.view(), '\n')) {
    if (const auto value = field(line, "cpu MHz", ':'))
      mhz.push_back(std::strtod(std::string(*value).c_str(), nullptr));
  }
  if (!mhz.empty())
    return mhz_summary(std::move(mhz), "/proc/cpuinfo, which a virtual machine may not update");
  return unavailable(fmt::format("{}; /proc/cpuinfo has no MHz", absence));
}

Json observe_temperatures(const SystemFiles& files) {
  Json list = Json::array();
  for (const std::string& zone : files.numbered("/sys/class/thermal", "thermal_zone")) {
    const std::string folder = "/sys/class/thermal/" + zone;
    Json celsius = files.number(folder + "/temp");
    if (celsius.is_number()) celsius = celsius.get<double>() / 1000;
    list.push_back({{"zone", files.text(folder + "/type")}, {"celsius", celsius}});
  }
  if (list.empty()) return unavailable("/sys/class/thermal: no thermal zone");
  return list;
}

}  // namespace moat::environment
