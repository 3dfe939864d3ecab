// Matching, and what to say when nothing matches.
#include "results/filter.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace moat {
namespace {

using Strings = std::vector<std::string>;

std::string abridged(const Strings& names) {
  constexpr std::size_t most = 12;
  if (names.size() <= most) return join(names, ", ");
  return fmt::format("{} and {} more", join(std::span(names).first(most), ", "), names.size() - most);
}

}  // namespace

bool matches_device(std::string_view pattern, std::string_view id) {
  return glob_match(pattern, id) || glob_match(pattern, id.substr(0, id.find(':')));
}

bool matches_implementation(std::string_view pattern, std::string_view name) {
  const std::vector<std::string_view> parts = split(name, '/');
  return glob_match(pattern, name) ||
         std::any_of(parts.begin(), parts.end(), [&](auto part) { return glob_match(pattern, part); });
}

bool any_match(const Strings& patterns, std::string_view name, Matches matches) {
  return patterns.empty() || std::any_of(patterns.begin(), patterns.end(),
                                         [&](const auto& pattern) { return matches(pattern, name); });
}

void add_once(Strings& names, std::string name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
}

void require_matches(std::string_view what, const Strings& patterns, const Strings& names, Matches matches,
                     const std::function<std::string(const std::string&)>& hint) {
  for (const std::string& pattern : patterns) {
    if (std::any_of(names.begin(), names.end(), [&](const auto& name) { return matches(pattern, name); }))
      continue;
    const std::string more = hint ? hint(pattern) : "";
    throw UsageError(fmt::format("no {0} matches '{1}'.{2}{3} Choose from: {4}.", what,
                                 pattern.substr(0, 200), more, did_you_mean(pattern, names),
                                 names.empty() ? "(none)" : abridged(names)));
  }
}

Strings canonical_keys(const Strings& patterns) {
  Strings keys;
  for (const std::string& pattern : patterns) {
    const bool glob = pattern.find_first_of("*?") != std::string::npos;
    keys.push_back(glob ? pattern : parse_problem(pattern)->key());
  }
  return keys;
}

std::vector<Record> select(std::vector<Record> records, const Filters& filters) {
  Strings devices;
  Strings implementations;
  Strings operator_names;
  Strings keys;
  Strings types;
  for (const Record& record : records) {
    add_once(devices, record.identity.device);
    add_once(implementations, record.identity.implementation);
    add_once(operator_names, record.operator_name);
    add_once(keys, record.identity.problem);
    add_once(types, std::string(name(record.types.input)));
  }
  const Strings problems = canonical_keys(filters.problems);
  require_matches("device of the run", filters.devices, devices, matches_device);
  require_matches("implementation of the run", filters.implementations, implementations,
                  matches_implementation);
  require_matches("operator of the run", filters.operators, operator_names, glob_match);
  require_matches("problem of the run", problems, keys, glob_match);
  require_matches("type of the run", filters.types, types, glob_match);
  (void)keep_selected(records, filters);
  return records;
}

std::vector<Record> keep_selected(std::vector<Record>& records, const Filters& filters) {
  const Strings problems = canonical_keys(filters.problems);
  const auto others = std::stable_partition(records.begin(), records.end(), [&](const Record& record) {
    return any_match(filters.devices, record.identity.device, matches_device) &&
           any_match(filters.implementations, record.identity.implementation, matches_implementation) &&
           any_match(filters.operators, record.operator_name, glob_match) &&
           any_match(problems, record.identity.problem, glob_match) &&
           any_match(filters.types, name(record.types.input), glob_match);
  });
  std::vector<Record> rest(std::make_move_iterator(others), std::make_move_iterator(records.end()));
  records.erase(others, records.end());
  return rest;
}

}  // namespace moat
