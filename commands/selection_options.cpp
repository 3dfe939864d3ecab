// The options that fill a selection, and their help.
#include "commands/selection_options.h"

#include <initializer_list>

#include "bench/plan/subset.h"
#include "bench/plan/suite.h"

namespace moat {
namespace {

template <class Value>
std::vector<std::string> names_of(std::initializer_list<Value> values) {
  std::vector<std::string> names;
  for (const Value value : values) names.emplace_back(name(value));
  return names;
}

}  // namespace

void add_filter_options(const Command& command, Filters& filters) {
  // One value each, so that a run's id may follow; none of these names has a comma.
  const auto add = [&](const char* option, std::vector<std::string>& globs, const char* help) {
    command.add_option(option, globs, help).single_values().list();
  };
  add("--device", filters.devices,
      "Only these devices: opencl:0, 'opencl:*', host,vulkan (globs; repeatable)");
  add("--implementation", filters.implementations,
      "Only these: naive, portable, library/onednn, clblast (globs; repeatable)");
  add("--op", filters.operators, "Only these operators (globs; repeatable)");
  command.add_option("--match", filters.problems, "Only problems whose key matches (globs; repeatable)")
      .single_values();
  add("--type", filters.types, "Only these input types: f32, f16 … (globs; repeatable)");
}

void add_worker_options(const Command& command, Selection& selection) {
  command
      .add_option("--timeout", selection.timeout_seconds,
                  "Time after which a case is abandoned and its worker killed")
      .seconds(0.1, 1e6)
      .capture_default_str();
  command
      .add_option("--kernel-dir", selection.kernel_dir,
                  "Folder of kernel sources that take precedence over the built-in ones")
      .existing_folder();
}

void add_case_options(const Command& command, Selection& selection) {
  const Option suite =
      command.add_option("--suite", selection.suite, "A built-in suite or the path of a TOML file")
          .capture_default_str();
  command
      .add_option("--problem", selection.problems,
                  "Problem keys instead of a suite, e.g. gemm:m=512,n=512,k=512,type=f16")
      .excludes(suite);
  add_filter_options(command, selection.filters);
}

void add_rounds_option(const Command& command, Selection& selection) {
  command
      .add_option("--rounds", selection.rounds,
                  "Measure every case this often, spread over the run in changing order; intervals then come "
                  "from the variation between rounds (default: the suite's)")
      .in_range(1, static_cast<double>(SuiteLimits::rounds));
}

void add_selection_options(const Command& command, Selection& selection, bool measuring) {
  const auto group = [&](const char* title) { return command.add_option_group(title); };
  add_case_options(group("Which cases"), selection);
  const Command conditions = group("Under which conditions");
  conditions
      .add_option("--data", selection.data, "Input data; anything but normal biases the rate and is marked")
      .one_of(names_of({Data::normal, Data::uniform, Data::zeros, Data::ones, Data::integers}))
      .capture_default_str();
  conditions
      .add_option(
          "--cache", selection.cache,
          "hot: the same buffers, back to back; cold: rotating buffers, larger than the last-level cache")
      .one_of(names_of({Cache::hot, Cache::cold}))
      .capture_default_str();
  conditions.add_option("--seed", selection.seed, "Seed of the input data").capture_default_str();
  if (!measuring) return;
  const Command effort = group("How long");
  effort
      .add_option("--case-seconds", selection.case_seconds, "Sampling cap of one case (default: the suite's)")
      .seconds(0.001, 3600.0);
  effort
      .add_option("--device-seconds", selection.device_seconds, "Budget of one device (default: the suite's)")
      .seconds(1.0, 1e7);
  effort
      .add_option("--first-use-seconds", selection.first_use_seconds,
                  "Limit for what an implementation compiles and tunes on a device, beside the budget "
                  "(default: the suite's)")
      .seconds(1.0, 1e7);
  effort
      .add_option(
          "--budget", selection.budget_seconds,
          "Only the most informative problems that fit into this time: 90s, 5m, 1h30m (docs/suites.md)")
      .seconds(0.001, 1e7);
  add_worker_options(effort, selection);
  effort.add_option("--tuning", selection.tuning,
                    "Folder with the results of moat tune, or none (default: tuning in the store)");
}

}  // namespace moat
