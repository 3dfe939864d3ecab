// What the first result costs, and in what two systems differ.
#include <algorithm>
#include <map>
#include <set>

#include "base/json.h"
#include "base/statistics.h"
#include "reports/findings/beside.h"

namespace moat {
namespace {

constexpr std::size_t most_differences = 200;

FirstUseRow row_of(const std::string& subject, const std::string& implementation,
                   const std::vector<const Record*>& records) {
  FirstUseRow row;
  row.subject = subject;
  row.implementation = implementation;
  row.cases = records.size();
  std::vector<double> compile, first_call;
  double worst = -1;
  for (const Record* record : records) {
    compile.push_back(record->effort->compile_seconds);
    first_call.push_back(record->effort->first_call_seconds);
    if (compile.back() + first_call.back() <= worst) continue;
    worst = compile.back() + first_call.back();
    row.worst_problem = record->identity.problem;
  }
  row.median_compile_seconds = median(compile).value_or(0);
  row.worst_compile_seconds = *std::ranges::max_element(compile);
  row.median_first_call_seconds = median(first_call).value_or(0);
  row.worst_first_call_seconds = *std::ranges::max_element(first_call);
  return row;
}

/// Every value of `json` by its path. Arrays count as one value: their order is part of it.
void flatten(const Json& json, const std::string& path, std::map<std::string, std::string>& facts) {
  if (!json.is_object()) {
    facts[path] = json.is_string() ? json.get<std::string>() : strict_json(json);
    return;
  }
  for (const auto& item : json.items()) {
    flatten(item.value(), path.empty() ? item.key() : path + "." + item.key(), facts);
  }
}

}  // namespace

std::vector<FirstUseRow> first_use_rows(std::span<const Subject> subjects) {
  std::vector<FirstUseRow> rows;
  for (const Subject& subject : subjects) {
    std::map<std::string, std::vector<const Record*>> records;
    for (const Record& record : subject.records) {
      if (record.status == Status::ok && record.effort)
        records[record.identity.implementation].push_back(&record);
    }
    for (const auto& [implementation, list] : records)
      rows.push_back(row_of(subject.label, implementation, list));
  }
  return rows;
}

std::vector<EnvironmentDifference> environment_differences(std::span<const RunInfo> runs) {
  std::vector<std::map<std::string, std::string>> facts;
  std::set<std::string> paths;
  for (const RunInfo& run : runs) {
    flatten(run.environment, "", facts.emplace_back());
    for (const auto& [path, value] : facts.back()) paths.insert(path);
  }
  std::vector<EnvironmentDifference> differences;
  for (const std::string& path : paths) {
    std::vector<std::optional<std::string>> values;
    for (const auto& known : facts) {
      const auto found = known.find(path);
      values.push_back(found == known.end() ? std::nullopt : std::optional(found->second));
    }
    const bool same = std::ranges::all_of(
        values, [&](const std::optional<std::string>& value) { return value == values.front(); });
    if (!same && differences.size() < most_differences) differences.push_back({path, std::move(values)});
  }
  return differences;
}

}  // namespace moat
