// Selection and order of cases, and what is known to be impossible before anything runs.
#include "bench/plan/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "bench/measure/footprint.h"
#include "kernels/implementation_name.h"
#include "kernels/planning.h"

namespace moat {
namespace {

using Strings = std::vector<std::string>;

/// The absent library that the pattern asks for, with why.
std::string absence(const std::string& pattern, std::span<const ListedDevice> devices,
                    const std::vector<std::size_t>& chosen) {
  for (const std::size_t index : chosen) {
    for (const auto& [implementation, why] : devices[index].absent_libraries) {
      if (matches_implementation(pattern, implementation)) {
        return fmt::format(" {} is absent on {}: {}.", implementation, devices[index].id, why);
      }
    }
  }
  return "";
}

std::vector<std::size_t> choose_devices(std::span<const ListedDevice> devices, const Strings& patterns) {
  Strings ids;
  for (const ListedDevice& device : devices) ids.push_back(device.id);
  require_matches("device", patterns, ids, matches_device);
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    if (any_match(patterns, ids[i], matches_device)) chosen.push_back(i);
  }
  return chosen;
}

std::vector<const SuiteProblem*> choose_problems(const Suite& suite, const Filters& filters) {
  Strings operator_names;
  Strings keys;
  Strings types;
  for (const SuiteProblem& entry : suite.problems) {
    add_once(operator_names, std::string(entry.problem->operator_name()));
    add_once(types, std::string(name(entry.problem->types().input)));
    keys.push_back(entry.problem->key());
  }
  const Strings problem_patterns = canonical_keys(filters.problems);
  require_matches(fmt::format("operator of suite {}", suite.name), filters.operators, operator_names,
                  glob_match);
  require_matches(fmt::format("type of suite {}", suite.name), filters.types, types, glob_match);
  require_matches(fmt::format("problem of suite {}", suite.name), problem_patterns, keys, glob_match);
  std::vector<const SuiteProblem*> chosen;
  for (std::size_t i = 0; i < suite.problems.size(); ++i) {
    const Problem& problem = *suite.problems[i].problem;
    if (any_match(filters.operators, problem.operator_name(), glob_match) &&
        any_match(filters.types, name(problem.types().input), glob_match) &&
        any_match(problem_patterns, keys[i], glob_match)) {
      chosen.push_back(&suite.problems[i]);
    }
  }
  return chosen;
}

/// Asks the plan of the project's own kernels, whose scratch counts too; a library's is its own affair.
std::optional<Unsupported> known_obstacle(const Problem& problem, const ListedDevice& device,
                                          const std::string& implementation, Cache cache) {
  const Traits& traits = device.info.traits;
  std::vector<std::size_t> scratch;
  const bool is_listed =
      std::any_of(device.libraries.begin(), device.libraries.end(),
                  [&](const ListedLibrary& library) { return library.implementation == implementation; });
  if (!is_listed) {
    for (const Implementation& own : find_operator(problem.operator_name()).implementations()) {
      if (record_name(own, traits.language) != implementation) continue;
      if (writes_nothing(problem)) return check_device(problem, traits);
      const OrUnsupported<Plan> plan = own.plan(problem, traits, own.defaults(problem, traits));
      if (const auto* reason = std::get_if<Unsupported>(&plan)) return *reason;
      scratch = std::get<Plan>(plan).scratch_bytes;
    }
  }
  const OrUnsupported<std::size_t> copies = buffer_copies(problem, traits, cache);
  if (const auto* reason = std::get_if<Unsupported>(&copies)) return *reason;
  return exceeds_memory(footprint(problem, scratch, std::get<std::size_t>(copies)), traits);
}

/// What two filters leave of each other; an empty run is never silent.
void refuse_empty(const Suite& suite, std::span<const ListedDevice> devices,
                  const std::vector<std::size_t>& chosen, const Filters& filters) {
  Strings stated;
  for (const auto& [what, patterns] : {std::pair{"device", &filters.devices},
                                       {"implementation", &filters.implementations},
                                       {"operator", &filters.operators},
                                       {"problem", &filters.problems},
                                       {"type", &filters.types}}) {
    if (!patterns->empty()) stated.push_back(fmt::format("{} {}", what, join(*patterns, " or ")));
  }
  Strings ids;
  for (const std::size_t index : chosen) ids.push_back(devices[index].id);
  if (stated.empty()) {
    throw UsageError(
        fmt::format("suite {} has no case on {}: there is no implementation; `moat devices` says why",
                    suite.name, ids.empty() ? "this machine" : join(ids, ", ")));
  }
  throw UsageError(
      fmt::format("suite {} has no case with {}: each matches something, but no case matches all; omit one",
                  suite.name, join(stated, " and ")));
}

}  // namespace

std::vector<std::string> implementation_names(const ListedDevice& device, const Operator& of_operator) {
  Strings names;
  for (const ListedLibrary& library : device.libraries) {
    if (of_operator.is_roof() && is_library(library.implementation)) continue;
    add_once(names, library.implementation);
  }
  if (device.info.traits.language == Language::none) return names;
  for (const Implementation& own : of_operator.implementations()) {
    add_once(names, record_name(own, device.info.traits.language));
  }
  return names;
}

std::vector<PlannedCase> plan_cases(const Suite& suite, std::span<const ListedDevice> devices,
                                    std::span<const Conditions> conditions, const Filters& filters) {
  const std::vector<std::size_t> chosen = choose_devices(devices, filters.devices);
  const std::vector<const SuiteProblem*> problems = choose_problems(suite, filters);
  Strings known;
  for (const std::size_t index : chosen) {
    for (const Operator* candidate : operators()) {
      for (std::string& name : implementation_names(devices[index], *candidate))
        add_once(known, std::move(name));
    }
  }
  require_matches("implementation", filters.implementations, known, matches_implementation,
                  [&](const std::string& pattern) { return absence(pattern, devices, chosen); });

  std::vector<PlannedCase> cases;
  for (const std::size_t index : chosen) {
    const ListedDevice& device = devices[index];
    for (const SuiteProblem* entry : problems) {
      const Problem& problem = *entry->problem;
      const Strings names = implementation_names(device, find_operator(problem.operator_name()));
      for (const Conditions& condition : conditions) {
        for (const std::string& implementation : names) {
          if (!any_match(filters.implementations, implementation, matches_implementation)) continue;
          cases.push_back({{.device = device.id,
                            .implementation = implementation,
                            .problem = problem.key(),
                            .conditions = condition},
                           entry->problem,
                           entry->workload,
                           index,
                           known_obstacle(problem, device, implementation, condition.cache),
                           ""});
        }
      }
    }
  }
  if (cases.empty()) refuse_empty(suite, devices, chosen, filters);
  return cases;
}

}  // namespace moat
