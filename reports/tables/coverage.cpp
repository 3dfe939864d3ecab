// The coverage table.
#include "reports/tables/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "results/filter.h"

namespace moat {
namespace {

using Group = std::vector<const Record*>;

// What a cell is called if any of its records ended so: the worst first.
constexpr std::array worst_first{Status::wrong, Status::crashed,       Status::timed_out, Status::untrusted,
                                 Status::error, Status::out_of_memory, Status::skipped};

std::size_t count(const Group& group, Status status) {
  return static_cast<std::size_t>(std::count_if(
      group.begin(), group.end(), [&](const Record* record) { return record->status == status; }));
}

/// Error in units of the bound at the worst output; 0 where nothing was compared.
double error_ratio(const Record& record) {
  if (!record.verdict || record.verdict->max_error == 0) return 0;
  return record.verdict->max_error / record.verdict->tolerance;
}

double worst_ratio(const Group& group) {
  double worst = 0;
  for (const Record* record : group) {
    if (record->status == Status::ok) worst = std::max(worst, error_ratio(*record));
  }
  return worst;
}

Cell cell_of(const Group& group) {
  if (group.empty()) return {"–", Tone::faint};
  for (const Status status : worst_first) {
    const std::size_t found = count(group, status);
    if (found > 0) return {fmt::format("{} {}/{}", name(status), found, group.size()), Tone::bad};
  }
  const std::size_t right = count(group, Status::ok);
  if (right == 0) return {"unsupported", Tone::faint};
  const std::string ratio = fmt::format("≤{:.2g}", worst_ratio(group));
  if (right == group.size()) return {fmt::format("ok {} {}", right, ratio), Tone::good};
  return {fmt::format("ok {}/{} {}", right, group.size(), ratio), Tone::good};
}

/// Reasons of what is not ok, each once with how many problems it ended; a wrong one with its error.
std::string reasons_of(const Group& group, std::string_view where) {
  std::vector<std::pair<std::string, std::size_t>> reasons;
  for (const Record* record : group) {
    if (record->status == Status::ok) continue;
    std::string text = fmt::format("{}: {}", name(record->status), record->reason);
    if (record->status != Status::unsupported) text = fmt::format("{} {}", record->identity.problem, text);
    if (record->status == Status::wrong && record->verdict) {
      text += fmt::format(" (worst error {:.3g}, bound {:.3g})", record->verdict->max_error,
                          record->verdict->tolerance);
    }
    const auto known = std::find_if(reasons.begin(), reasons.end(),
                                    [&](const auto& reason) { return reason.first == text; });
    if (known == reasons.end()) {
      reasons.emplace_back(std::move(text), 1);
    } else {
      ++known->second;
    }
  }
  std::string made;
  for (const auto& [text, times] : reasons) {
    const std::string repeated = times > 1 ? fmt::format(" ({} problems)", times) : "";
    made += printable(fmt::format("  {} {}{}", where, text, repeated)) + '\n';
  }
  return made;
}

/// All records of one operator.
std::string operator_text(const Group& group, const TableOptions& options) {
  std::vector<std::string> types;
  std::vector<std::string> rows;
  std::map<std::pair<std::string, std::string>, Group> cells;
  for (const Record* record : group) {
    const std::string type(name(record->types.input));
    const std::string row = record->identity.device + ' ' + record->identity.implementation;
    add_once(types, type);
    add_once(rows, row);
    cells[{row, type}].push_back(record);
  }
  std::vector<Column> columns{{"device", Align::left, 100, false},
                              {"implementation", Align::left, 100, false}};
  for (const std::string& type : types) columns.push_back({type, Align::left, 50, false});
  Table table(std::move(columns));
  std::string reasons;
  for (const std::string& row : rows) {
    const std::size_t space = row.find(' ');
    std::vector<Cell> line{{row.substr(0, space)}, {row.substr(space + 1)}};
    for (const std::string& type : types) {
      const Group& cell = cells[{row, type}];
      line.push_back(cell_of(cell));
      reasons += reasons_of(cell, fmt::format("{} {}:", row, type));
    }
    table.add_row(std::move(line));
  }
  return table.text(options) + reasons;
}

}  // namespace

std::string coverage_text(std::span<const Record> records, const TableOptions& options) {
  std::vector<std::string> operator_names;
  for (const Record& record : records) add_once(operator_names, record.operator_name);
  std::string text;
  for (const std::string& operator_name : operator_names) {
    Group group;
    for (const Record& record : records) {
      if (record.operator_name == operator_name) group.push_back(&record);
    }
    text +=
        coloured(operator_name, Tone::strong, options.colour) + '\n' + operator_text(group, options) + '\n';
  }
  return text +
         "ok N ≤R: N problems are right, the worst error is R of what the arithmetic allows. Nothing was "
         "timed.\n";
}

}  // namespace moat
