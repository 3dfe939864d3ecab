// Subjects from a run's records.
#include "reports/gap/subject.h"

#include "base/json.h"

#include <algorithm>
#include <map>
#include <set>

namespace moat {
namespace {

RunDevice device_of(const RunInfo& run, const Record& record) {
  const auto listed = std::ranges::find(run.devices, record.identity.device, &RunDevice::id);
  if (listed != run.devices.end()) return *listed;
  RunDevice device;
  device.id = record.identity.device;
  device.name = record.device_name;
  device.driver = record.driver;
  device.emulated = record.provenance == Provenance::emulated;
  return device;
}

/// Whether two environments (run.json's "system", bench/environment)
/// name the same processor with as many logical CPUs.
bool same_cpu(const Json& left, const Json& right) {
  const auto fact = [](const Json& environment, const char* name) {
    const Json::json_pointer pointer(std::string("/system/cpu/") + name);
    return environment.contains(pointer) ? environment.at(pointer) : Json(nullptr);
  };
  const Json model = fact(left, "model");
  return !model.is_null() && model == fact(right, "model") &&
         fact(left, "logical_cpus") == fact(right, "logical_cpus");
}

}  // namespace

std::vector<Subject> subjects_of(const RunInfo& run, std::span<const Record> records) {
  std::vector<Subject> subjects;
  std::map<std::pair<std::string, Provenance>, std::size_t> known;
  for (const Record& record : records) {
    const auto [place, is_new] =
        known.try_emplace({record.identity.device, record.provenance}, subjects.size());
    if (is_new) {
      subjects.push_back({record.identity.device, device_of(run, record), run, record.provenance, {}});
    }
    subjects[place->second].records.push_back(record);
  }
  make_labels_unique(subjects);
  return subjects;
}

void make_labels_unique(std::span<Subject> subjects) {
  const auto repeated = [&] {
    std::map<std::string, int> counts;
    for (const Subject& subject : subjects) ++counts[subject.label];
    std::set<std::string> found;
    for (const auto& [label, count] : counts) {
      if (count > 1) found.insert(label);
    }
    return found;
  };
  std::set<std::string> labels = repeated();
  for (Subject& subject : subjects) {
    if (labels.contains(subject.label)) subject.label = subject.run.id + "/" + subject.label;
  }
  labels = repeated();  // measured and emulated figures of one device of one run
  for (Subject& subject : subjects) {
    if (labels.contains(subject.label)) subject.label += " (" + std::string(name(subject.provenance)) + ")";
  }
}

bool same_hardware(const Subject& left, const Subject& right) {
  if (left.device.emulated || right.device.emulated) return false;
  const bool one_run = left.run.id == right.run.id;
  if (one_run && left.device.id == right.device.id) return true;
  if (!one_run && (left.run.host.empty() || left.run.host != right.run.host)) return false;
  if (one_run) {
    const PhysicalDevices physical(left.run.devices);
    return physical.first(left.device.id) == physical.first(right.device.id);
  }
  return std::ranges::any_of(left.device.identities, [&](const std::string& identity) {
    // Any machine's CPUs are "cpu": of two runs they are the same only if their environments say so, too.
    if (identity == "cpu" && !same_cpu(left.run.environment, right.run.environment)) return false;
    return std::ranges::find(right.device.identities, identity) != right.device.identities.end();
  });
}

}  // namespace moat
