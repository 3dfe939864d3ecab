// Gaps on a terminal.
#include "reports/tables/gap_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "kernels/implementation_name.h"
#include "reports/findings/words.h"
#include "reports/format/grid_terminal.h"
#include "reports/tables/tables.h"

namespace moat {
namespace {

bool is_wanted(std::string_view scope, const GapTextOptions& options) {
  if (options.all || scope == name(GapScope::all)) return true;
  if (options.by.empty()) return scope == name(GapScope::by_operator_and_type);
  return std::ranges::any_of(options.by, [&](GapScope by) { return scope == name(by); });
}

/// A scope with one part says the same as all.
Grid means_table(const Gap& gap, const GapTextOptions& options) {
  Grid grid = factors_table(std::span(&gap, 1));
  const std::size_t scope = column_place(grid, "scope");
  const std::size_t part = column_place(grid, "name");
  std::map<std::string, std::set<std::string>> parts;
  for (const GridRow& row : grid.rows) parts[row[scope].text].insert(row[part].text);
  return rows_where(std::move(grid), [&](const GridRow& row) {
    const std::string& of = row[scope].text;
    return is_wanted(of, options) && (of == name(GapScope::all) || parts[of].size() > 1);
  });
}

std::string means_text(const Gap& gap, const GapTextOptions& options, const TableOptions& table) {
  const GapSummary& all = gap.summaries.front();
  if (!all.library.total && !all.portable.total)
    return "  no ratio: no problem has a verified result on both sides\n";
  return terminal_table(means_table(gap, options), table);
}

/// Naive kernels, which nobody would use, are in reports only.
Grid used_numerics(const Findings& findings) {
  Grid grid = numerics_table(findings);
  const std::size_t implementation = column_place(grid, "implementation");
  return rows_where(std::move(grid), [&](const GridRow& row) { return !is_naive(row[implementation].text); });
}

/// Reasons of holes in the library's and the portable kernel's coverage, the most frequent first.
std::string holes_text(const Findings& findings) {
  constexpr std::size_t most = 5;
  std::string text;
  for (const Subject& subject : findings.subjects) {
    std::map<std::string, std::size_t> counts;
    for (const CoverageCell& cell : findings.coverage) {
      if (cell.subject != subject.label || is_naive(cell.implementation)) continue;
      for (const auto& [reason, count] : cell.holes) counts[reason] += count;
    }
    std::vector<std::pair<std::string, std::size_t>> holes(counts.begin(), counts.end());
    std::ranges::stable_sort(holes, std::ranges::greater{}, [](const auto& hole) { return hole.second; });
    for (std::size_t i = 0; i < std::min(most, holes.size()); ++i) {
      text += fmt::format("  {} {}× {}\n", subject.label, holes[i].second,
                          shortened_reason(printable(holes[i].first)));
    }
    if (holes.size() > most) {
      text += fmt::format("  {} and {} more (moat show tells all)\n", subject.label,
                          count_text(holes.size() - most, "reason"));
    }
  }
  return text.empty() ? "" : "\nholes, by reason\n" + text;
}

/// A blank line and the table, or nothing.
std::string table_below(const Grid& grid, const TableOptions& options) {
  return grid.rows.empty() ? "" : "\n" + terminal_table(grid, options);
}

}  // namespace

std::string gap_text(const Findings& findings, const GapTextOptions& options, const TableOptions& table) {
  std::string text = terminal_table(devices_table(findings), table);
  for (const Gap& gap : findings.gaps) {
    text += "\n" +
            coloured(fmt::format("{} against {}", gap.target, gap.reference), Tone::strong, table.colour) +
            " (" + hardware_text(gap) + ")\n" + means_text(gap, options, table);
    for (const std::string& remark : texts(gap.remarks)) text += "  " + printable(remark) + "\n";
    if (options.problems) text += table_below(gaps_table(std::span(&gap, 1)), table);
  }
  if (options.all) {
    text += table_below(shares_table(findings), table) + holes_text(findings) +
            table_below(used_numerics(findings), table) + table_below(first_use_table(findings), table);
  }
  text += "\n";
  for (const std::string& sentence : texts(findings.verdict)) text += printable(sentence) + "\n";
  text +=
      "\nFactors are geometric means over problems; with ends where peaks or samples leave them open.\n"
      "hardware × stack leads from the reference's library to the target's,\n"
      "× portability on to the portable kernel (docs/gap.md).\n";
  if (!options.all) text += "--by workload has a row for each workload, --all every table.\n";
  return text;
}

}  // namespace moat
