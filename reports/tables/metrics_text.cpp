// Rows and JSON of the metrics.
#include "reports/tables/metrics_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/units.h"

namespace moat {
namespace {

std::string ratio_text(const std::optional<double>& ratio) {
  return ratio ? number_text(*ratio) : "–";
}

Json ratio_json(const std::optional<double>& ratio) {
  return ratio ? Json(*ratio) : Json(nullptr);
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

std::string portability_text(std::span<const Portability> all, const TableOptions& options) {
  Table table({{"problem", Align::left, 90, true},
               {"application", Align::left, 100, true},
               {"PP", Align::right, 100},
               {"supported", Align::right, 80},
               {"mean of supported", Align::right, 70},
               {"harmonic of supported", Align::right, 60}});
  for (const Portability& entry : all) {
    table.add_row({{entry.problem},
                   {entry.application},
                   {number_text(entry.pp), entry.pp == 0 ? Tone::bad : Tone::strong},
                   {fmt::format("{}/{}", entry.supported, entry.pairs)},
                   {ratio_text(entry.mean_of_supported)},
                   {ratio_text(entry.harmonic_of_supported)}});
  }
  return table.text(options);
}

std::string cascade_text(std::span<const Cascade> all, const TableOptions& options) {
  Table table({{"application", Align::left, 100, true},
               {"k", Align::right, 60},
               {"platform", Align::left, 100, true},
               {"efficiency", Align::right, 90},
               {"PP of first k", Align::right, 90},
               {"efficiency as a bar", Align::left, 50}});
  for (const Cascade& cascade : all) {
    std::size_t k = 0;
    for (const CascadeStep& step : cascade.steps) {
      const bool ran = step.efficiency > 0;
      table.add_row({{k == 0 ? cascade.application : ""},
                     {std::to_string(++k)},
                     {step.platform},
                     {ran ? number_text(step.efficiency) : "did not run", ran ? Tone::plain : Tone::bad},
                     {number_text(step.pp)},
                     {bar(step.efficiency), Tone::faint}});
    }
  }
  return table.text(options);
}

std::string navigation_text(std::span<const NavigationPoint> points, const TableOptions& options) {
  Table table(
      {{"application", Align::left, 100, true}, {"convergence", Align::right, 90}, {"PP", Align::right, 90}});
  for (const NavigationPoint& point : points) {
    table.add_row({{point.application}, {number_text(point.convergence)}, {number_text(point.pp)}});
  }
  return table.text(options);
}

std::string code_text(std::span<const KernelLines> parts, const TableOptions& options) {
  const std::vector<CodeRow> rows = code_rows(parts);
  const std::set<std::string> platforms = platforms_of_rows(rows);
  std::vector<Column> columns{{"operator", Align::left, 100}, {"kernels", Align::left, 100}};
  for (const std::string& platform : platforms) columns.push_back({platform, Align::right, 80});
  columns.push_back({"all need", Align::right, 70});
  columns.push_back({"lines", Align::right, 70});
  columns.push_back({"divergence", Align::right, 90});
  columns.push_back({"convergence", Align::right, 60});
  Table table(columns);
  for (const CodeRow& row : rows) {
    std::vector<Cell> cells{{row.operator_name}, {row.implementation}};
    for (const std::string& platform : platforms)
      cells.push_back({std::to_string(count(row.sets, platform))});
    const std::optional<double> divergence = code_divergence(row.sets, platforms);
    cells.push_back({std::to_string(common(row.sets, platforms))});
    cells.push_back({std::to_string(total(row.sets))});
    cells.push_back({ratio_text(divergence), Tone::strong});
    cells.push_back({divergence ? number_text(1 - *divergence) : "–"});
    table.add_row(std::move(cells));
  }
  return table.text(options);
}

Json portability_json(std::span<const Portability> all) {
  Json array = Json::array();
  for (const Portability& entry : all) {
    array.push_back({{"problem", entry.problem.empty() ? Json(nullptr) : Json(entry.problem)},
                     {"application", entry.application},
                     {"pp", entry.pp},
                     {"supported", entry.supported},
                     {"pairs", entry.pairs},
                     {"share_supported", entry.share_supported()},
                     {"mean_of_supported", ratio_json(entry.mean_of_supported)},
                     {"harmonic_of_supported", ratio_json(entry.harmonic_of_supported)}});
  }
  return array;
}

Json cascade_json(std::span<const Cascade> all) {
  Json array = Json::array();
  for (const Cascade& cascade : all) {
    Json steps = Json::array();
    for (const CascadeStep& step : cascade.steps) {
      steps.push_back({{"platform", step.platform}, {"efficiency", step.efficiency}, {"pp", step.pp}});
    }
    array.push_back({{"application", cascade.application}, {"steps", std::move(steps)}});
  }
  return array;
}

Json navigation_json(std::span<const NavigationPoint> points) {
  Json array = Json::array();
  for (const NavigationPoint& point : points) {
    array.push_back(
        {{"application", point.application}, {"convergence", point.convergence}, {"pp", point.pp}});
  }
  return array;
}

Json code_json(std::span<const KernelLines> parts) {
  const std::vector<CodeRow> rows = code_rows(parts);
  const std::set<std::string> platforms = platforms_of_rows(rows);
  Json array = Json::array();
  for (const CodeRow& row : rows) {
    Json sets = Json::array();
    for (const auto& [users, lines] : row.sets) sets.push_back({{"platforms", users}, {"lines", lines}});
    const std::optional<double> divergence = code_divergence(row.sets, platforms);
    array.push_back({{"operator", row.operator_name == "all" ? Json(nullptr) : Json(row.operator_name)},
                     {"implementation", row.implementation},
                     {"line_sets", std::move(sets)},
                     {"divergence", ratio_json(divergence)},
                     {"convergence", divergence ? Json(1 - *divergence) : Json(nullptr)},
                     {"average_coverage", ratio_json(average_coverage(row.sets))}});
  }
  return array;
}

std::map<std::string, double> divergences_of(std::span<const KernelLines> parts) {
  std::map<std::string, std::vector<KernelLines>> of_implementation;
  for (const KernelLines& part : parts) of_implementation[part.implementation].push_back(part);
  std::map<std::string, double> divergences;
  for (const auto& [implementation, some] : of_implementation) {
    if (const auto divergence = code_divergence(line_sets(merged(some))))
      divergences[implementation] = *divergence;
  }
  return divergences;
}

}  // namespace moat
