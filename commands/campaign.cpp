// From a selection to devices, cases and settings.
#include "commands/campaign.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "bench/plan/subset.h"
#include "bench/tune/tuned.h"
#include "bench/worker/inventory.h"
#include "commands/commands.h"

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

std::string why_no_devices(std::span<const ListedAdapter> adapters) {
  std::string text = "no device can be used on this machine.";
  for (const ListedAdapter& adapter : adapters) {
    if (adapter.devices.empty()) text += fmt::format("\n  {}: {}", adapter.name, adapter.absence);
    for (const ListedDevice& device : adapter.devices)
      text += fmt::format("\n  {}: {}", device.id, device.fault);
  }
  return text;
}

}  // namespace

Campaign plan_campaign(const Selection& selection, const std::vector<std::string>& chosen) {
  Campaign campaign;
  campaign.suite =
      selection.problems.empty() ? load_suite(selection.suite) : suite_of_keys(selection.problems);
  const std::vector<ListedAdapter> adapters = take_inventory(this_executable());
  for (const ListedAdapter& adapter : adapters) {
    if (!adapter.absence.empty()) campaign.absences[adapter.name] = adapter.absence;
    for (const ListedDevice& device : adapter.devices) {
      if (!device.fault.empty()) {
        campaign.absences[device.id] = device.fault;
        campaign.notices.push_back(
            fmt::format("{} is left out because it cannot be opened: {}", device.id, device.fault));
        continue;
      }
      campaign.devices.push_back(device);
    }
  }
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
