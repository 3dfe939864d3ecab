// The kernel's counters as text, and their differences.
#include "bench/environment/interference.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <initializer_list>

#include "base/statistics.h"
#include "base/text.h"
#include "bench/environment/files.h"
#include "bench/environment/parts.h"

namespace moat {
namespace {

using environment::integer;
using environment::SystemFiles;

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words = split(line, ' ');
  std::erase(words, "");
  return words;
}

std::optional<double> number_at(const std::vector<std::string_view>& words, std::size_t index) {
  const auto value = words.size() > index ? integer(words[index]) : std::nullopt;
  return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

/// "0-3,8" as names of /proc/stat: cpu0, cpu1, … Nothing that is not such a list.
std::vector<std::string> processors_in(std::string_view list) {
  constexpr std::int64_t most = 65536;
  std::vector<std::string> names;
  for (const std::string_view part : split(list, ',')) {
    const std::size_t dash = part.find('-');
    const auto first = integer(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : integer(part.substr(dash + 1));
    if (!first || !last || *first < 0 || *last > most) return {};
    for (std::int64_t i = *first; i <= *last; ++i) names.push_back(fmt::format("cpu{}", i));
  }
  return names;
}

std::map<std::string, Counters::Thread> threads_of(const SystemFiles& files) {
  constexpr double nanosecond = 1e-9;
  std::map<std::string, Counters::Thread> threads;
  for (const std::string& id : files.names("/proc/self/task")) {
    const std::string folder = "/proc/self/task/" + id;
    const SystemFiles::Text times = files.read(folder + "/schedstat");  // ran, waited, times on a processor
    const std::vector<std::string_view> words = words_of(times.view());
    const auto ran = number_at(words, 0);
    const auto waited = number_at(words, 1);
    if (!ran || !waited) continue;
    const SystemFiles::Text status = files.read(folder + "/status");
    const auto count = integer(field(status.view(), "nonvoluntary_ctxt_switches", ':').value_or(""));
    threads[id] = {*ran * nanosecond, *waited * nanosecond,
                   static_cast<std::uint64_t>(std::max<std::int64_t>(0, count.value_or(0)))};
  }
  return threads;
}

/// Seconds in columns behind each processor's name in /proc/stat, which counts ticks (proc(5)): 4 and 5 are
/// idle, 8 is stolen.
std::map<std::string, double> processor_seconds(const SystemFiles& files,
                                                const std::vector<std::string>& processors,
                                                std::initializer_list<std::size_t> columns) {
  const double tick = 1.0 / static_cast<double>(std::max(1L, sysconf(_SC_CLK_TCK)));
  const SystemFiles::Text stat = files.read("/proc/stat");
  std::map<std::string, double> seconds;
  for (const std::string_view line : split(stat.view(), '\n')) {
    const std::vector<std::string_view> words = words_of(line);
    if (words.empty() || std::ranges::find(processors, words[0]) == processors.end()) continue;
    double sum = 0;
    bool is_known = true;
    for (const std::size_t column : columns) {
      const auto ticks = number_at(words, column);
      is_known = is_known && ticks.has_value();
      sum += ticks.value_or(0) * tick;
    }
    if (is_known) seconds[std::string(words[0])] = sum;
  }
  return seconds;
}

/// "some avg10=… total=123" in microseconds.
std::optional<double> pressure_of(const SystemFiles& files) {
  const SystemFiles::Text text = files.read("/proc/pressure/cpu");
  const std::string_view line = text.view().substr(0, text.view().find('\n'));
  constexpr std::string_view key = "total=";
  const std::size_t at = line.find(key);
  const auto microseconds =
      at == std::string_view::npos ? std::nullopt : integer(line.substr(at + key.size()));
  return microseconds ? std::optional(static_cast<double>(*microseconds) * 1e-6) : std::nullopt;
}

std::optional<std::uint64_t> thermal_throttles_of(const SystemFiles& files,
                                                  const std::vector<std::string>& processors) {
  std::optional<std::uint64_t> sum;
  for (const std::string& processor : processors) {
    const std::string file =
        fmt::format("/sys/devices/system/cpu/{}/thermal_throttle/core_throttle_count", processor);
    const SystemFiles::Text text = files.read(file);
    const auto count = integer(text.view());
    if (!count) break;  // all have it or none
    sum = sum.value_or(0) + static_cast<std::uint64_t>(std::max<std::int64_t>(0, *count));
  }
  return sum;
}

/// Seconds of the samples above the median.
double excess_seconds(const Measurement& measurement) {
  const std::optional<double> typical = median(measurement.samples_seconds);
  double excess = 0;
  for (const double seconds : measurement.samples_seconds) {
    if (typical && seconds > *typical) excess += seconds - *typical;
  }
  return excess * static_cast<double>(measurement.batch);
}

/// Of processor time between the readings, what was neither idle nor `ran`, this process' own. Where idle
/// time is not counted, all that this process did not use; where not even the processors are known, what its
/// threads `waited`.
double seconds_of_others(const Counters& before, const Counters& after, double ran, double waited) {
  const double elapsed = after.seconds - before.seconds;
  if (after.processors == 0) return waited;
  double idle = 0;
  if (after.idle.size() == after.processors && before.idle.size() == after.processors) {
    for (const auto& [processor, seconds] : after.idle) {
      const auto known = before.idle.find(processor);
      if (known != before.idle.end()) idle += std::max(0.0, seconds - known->second);
    }
  }
  return std::max(0.0, static_cast<double>(after.processors) * elapsed - idle - ran);
}

}  // namespace

std::vector<std::string> environment::allowed_processors(const SystemFiles& files) {
  const SystemFiles::Text status = files.read("/proc/self/status");
  return processors_in(field(status.view(), "Cpus_allowed_list", ':').value_or(""));
}

InterferenceObserver::InterferenceObserver(std::filesystem::path root, std::function<double()> seconds)
    : root_(std::move(root)), seconds_(std::move(seconds)) {}

InterferenceObserver InterferenceObserver::of_this_process() {
  const char* root = std::getenv("MOAT_SYSTEM_ROOT");
  return InterferenceObserver(root == nullptr ? "/" : root, [] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  });
}

Counters InterferenceObserver::read() const {
  const SystemFiles files(root_);
  const std::vector<std::string> processors = environment::allowed_processors(files);
  Counters counters;
  counters.seconds = seconds_();
  counters.threads = threads_of(files);
  counters.stolen = processor_seconds(files, processors, {8});
  counters.idle = processor_seconds(files, processors, {4, 5});
  counters.throttled_seconds = environment::throttled_seconds(files);
  counters.pressure_seconds = pressure_of(files);
  counters.thermal_throttles = thermal_throttles_of(files, processors);
  counters.processors = processors.size();
  return counters;
}

Interference between(const Counters& before, const Counters& after) {
  Interference made;
  made.seconds = after.seconds - before.seconds;
  if (made.seconds <= 0) return {};
  const auto share = [&](double seconds) { return std::max(0.0, seconds) / made.seconds; };
  if (!after.threads.empty()) {
    double ran = 0;
    double waited = 0;
    double longest = 0;
    std::uint64_t interruptions = 0;
    for (const auto& [id, now] : after.threads) {
      const auto known = before.threads.find(id);
      const Counters::Thread then = known == before.threads.end() ? Counters::Thread{} : known->second;
      ran += now.ran_seconds - then.ran_seconds;
      waited += now.waited_seconds - then.waited_seconds;
      longest = std::max(longest, now.waited_seconds - then.waited_seconds);
      interruptions += now.interruptions - std::min(now.interruptions, then.interruptions);
    }
    made.waited = share(std::min(longest, seconds_of_others(before, after, ran, waited)));
    made.interruptions = interruptions;
  }
  for (const auto& [processor, seconds] : after.stolen) {
    const auto known = before.stolen.find(processor);
    if (known != before.stolen.end())
      made.stolen = std::max(made.stolen.value_or(0), share(seconds - known->second));
  }
  if (before.throttled_seconds && after.throttled_seconds)
    made.throttled = share(*after.throttled_seconds - *before.throttled_seconds);
  if (before.pressure_seconds && after.pressure_seconds)
    made.pressure = share(*after.pressure_seconds - *before.pressure_seconds);
  if (before.thermal_throttles && after.thermal_throttles)
    made.thermal_throttles =
        *after.thermal_throttles - std::min(*before.thermal_throttles, *after.thermal_throttles);
  return made;
}

std::optional<std::string> disturbance(const Interference& interference, const Measurement& measurement) {
  if (interference.seconds <= 0) return std::nullopt;
  const double excess = excess_seconds(measurement) / interference.seconds;
  const auto is_hidden = [&](const std::optional<double>& share, double granularity_seconds) {
    return share && *share - excess - granularity_seconds / interference.seconds > tolerated_interference;
  };
  if (is_hidden(interference.throttled, 0)) {
    return fmt::format("a control group's CPU quota stopped the threads for {:.0f} % of the sampled time",
                       100 * *interference.throttled);
  }
  constexpr double two_ticks = 0.02;  // of /proc/stat
  if (is_hidden(interference.stolen, two_ticks)) {
    return fmt::format("the hypervisor gave a processor to others for {:.0f} % of the sampled time",
                       100 * *interference.stolen);
  }
  if (is_hidden(interference.waited, two_ticks)) {
    return fmt::format(
        "other processes used the processors: a thread was ready but had none for {:.0f} % of the sampled "
        "time",
        100 * *interference.waited);
  }
  return std::nullopt;
}

}  // namespace moat
