// Selections: options, JSON, planning.
#include "commands/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/terminal.h"
#include "bench/plan/subset.h"
#include "bench/tune/tuned.h"
#include "commands/commands.h"

namespace moat {
namespace {

template <class Value>
std::vector<std::string> names_of(std::initializer_list<Value> values) {
  std::vector<std::string> names;
  for (const Value value : values) names.emplace_back(name(value));
  return names;
}

template <class Value>
Json optional_json(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

template <class Value>
void read_optional(const Json& json, const char* key, std::optional<Value>& value) {
  if (!json.at(key).is_null()) value = json.at(key).get<Value>();
}

std::vector<Conditions> conditions_of(const Selection& selection) {
  std::vector<Conditions> conditions;
  for (const std::string& data : selection.data) {
    for (const std::string& cache : selection.cache) {
      const auto known_data = parse_data(data);
      const auto known_cache = parse_cache(cache);
      if (!known_data || !known_cache)
        throw UsageError(fmt::format("unknown conditions: --data {} --cache {}", data, cache));
      conditions.push_back({*known_data, *known_cache, selection.seed});
    }
  }
  return conditions;
}

void keep_within_budget(Campaign& campaign, std::span<const PlanDevice> devices, double budget_seconds,
                        double case_seconds) {
  std::vector<double> seconds;
  seconds.reserve(campaign.cases.size());
  for (const PlannedCase& planned : campaign.cases) {
    seconds.push_back(expected_seconds(planned, devices[planned.device].info.traits.kind, case_seconds));
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

void add_filter_options(CLI::App& command, Filters& filters) {
  // One value each, so that a run's id may follow.
  const auto add = [&](const char* option, std::vector<std::string>& globs, const char* help) {
    command.add_option(option, globs, help)->allow_extra_args(false);
  };
  add("--device", filters.devices, "Only these devices: opencl:0, 'opencl:*', host (globs; repeatable)");
  add("--implementation", filters.implementations,
      "Only these: naive, portable, library/onednn, clblast (globs; repeatable)");
  add("--op", filters.operators, "Only these operators (globs; repeatable)");
  add("--match", filters.problems, "Only problems whose key matches (globs; repeatable)");
  add("--type", filters.types, "Only these input types: f32, f16 … (globs; repeatable)");
}

void add_worker_options(CLI::App& command, Selection& selection) {
  command
      .add_option("--timeout", selection.timeout_seconds,
                  "Seconds after which a case is abandoned and its worker killed")
      ->check(CLI::Range(0.1, 1e6))
      ->capture_default_str();
  command
      .add_option("--kernel-dir", selection.kernel_dir,
                  "Folder of kernel sources that take precedence over the built-in ones")
      ->check(CLI::ExistingDirectory);
}

void add_case_options(CLI::App& command, Selection& selection) {
  CLI::Option* suite =
      command.add_option("--suite", selection.suite, "A built-in suite or the path of a TOML file")
          ->capture_default_str();
  command
      .add_option("--problem", selection.problems,
                  "Problem keys instead of a suite, e.g. gemm:m=512,n=512,k=512,type=f16")
      ->excludes(suite);
  add_filter_options(command, selection.filters);
}

void add_selection_options(CLI::App& command, Selection& selection, bool measuring) {
  const auto group = [&](const char* title) { return command.add_option_group(title); };
  add_case_options(*group("Which cases"), selection);
  CLI::App* conditions = group("Under which conditions");
  conditions
      ->add_option("--data", selection.data, "Input data; anything but normal biases the rate and is marked")
      ->check(CLI::IsMember(names_of({Data::normal, Data::uniform, Data::zeros, Data::ones, Data::integers})))
      ->capture_default_str();
  conditions
      ->add_option(
          "--cache", selection.cache,
          "hot: the same buffers, back to back; cold: rotating buffers, larger than the last-level cache")
      ->check(CLI::IsMember(names_of({Cache::hot, Cache::cold})))
      ->capture_default_str();
  conditions->add_option("--seed", selection.seed, "Seed of the input data")->capture_default_str();
  if (!measuring) return;
  CLI::App* effort = group("How long");
  effort
      ->add_option("--case-seconds", selection.case_seconds,
                   "Sampling cap of one case (default: the suite's)")
      ->check(CLI::Range(0.001, 3600.0));
  effort
      ->add_option("--device-seconds", selection.device_seconds,
                   "Budget of one device (default: the suite's)")
      ->check(CLI::Range(1.0, 1e7));
  effort->add_option_function<std::string>(
      "--budget", [&selection](const std::string& text) { selection.budget_seconds = parse_duration(text); },
      "Only the most informative problems that fit into this time: 90s, 5m, 1h (docs/suites.md)");
  add_worker_options(*effort, selection);
  effort->add_option("--tuning", selection.tuning,
                     "Folder with the results of moat tune, or none (default: tuning in the store)");
}

Json selection_json(const Selection& selection) {
  const Filters& filters = selection.filters;
  return {{"suite", selection.suite},
          {"problems", selection.problems},
          {"devices", filters.devices},
          {"implementations", filters.implementations},
          {"operators", filters.operators},
          {"matches", filters.problems},
          {"types", filters.types},
          {"data", selection.data},
          {"cache", selection.cache},
          {"seed", selection.seed},
          {"case_seconds", optional_json(selection.case_seconds)},
          {"device_seconds", optional_json(selection.device_seconds)},
          {"budget_seconds", optional_json(selection.budget_seconds)},
          {"timeout_seconds", selection.timeout_seconds},
          {"kernel_dir", optional_json(selection.kernel_dir)},
          {"tuning", optional_json(selection.tuning)}};
}

Selection parse_selection(const Json& json, std::string_view where) {
  try {
    Selection selection;
    json.at("suite").get_to(selection.suite);
    json.at("problems").get_to(selection.problems);
    json.at("devices").get_to(selection.filters.devices);
    json.at("implementations").get_to(selection.filters.implementations);
    json.at("operators").get_to(selection.filters.operators);
    json.at("matches").get_to(selection.filters.problems);
    json.at("types").get_to(selection.filters.types);
    json.at("data").get_to(selection.data);
    json.at("cache").get_to(selection.cache);
    json.at("seed").get_to(selection.seed);
    read_optional(json, "case_seconds", selection.case_seconds);
    read_optional(json, "device_seconds", selection.device_seconds);
    if (json.contains("budget_seconds")) read_optional(json, "budget_seconds", selection.budget_seconds);
    json.at("timeout_seconds").get_to(selection.timeout_seconds);
    read_optional(json, "kernel_dir", selection.kernel_dir);
    if (json.contains("tuning"))
      read_optional(json, "tuning", selection.tuning);  // runs before there was any
    return selection;
  } catch (const Json::exception& error) {
    throw UsageError(fmt::format("{}: the selection of cases cannot be read: {}", where, error.what()));
  }
}

Campaign plan_campaign(const Selection& selection) {
  Campaign campaign;
  campaign.suite =
      selection.problems.empty() ? load_suite(selection.suite) : suite_of_keys(selection.problems);
  const std::vector<ListedAdapter> adapters = take_inventory(this_executable());
  std::vector<PlanDevice> devices;
  for (const ListedAdapter& adapter : adapters) {
    for (const ListedDevice& device : adapter.devices) {
      if (!device.fault.empty()) {
        fmt::print(stderr, "moat: {} is left out because it cannot be opened: {}\n", device.id, device.fault);
        continue;
      }
      campaign.devices.push_back(device);
      devices.push_back(plan_device(device));
    }
  }
  if (devices.empty()) throw UsageError(why_no_devices(adapters));
  campaign.cases = plan_cases(campaign.suite, devices, conditions_of(selection), selection.filters);
  if (selection.budget_seconds) {
    keep_within_budget(campaign, devices, *selection.budget_seconds,
                       selection.case_seconds.value_or(campaign.suite.case_seconds));
  }
  return campaign;
}

std::vector<RunDevice> Campaign::run_devices() const {
  std::vector<RunDevice> made;
  made.reserve(devices.size());
  for (const ListedDevice& device : devices) made.push_back(run_device(device));
  return made;
}

ParameterSource parameter_source(const Selection& selection, const std::string& store,
                                 std::span<const ListedDevice> devices) {
  const std::string folder = selection.tuning.value_or(default_tuning_folder(store));
  if (folder == no_tuning) return {{}, folder};
  if (selection.tuning && !std::filesystem::is_directory(folder))
    throw UsageError(fmt::format("--tuning {}: no such folder; moat tune --tuning creates one", folder));
  const auto tuned = std::make_shared<const TunedParameters>(folder, devices, selection.kernel_dir);
  for (const std::string& notice : tuned->notices()) fmt::print(stderr, "moat: {}\n", printable(notice));
  return {[tuned](const ListedDevice& device, const PlannedCase& planned) {
            return tuned->choose(device, planned.identity, *planned.problem);
          },
          folder};
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
  return {selection.case_seconds.value_or(suite.case_seconds),
          std::min(device_seconds, selection.budget_seconds.value_or(device_seconds))};
}

}  // namespace moat
