// From a selection to devices, cases and settings.
#include "commands/campaign.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "base/error.h"
#include "base/terminal.h"
#include "base/text.h"
#include "bench/plan/subset.h"
#include "bench/tune/tuned.h"
#include "commands/commands.h"
#include "commands/terminal.h"
#include "results/filter.h"

namespace moat {
namespace {

void keep_within_budget(Campaign& campaign, double budget_seconds, double case_seconds,
                        std::uint64_t rounds) {
  std::vector<double> seconds;
  seconds.reserve(campaign.cases.size());
  for (const PlannedCase& planned : campaign.cases) {
    seconds.push_back(
        expected_seconds(planned, campaign.devices[planned.device].info.traits.kind, case_seconds, rounds));
  }
  Subset subset = choose_within(std::move(campaign.cases), seconds, budget_seconds);
  campaign.budget_text = subset_text(subset, budget_seconds);
  if (subset.cases.empty()) {
    throw UsageError(fmt::format("--budget {} is too short for any problem; the first one needs {}",
                                 duration_text(budget_seconds), subset.left_out.front().left_out));
  }
  campaign.cases = std::move(subset.cases);
  campaign.left_out = std::move(subset.left_out);
}

/// Why an adapter gives fewer devices than it could, a sentence each; drivers' texts made harmless.
std::vector<std::string> reasons_of(const ListedAdapter& adapter) {
  std::vector<std::string> reasons;
  for (const ListedDevice& device : adapter.devices) {
    if (!device.fault.empty())
      reasons.push_back(fmt::format("{} cannot be opened: {}", device.id, device.fault));
  }
  if (adapter.devices.empty()) {
    reasons.push_back(fmt::format("{} has no device: {}", adapter.name, adapter.absence));
  } else {
    for (const std::string& defect : defects(adapter)) reasons.push_back(adapter.name + ": " + defect);
  }
  for (std::string& reason : reasons) reason = printable(reason);
  return reasons;
}

std::string why_no_devices(std::span<const ListedAdapter> adapters) {
  std::string text = "no device can be used on this machine.";
  for (const ListedAdapter& adapter : adapters) {
    for (const std::string& reason : reasons_of(adapter)) text += "\n  " + reason;
  }
  return text;
}

/// Throws UsageError for the first pattern that no device matches, with the reasons of those it may mean.
void require_devices(const std::vector<std::string>& patterns, std::span<const ListedAdapter> adapters,
                     std::span<const ListedDevice> devices) {
  std::vector<std::string> ids;
  for (const ListedDevice& device : devices) ids.push_back(device.id);
  for (const std::string& pattern : patterns) {
    if (std::ranges::any_of(ids, [&](const std::string& id) { return matches_device(pattern, id); }))
      continue;
    std::string text =
        fmt::format("no device matches '{}'.{}", pattern.substr(0, 200), did_you_mean(pattern, ids));
    text += ids.empty() ? " 'moat devices' lists those that there are."
                        : fmt::format(" Choose from: {}.", join(ids, ", "));
    for (const ListedAdapter& adapter : adapters) {
      if (!may_match({pattern}, adapter.name)) continue;
      for (const std::string& reason : reasons_of(adapter)) text += "\n  " + reason;
    }
    throw UsageError(text);
  }
}

std::vector<std::string> notices_of(const ListedAdapter& adapter) {
  std::vector<std::string> notices;
  for (const ListedDevice& device : adapter.devices) {
    if (!device.fault.empty())
      notices.push_back(
          fmt::format("{} is left out because it cannot be opened: {}", device.id, device.fault));
  }
  for (const std::string& defect : defects(adapter))
    notices.push_back(fmt::format("left out of {}: {}", adapter.name, defect));
  return notices;
}

}  // namespace

InventoryOptions asked_from(std::string executable, std::vector<std::string> devices) {
  InventoryOptions options = inventory_options(std::move(executable), std::move(devices));
  options.on_wait = print_waiting;
  return options;
}

Campaign plan_campaign(const Selection& selection, const std::vector<std::string>& chosen) {
  Campaign campaign;
  campaign.suite =
      selection.problems.empty() ? load_suite(selection.suite) : suite_of_keys(selection.problems);
  const std::vector<ListedAdapter> adapters =
      take_inventory(asked_from(this_executable(), selection.filters.devices));
  for (const ListedAdapter& adapter : adapters) {
    const std::vector<std::string> reasons = reasons_of(adapter);
    if (!reasons.empty()) campaign.absences[adapter.name] = join(reasons, "; ");
    for (const ListedDevice& device : adapter.devices) {
      if (!device.fault.empty()) campaign.absences[device.id] = device.fault;
    }
    for (std::string& notice : notices_of(adapter)) campaign.notices.push_back(std::move(notice));
    std::ranges::copy_if(adapter.devices, std::back_inserter(campaign.devices),
                         [](const ListedDevice& device) { return device.fault.empty(); });
  }
  require_devices(selection.filters.devices, adapters, campaign.devices);
  if (campaign.devices.empty()) throw UsageError(why_no_devices(adapters));
  campaign.cases = plan_cases(campaign.suite, campaign.devices, conditions_of(selection), selection.filters);
  if (!chosen.empty()) {
    std::erase_if(campaign.cases, [&](const PlannedCase& planned) {
      return std::ranges::find(chosen, planned.identity.problem) == chosen.end();
    });
  } else if (selection.budget_seconds) {
    keep_within_budget(campaign, *selection.budget_seconds,
                       selection.case_seconds.value_or(campaign.suite.case_seconds),
                       rounds_of(selection, campaign.suite));
  }
  return campaign;
}

std::vector<RunDevice> Campaign::run_devices() const {
  std::vector<RunDevice> made;
  made.reserve(devices.size());
  for (const ListedDevice& device : devices) made.push_back(run_device(device));
  return made;
}

ChosenParameters tuned_parameters(const Selection& selection, const std::string& store,
                                  std::span<const ListedDevice> devices) {
  const std::string folder = selection.tuning.value_or(default_tuning_folder(store));
  if (folder == no_tuning) return {{{}, folder}, {}};
  if (selection.tuning && !std::filesystem::is_directory(folder))
    throw UsageError(fmt::format("--tuning {}: no such folder; moat tune --tuning creates one", folder));
  const auto tuned = std::make_shared<const TunedParameters>(folder, devices, selection.kernel_dir);
  return {{[tuned](const ListedDevice& device, const PlannedCase& planned) {
             return tuned->choose(device, planned.identity, *planned.problem);
           },
           folder},
          tuned->notices()};
}

WorkerSettings worker_settings(const Selection& selection, const Suite& suite) {
  WorkerSettings settings;
  settings.executable = this_executable();
  settings.timeout_seconds = selection.timeout_seconds;
  settings.runner.kernel_dir = selection.kernel_dir;
  SamplingLimits& limits = settings.runner.limits;
  limits.cap_seconds = selection.case_seconds.value_or(suite.case_seconds);
  limits.warm_up_seconds = std::min(limits.warm_up_seconds, limits.cap_seconds / 2);
  return settings;
}

BudgetLimits budget_limits(const Selection& selection, const Suite& suite) {
  const double device_seconds = selection.device_seconds.value_or(suite.device_seconds);
  return {.case_seconds = selection.case_seconds.value_or(suite.case_seconds),
          .device_seconds = std::min(device_seconds, selection.budget_seconds.value_or(device_seconds)),
          .first_use_seconds = selection.first_use_seconds.value_or(suite.first_use_seconds)};
}

std::uint64_t rounds_of(const Selection& selection, const Suite& suite) {
  return selection.rounds.value_or(suite.rounds);
}

}  // namespace moat
