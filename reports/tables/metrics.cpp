// Rows of the metrics.
#include "reports/tables/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/units.h"
#include "reports/tables/tables.h"

namespace moat {
namespace {

/// "0.6667"
GridCell ratio_cell(const std::optional<double>& ratio, Tone tone = Tone::plain) {
  return ratio ? cell(*ratio, number_text(*ratio), tone) : GridCell{};
}

/// Of 20 places.
std::string bar(double ratio) {
  std::string text;
  for (int i = 0; i < static_cast<int>(std::lround(ratio * 20)); ++i) text += "█";
  return text;
}

/// An operator's part, or several parts of one implementation.
struct CodeRow {
  std::string operator_name;  // "all" for several
  std::string implementation;
  LineSets sets;
};

std::vector<CodeRow> code_rows(std::span<const KernelLines> parts) {
  std::vector<CodeRow> rows;
  std::map<std::string, std::vector<KernelLines>> of_implementation;
  for (const KernelLines& part : parts) {
    rows.push_back({part.operator_name, part.implementation, line_sets(part.lines)});
    of_implementation[part.implementation].push_back(part);
  }
  for (const auto& [implementation, some] : of_implementation) {
    if (some.size() > 1) rows.push_back({"all", implementation, line_sets(merged(some))});
  }
  return rows;
}

std::uint64_t count(const LineSets& sets, const std::string& platform) {
  std::uint64_t sum = 0;
  for (const auto& [platforms, lines] : sets) sum += platforms.contains(platform) ? lines : 0;
  return sum;
}

std::uint64_t total(const LineSets& sets) {
  std::uint64_t sum = 0;
  for (const auto& [platforms, lines] : sets) sum += lines;
  return sum;
}

std::uint64_t common(const LineSets& sets, const std::set<std::string>& platforms) {
  const auto at = sets.find(platforms);
  return at == sets.end() ? 0 : at->second;
}

/// All platforms that any row needs lines for.
std::set<std::string> platforms_of_rows(std::span<const CodeRow> rows) {
  std::set<std::string> all;
  for (const CodeRow& row : rows) all.merge(platforms_of(row.sets));
  return all;
}

}  // namespace

Grid portability_table(std::span<const Portability> all) {
  Grid grid{
      .id = "portabilities",
      .caption = "Performance portability (PP) of each application",
      .columns = {{.key = "problem", .title = "problem", .importance = 90, .shortens = true},
                  {.key = "application", .title = "application", .importance = 100, .shortens = true},
                  {.key = "pp", .title = "PP", .kind = GridKind::number, .importance = 100},
                  {.key = "supported", .title = "supported", .kind = GridKind::count, .importance = 80},
                  {.key = "pairs", .title = "pairs", .kind = GridKind::count, .shown = GridShown::as_data},
                  {.key = "share_supported",
                   .title = "share supported",
                   .kind = GridKind::percent,
                   .shown = GridShown::as_data},
                  {.key = "mean_of_supported",
                   .title = "mean of supported",
                   .kind = GridKind::number,
                   .importance = 70},
                  {.key = "harmonic_of_supported",
                   .title = "harmonic of supported",
                   .kind = GridKind::number,
                   .importance = 60}},
      .empty = "Not computed for this selection."};
  for (const Portability& entry : all) {
    grid.rows.push_back(
        {cell(entry.problem), cell(entry.application),
         ratio_cell(entry.pp, entry.pp == 0 ? Tone::bad : Tone::strong),
         cell(static_cast<double>(entry.supported), fmt::format("{}/{}", entry.supported, entry.pairs)),
         count_cell(entry.pairs), cell(entry.share_supported()), ratio_cell(entry.mean_of_supported),
         ratio_cell(entry.harmonic_of_supported)});
  }
  return grid;
}

Grid cascade_table(std::span<const Cascade> all) {
  Grid grid{
      .id = "cascade",
      .caption =
          "Efficiencies from the best platform to the worst, and performance portability (PP) up to each",
      .columns =
          {{.key = "application",
            .title = "application",
            .importance = 100,
            .shortens = true,
            .groups = true},
           {.key = "rank", .title = "k", .kind = GridKind::count, .importance = 60},
           {.key = "platform", .title = "platform", .importance = 100, .shortens = true},
           {.key = "efficiency", .title = "efficiency", .kind = GridKind::number, .importance = 90},
           {.key = "portability", .title = "PP of first k", .kind = GridKind::number, .importance = 90},
           {.key = "bar",
            .title = "efficiency as a bar",
            .shown = GridShown::on_terminals,
            .importance = 50}},
      .empty = "Not computed for this selection."};
  for (const Cascade& cascade : all) {
    std::size_t k = 0;
    for (const CascadeStep& step : cascade.steps) {
      const bool ran = step.efficiency > 0;
      grid.rows.push_back({cell(cascade.application), count_cell(++k), cell(step.platform),
                           ran ? ratio_cell(step.efficiency) : cell(0, "did not run", Tone::bad),
                           ratio_cell(step.pp), cell(bar(step.efficiency), Tone::faint)});
    }
  }
  return grid;
}

Grid navigation_table(std::span<const NavigationPoint> points) {
  Grid grid{
      .id = "navigation",
      .caption = "Performance portability against code convergence",
      .columns = {{.key = "application", .title = "application", .importance = 100, .shortens = true},
                  {.key = "convergence", .title = "convergence", .kind = GridKind::number, .importance = 90},
                  {.key = "portability", .title = "PP", .kind = GridKind::number, .importance = 90}},
      .empty = "Not computed for this selection."};
  for (const NavigationPoint& point : points)
    grid.rows.push_back({cell(point.application), ratio_cell(point.convergence), ratio_cell(point.pp)});
  return grid;
}

Grid cascade_table(const Findings& findings) {
  return cascade_table(findings.portability.cascades);
}

Grid navigation_table(const Findings& findings) {
  return navigation_table(findings.portability.navigation);
}

Grid code_table(std::span<const KernelLines> parts) {
  const std::vector<CodeRow> rows = code_rows(parts);
  const std::set<std::string> platforms = platforms_of_rows(rows);
  const auto lines = [](std::string key, std::string title, int importance) {
    return GridColumn{
        .key = std::move(key), .title = std::move(title), .kind = GridKind::count, .importance = importance};
  };
  Grid grid{.id = "code",
            .caption = "Lines of the project's own kernels that each platform needs",
            .columns = {{.key = "operator", .title = "operator", .importance = 100},
                        {.key = "implementation", .title = "kernels", .importance = 100}}};
  for (const std::string& platform : platforms) grid.columns.push_back(lines(platform, platform, 80));
  grid.columns.push_back(lines("common", "all need", 70));
  grid.columns.push_back(lines("lines", "lines", 70));
  grid.columns.push_back(
      {.key = "divergence", .title = "divergence", .kind = GridKind::number, .importance = 90});
  grid.columns.push_back(
      {.key = "convergence", .title = "convergence", .kind = GridKind::number, .importance = 60});
  grid.columns.push_back({.key = "average_coverage",
                          .title = "average coverage",
                          .kind = GridKind::number,
                          .shown = GridShown::as_data});
  for (const CodeRow& row : rows) {
    GridRow cells{cell(row.operator_name), cell(row.implementation)};
    for (const std::string& platform : platforms) cells.push_back(count_cell(count(row.sets, platform)));
    const std::optional<double> divergence = code_divergence(row.sets, platforms);
    cells.push_back(count_cell(common(row.sets, platforms)));
    cells.push_back(count_cell(total(row.sets)));
    cells.push_back(ratio_cell(divergence, Tone::strong));
    cells.push_back(ratio_cell(divergence ? std::optional(1 - *divergence) : std::nullopt));
    cells.push_back(ratio_cell(average_coverage(row.sets)));
    grid.rows.push_back(std::move(cells));
  }
  return grid;
}

}  // namespace moat
