// Comparing run.json with this machine.
#include "bench/resume.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "bench/environment/build_info.h"
#include "bench/environment/environment.h"
#include "bench/tune/tuned.h"
#include "bench/worker/inventory.h"
#include "results/filter.h"

namespace moat {
namespace {

/// An object of run.json's environment, or an empty one.
Json object_in(const Json& environment, std::string_view key) {
  if (!environment.is_object()) return Json::object();
  const auto found = environment.find(key);
  return found != environment.end() && found->is_object() ? *found : Json::object();
}

std::string text_in(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string absolute_path(const std::string& path) {
  std::error_code error;
  const std::filesystem::path made = std::filesystem::absolute(path, error);
  return error ? path : made.lexically_normal().string();
}

Selection in_any_folder(Selection selection) {
  const std::span<const std::string> built_in = suite_names();
  if (selection.problems.empty() && std::ranges::find(built_in, selection.suite) == built_in.end())
    selection.suite = absolute_path(selection.suite);
  if (selection.kernel_dir) selection.kernel_dir = absolute_path(*selection.kernel_dir);
  if (selection.tuning && *selection.tuning != no_tuning) selection.tuning = absolute_path(*selection.tuning);
  return selection;
}

constexpr std::string_view way_on = "start a new run, or restore what it began with";

void require_same_suite(const RunInfo& info, const Here& here) {
  if (text_in(info.environment, "suite_digest") == here.suite.digest()) return;
  throw UsageError(fmt::format("suite '{}' has changed since run {} began; start a new run instead",
                               here.suite.name, info.id));
}

void require_same_system(const RunInfo& info) {
  const std::string here = system_id(describe_system(EnvironmentSources::of_this_process()));
  if (info.system_id == here) return;
  throw UsageError(fmt::format("run {} began on another system ({}, this is {}); start a new run instead",
                               info.id, info.system_id, here));
}

void require_same_build(const RunInfo& info) {
  const Json build = object_in(info.environment, "build");
  const std::string began = text_in(build, "build_id");
  const std::string here = build_id();
  if (began.empty() || began == "none" || here.empty() || began == here) return;
  throw UsageError(
      fmt::format("run {} began with another build of moat ({}, commit {}, build id {}), and this is {} "
                  "({}): the kernels may "
                  "differ; resume with that build, or start a new run",
                  info.id, text_in(build, "version"), text_in(build, "commit").substr(0, 12),
                  began.substr(0, 12), build_info().commit.substr(0, 12), here.substr(0, 12)));
}

std::string named_device(const RunDevice& device) {
  return fmt::format("{} ({})", device.name, device.driver);
}

/// How a device that is here differs from the one that the run knows by its id; empty if it does not.
std::string difference(const RunDevice& began, const RunDevice& here) {
  if (began.name != here.name || began.driver != here.driver || began.platform != here.platform ||
      began.emulated != here.emulated) {
    return fmt::format("{} is {} now, and was {} when the run began", here.id, named_device(here),
                       named_device(began));
  }
  const auto sorted = [](std::vector<std::string> texts) {
    std::ranges::sort(texts);
    return texts;
  };
  const std::vector<std::string> earlier = sorted(began.identities);
  const std::vector<std::string> now = sorted(here.identities);
  if (earlier.empty() || earlier == now) return "";
  return fmt::format("{} is another device of the same name now ({}), and was {} when the run began", here.id,
                     now.empty() ? "without an identity" : join(now, ", "), join(earlier, ", "));
}

void require_same_libraries(const RunInfo& info, const ListedDevice& device) {
  const Json libraries = object_in(object_in(info.environment, "libraries"), device.id);
  for (const auto& [implementation, version] : libraries.items()) {
    if (!version.is_string()) continue;
    const auto here = std::ranges::find(device.libraries, implementation, &ListedLibrary::implementation);
    if (here != device.libraries.end() && here->version == version.get<std::string>()) continue;
    throw UsageError(fmt::format("{} of {} is {}, and was {} when run {} began; {}", implementation,
                                 device.id,
                                 here == device.libraries.end() ? "not here" : here->version + " now",
                                 version.get<std::string>(), info.id, way_on));
  }
}

/// How many cases each device had when the run began; -1 where run.json does not say it.
std::map<std::string, std::int64_t> planned_cases(const RunInfo& info) {
  std::map<std::string, std::int64_t> counts;
  const Json planned = object_in(info.environment, "planned");
  for (const auto& [device, count] : planned.items()) {
    if (count.is_number_integer()) counts[device] = count.get<std::int64_t>();
  }
  if (!counts.empty()) return counts;
  const std::vector<std::string>& globs = selection_of(info).filters.devices;
  for (const RunDevice& device : info.devices) {
    if (any_match(globs, device.id, matches_device)) counts[device.id] = -1;
  }
  return counts;
}

}  // namespace

Json beginning_json(const Selection& selection, const Here& here) {
  std::map<std::string, std::size_t> planned;
  std::set<std::pair<std::string, std::string>> used;  // devices and implementations
  std::vector<std::string> problems;
  for (const PlannedCase& one : here.cases) {
    ++planned[one.identity.device];
    used.emplace(one.identity.device, one.identity.implementation);
    if (selection.budget_seconds) add_once(problems, one.identity.problem);
  }
  Json libraries = Json::object();
  for (const ListedDevice& device : here.devices) {
    if (!planned.contains(device.id)) continue;
    Json versions = Json::object();
    for (const ListedLibrary& library : device.libraries) {
      if (used.contains({device.id, library.implementation}))
        versions[library.implementation] = library.version;
    }
    libraries[device.id] = std::move(versions);
  }
  return {{"selection", selection_json(in_any_folder(selection))},
          {"suite_digest", here.suite.digest()},
          {"planned", planned},
          {"planned_problems", problems},
          {"libraries", libraries}};
}

Selection selection_of(const RunInfo& info) {
  const Json& environment = info.environment;
  if (!environment.is_object() || !environment.contains("selection")) {
    throw UsageError("run.json of run " + info.id +
                     " does not say which cases were selected; the run cannot be resumed");
  }
  return parse_selection(environment.at("selection"), "run.json of run " + info.id + ": selection");
}

std::vector<std::string> chosen_problems(const RunInfo& info) {
  const Json& environment = info.environment;
  std::vector<std::string> problems;
  if (!environment.is_object() || !environment.contains("planned_problems")) return problems;
  for (const Json& problem : environment.at("planned_problems")) {
    if (problem.is_string()) problems.push_back(problem.get<std::string>());
  }
  return problems;
}

void require_same(const RunInfo& info, const Here& here, std::span<const Record> recorded) {
  require_same_suite(info, here);
  require_same_system(info);
  require_same_build(info);
  std::set<std::string> concerned;
  for (const Record& record : recorded) concerned.insert(record.identity.device);
  for (const auto& [device, count] : planned_cases(info)) concerned.insert(device);
  for (const ListedDevice& device : here.devices) {
    const auto began = std::ranges::find(info.devices, device.id, &RunDevice::id);
    if (!concerned.contains(device.id) || began == info.devices.end()) continue;
    if (const std::string what = difference(*began, run_device(device)); !what.empty())
      throw UsageError(fmt::format("{}; {}", what, way_on));
    require_same_libraries(info, device);
  }
}

bool is_finished(const Record& record, std::uint64_t rounds) {
  const CaseProgress progress = progress_of(record);
  return !progress.is_open() || progress.rounds >= rounds;
}

std::vector<std::string> gone_devices(const RunInfo& info, const Here& here, std::span<const Record> recorded,
                                      std::uint64_t rounds) {
  std::vector<std::string> sentences;
  for (const auto& [id, planned] : planned_cases(info)) {
    if (std::ranges::find(here.devices, id, &ListedDevice::id) != here.devices.end()) continue;
    const auto finished = std::ranges::count_if(recorded, [&, device = id](const Record& record) {
      return record.identity.device == device && is_finished(record, rounds);
    });
    if (planned >= 0 && finished >= planned) continue;
    const std::int64_t left = planned - finished;
    const std::string count =
        planned < 0 ? "cases" : fmt::format("{} {}", left, left == 1 ? "case" : "cases");
    const std::string adapter = id.substr(0, id.rfind(':'));
    const auto why = here.absences.find(here.absences.contains(id) ? id : adapter);
    sentences.push_back(fmt::format("{} of {} {} left, and the device is not here: {}", count, id,
                                    left == 1 && planned >= 0 ? "is" : "are",
                                    why == here.absences.end()
                                        ? fmt::format("{} has fewer devices than when the run began", adapter)
                                        : why->second));
  }
  return sentences;
}

std::string changed_settings(const RunInfo& info) {
  const Json began = object_in(object_in(info.environment, "process"), "variables");
  if (began.empty() && !object_in(info.environment, "process").contains("variables")) return "";
  const std::map<std::string, std::string> here = telling_settings(EnvironmentSources::of_this_process());
  std::vector<std::string> changes;
  for (const auto& [variable, value] : here) {
    if (variable != "MOAT_STORE" && text_in(began, variable) != value)
      changes.push_back(fmt::format("{}={}", variable, value));
  }
  for (const auto& [variable, value] : began.items()) {
    if (variable != "MOAT_STORE" && !here.contains(variable))
      changes.push_back(fmt::format("{} is no longer set", variable));
  }
  return changes.empty() ? ""
                         : "the environment differs from that in which the run began: " + join(changes, ", ");
}

}  // namespace moat
