// Coverage: the matrix, the reasons of its holes, shares.
#include "reports/tables/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "reports/findings/beside.h"
#include "reports/tables/tables.h"

namespace moat {
namespace {

constexpr std::size_t most_reasons = 4;  // in a cell's note

std::size_t cases_of(const CoverageCell& covered) {
  std::size_t cases = 0;
  for (const auto& [status, count] : covered.cases) cases += count;
  return cases;
}

std::size_t ok_of(const CoverageCell& covered) {
  const auto found = covered.cases.find(Status::ok);
  return found == covered.cases.end() ? 0 : found->second;
}

bool is_broken(const CoverageCell& covered) {
  return std::ranges::any_of(covered.cases, [](const auto& counted) {
    return counted.first != Status::ok && counted.first != Status::unsupported &&
           counted.first != Status::skipped && counted.second > 0;
  });
}

/// "◐ 5/7 ≤0.4, 2 unsupported": a mark that needs no colour, then words.
std::string text_of(const CoverageCell& covered) {
  const std::size_t ok = ok_of(covered);
  const std::size_t cases = cases_of(covered);
  std::vector<std::string> parts;
  if (ok > 0) {
    std::string verified = ok == cases ? std::to_string(ok) : fmt::format("{}/{}", ok, cases);
    if (covered.worst_share_of_bound) verified += fmt::format(" ≤{:.2g}", *covered.worst_share_of_bound);
    parts.push_back(std::move(verified));
  }
  for (const auto& [status, count] : covered.cases) {
    if (status != Status::ok && count > 0) parts.push_back(fmt::format("{} {}", count, name(status)));
  }
  const std::string_view mark = ok == cases ? "✓" : is_broken(covered) ? "✗" : ok > 0 ? "◐" : "–";
  return fmt::format("{} {}", mark, join(parts, ", "));
}

/// The first reasons of what is not ok.
std::string reasons_note(const CoverageCell& covered) {
  std::vector<std::string> reasons;
  for (const auto& [reason, count] : covered.holes) {
    if (reasons.size() == most_reasons) {
      reasons.push_back(fmt::format("and {} more reasons below", covered.holes.size() - most_reasons));
      break;
    }
    reasons.push_back(fmt::format("{} × {}", count, reason));
  }
  return join(reasons, "; ");
}

GridCell coverage_cell(const CoverageCell& covered) {
  const std::size_t ok = ok_of(covered);
  const std::size_t cases = cases_of(covered);
  GridCell made = cell(text_of(covered));
  made.tone = is_broken(covered) ? Tone::bad : ok > 0 ? Tone::good : Tone::faint;
  made.value = cases > 0 ? static_cast<double>(ok) / static_cast<double>(cases) : 0;
  made.note = reasons_note(covered);
  return made;
}

/// Reasons of what is not ok, each once with how many problems it ended; a wrong one with its error.
void add_reasons(const CoverageCell& covered, std::vector<std::string>& notes) {
  std::vector<std::pair<std::string, std::size_t>> reasons;
  for (const Record* record : covered.not_ok) {
    std::string text = fmt::format("{}: {}", name(record->status), record->reason);
    if (record->status != Status::unsupported) text = fmt::format("{} {}", record->identity.problem, text);
    if (record->status == Status::wrong && record->verdict) {
      text += fmt::format(" (worst error {:.3g}, bound {:.3g})", record->verdict->max_error,
                          record->verdict->tolerance);
    }
    const auto known = std::ranges::find(reasons, text, [](const auto& reason) { return reason.first; });
    if (known == reasons.end()) {
      reasons.emplace_back(std::move(text), 1);
    } else {
      ++known->second;
    }
  }
  for (const auto& [text, times] : reasons) {
    notes.push_back(fmt::format("{} {} {}: {}{}", covered.subject, covered.implementation, name(covered.type),
                                text, times > 1 ? fmt::format(" ({} problems)", times) : ""));
  }
}

}  // namespace

Grid coverage_table(std::span<const CoverageCell> cells) {
  Grid grid{.id = "coverage",
            .caption = "Coverage: cases with a verified result, by device, implementation, operator and type",
            .columns = {{.key = "device", .title = "device", .importance = 100},
                        {.key = "implementation", .title = "implementation", .importance = 100},
                        {.key = "operator", .title = "operator", .shown = GridShown::on_pages}},
            .empty = "No cases."};
  std::set<Type> types;
  for (const CoverageCell& covered : cells) types.insert(covered.type);
  std::map<Type, std::size_t> columns;
  for (const Type type : types) {
    columns[type] = grid.columns.size();
    grid.columns.push_back({.key = std::string(name(type)),
                            .title = std::string(name(type)),
                            .kind = GridKind::status,
                            .importance = 50});
  }
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> known;
  for (const CoverageCell& covered : cells) {
    const auto [found, is_new] =
        known.try_emplace({covered.subject, covered.implementation, covered.operator_name}, grid.rows.size());
    if (is_new) {
      GridRow row{cell(covered.subject), cell(covered.implementation), cell(covered.operator_name)};
      row.resize(grid.columns.size());
      grid.rows.push_back(std::move(row));
    }
    grid.rows[found->second][columns.at(covered.type)] = coverage_cell(covered);
  }
  return grid;
}

Grid coverage_table(const Findings& findings) {
  return coverage_table(findings.coverage);
}

Grid holes_table(const Findings& findings) {
  Grid grid{.id = "holes",
            .caption = "Why cases have no verified result",
            .columns = {{.key = "device", .title = "device"},
                        {.key = "implementation", .title = "implementation"},
                        {.key = "operator", .title = "operator"},
                        {.key = "type", .title = "type"},
                        {.key = "cases", .title = "cases", .kind = GridKind::count},
                        {.key = "reason", .title = "reason", .kind = GridKind::prose}},
            .empty = "Every case has a verified result."};
  for (const CoverageCell& covered : findings.coverage) {
    for (const auto& [reason, count] : covered.holes) {
      grid.rows.push_back({cell(covered.subject), cell(covered.implementation), cell(covered.operator_name),
                           cell(name(covered.type)), count_cell(count), cell(reason)});
    }
  }
  return grid;
}

std::string coverage_text(std::span<const Record> records, const TableOptions& options) {
  std::vector<std::pair<std::string, std::vector<CoverageCell>>> operators;
  for (CoverageCell& covered : coverage_cells(records)) {
    auto found =
        std::ranges::find(operators, covered.operator_name, [](const auto& some) { return some.first; });
    if (found == operators.end()) found = operators.insert(found, {covered.operator_name, {}});
    found->second.push_back(std::move(covered));
  }
  std::string text;
  for (const auto& [operator_name, cells] : operators) {
    Grid grid = coverage_table(cells);
    for (const CoverageCell& covered : cells) add_reasons(covered, grid.notes);
    text +=
        coloured(operator_name, Tone::strong, options.colour) + '\n' + terminal_table(grid, options) + '\n';
  }
  return text +
         "✓ all cases are right, ◐ some are and the others are unsupported, ✗ some are wrong or failed,\n"
         "– none is supported. ≤R: the worst error of the right ones is R of what the arithmetic allows.\n"
         "Nothing was timed.\n";
}

}  // namespace moat
