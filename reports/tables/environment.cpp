// The systems on which it was measured, and where they differ.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "reports/tables/tables.h"

namespace moat {
namespace {

constexpr std::size_t most_runs = 8;  // side by side

/// Leaves of `json` by their path, "cpu.governor"; a list of plain values is one.
void flatten(const Json& json, const std::string& path, std::map<std::string, std::string>& facts) {
  if (json.is_object()) {
    for (const auto& [key, value] : json.items())
      flatten(value, path.empty() ? key : fmt::format("{}.{}", path, key), facts);
    return;
  }
  const bool is_plain =
      std::none_of(json.begin(), json.end(), [](const Json& item) { return item.is_structured(); });
  if (json.is_array() && !is_plain) {
    for (std::size_t i = 0; i < json.size(); ++i) flatten(json[i], fmt::format("{}[{}]", path, i), facts);
    return;
  }
  if (json.is_array()) {
    std::vector<std::string> parts;
    for (const Json& item : json)
      parts.push_back(item.is_string() ? item.get<std::string>() : strict_json(item));
    facts[path] = join(parts, ", ");
    return;
  }
  facts[path] = json.is_string() ? json.get<std::string>() : strict_json(json);
}

std::string ended_text(const RunInfo& run) {
  return run.ended_utc ? *run.ended_utc : "did not end";
}

/// One column for each of the runs side by side, "run_1" with the run's id as title.
void add_run_columns(Grid& grid, const std::vector<RunInfo>& runs) {
  for (std::size_t i = 0; i < std::min(runs.size(), most_runs); ++i)
    grid.columns.push_back(
        {.key = fmt::format("run_{}", i + 1), .title = runs[i].id, .kind = GridKind::prose});
}

}  // namespace

Grid runs_table(const Findings& findings) {
  Grid grid{.id = "runs",
            .caption = "Runs that the figures come from",
            .columns = {{.key = "run", .title = "run"},
                        {.key = "suite", .title = "suite"},
                        {.key = "host", .title = "machine"},
                        {.key = "system_id", .title = "system"},
                        {.key = "started_utc", .title = "began (UTC)"},
                        {.key = "ended_utc", .title = "ended (UTC)"},
                        {.key = "command", .title = "command", .kind = GridKind::command}},
            .empty = "No run."};
  for (const RunInfo& run : findings.runs) {
    grid.rows.push_back({cell(run.id), cell(run.suite), cell(run.host), cell(run.system_id),
                         cell(run.started_utc), cell(ended_text(run)), cell(run.command)});
  }
  return grid;
}

Grid differences_table(const Findings& findings) {
  Grid grid{.id = "differences",
            .caption = "Facts in which the systems differ",
            .columns = {{.key = "fact", .title = "fact"}},
            .empty = findings.runs.size() < 2 ? "One run: nothing to differ from."
                                              : "The systems do not differ in any recorded fact."};
  add_run_columns(grid, findings.runs);
  for (const EnvironmentDifference& difference : findings.differences) {
    GridRow row{cell(difference.fact)};
    for (std::size_t i = 1; i < grid.columns.size(); ++i)
      row.push_back(
          cell(i - 1 < difference.values.size() ? difference.values[i - 1].value_or("not recorded") : ""));
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

Grid environment_table(const Findings& findings) {
  Grid grid{.id = "environment",
            .caption = findings.runs.size() > most_runs ? "The environment of the first eight runs"
                                                        : "The environment of each run",
            .columns = {{.key = "fact", .title = "fact"}},
            .empty = "Not recorded."};
  add_run_columns(grid, findings.runs);
  std::map<std::string, std::vector<std::string>> rows;
  for (std::size_t i = 0; i + 1 < grid.columns.size(); ++i) {
    std::map<std::string, std::string> facts;
    flatten(findings.runs[i].environment, "", facts);
    for (const auto& [fact, value] : facts)
      rows.try_emplace(fact, std::vector<std::string>(grid.columns.size() - 1)).first->second[i] = value;
  }
  for (const auto& [fact, values] : rows) {
    GridRow row{cell(fact)};
    for (const std::string& value : values) row.push_back(cell(value));
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

}  // namespace moat
