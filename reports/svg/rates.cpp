// Rates with intervals and the coverage matrix as pictures.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.h"
#include "base/text.h"
#include "base/units.h"
#include "reports/svg/charts.h"
#include "reports/tables/tables.h"
#include "results/rate.h"

namespace moat {
namespace {

constexpr std::size_t most_problems = 10;
constexpr std::size_t most_bars = 12;  // of a problem
constexpr std::size_t most_rows = 60;  // of the coverage matrix

struct Bar {
  std::string label;
  double rate = 0;
  Interval ends;
  std::size_t series = 0;
};

struct Block {
  const Record* first = nullptr;
  std::vector<Bar> bars;
};

std::vector<Block> blocks_of(const Findings& findings, std::size_t& problems) {
  std::vector<Block> blocks;
  std::map<std::string, std::size_t> known;
  for (std::size_t series = 0; series < findings.subjects.size(); ++series) {
    for (const Record& record : findings.subjects[series].records) {
      const Figures derived = figures(record);
      const std::optional<Rate> rate = rate_of(shown_work(record), derived);
      if (!rate) continue;
      const std::string key = Case{"", "", record.identity.problem, record.identity.conditions}.id();
      const auto [place, is_new] = known.try_emplace(key, blocks.size());
      if (is_new) blocks.push_back({&record, {}});
      const Factor between_ends = rate->factor();
      blocks[place->second].bars.push_back(
          {fmt::format("{} {}", findings.subjects[series].label, record.identity.implementation),
           rate->value,
           {between_ends.low, between_ends.high},
           series});
    }
  }
  problems = blocks.size();
  if (blocks.size() > most_problems) blocks.resize(most_problems);
  for (Block& block : blocks) {
    std::stable_sort(block.bars.begin(), block.bars.end(),
                     [](const Bar& left, const Bar& right) { return left.rate > right.rate; });
    if (block.bars.size() > most_bars) block.bars.resize(most_bars);
  }
  return blocks;
}

double draw_block(Canvas& canvas, const Block& block, double y) {
  constexpr double begin = 270;
  constexpr double wide = 400;
  constexpr double row = 17;
  const std::string base = shown_base(*block.first);
  const double most = std::max_element(block.bars.begin(), block.bars.end(), [](const Bar& l, const Bar& r) {
                        return l.ends.high < r.ends.high;
                      })->ends.high;
  canvas.text({4, y}, cut(block.first->identity.problem, 110), "h");
  y += 6;
  for (const Bar& bar : block.bars) {
    canvas.text({begin - 8, y + 12}, cut(bar.label, 42), "t", Anchor::end);
    canvas.box({begin, y + 2}, std::max(1.0, bar.rate / most * wide), row - 5, series_style('f', bar.series),
               fmt::format("{}: {}", bar.label, quantity_text(bar.rate, base)));
    const double low = begin + bar.ends.low / most * wide;
    const double high = begin + bar.ends.high / most * wide;
    canvas.line({low, y + 8}, {high, y + 8}, "w");
    canvas.line({low, y + 5}, {low, y + 11}, "w");
    canvas.line({high, y + 5}, {high, y + 11}, "w");
    canvas.text({begin + wide + 12, y + 12}, quantity_text(bar.rate, base));
    y += row;
  }
  return y + 24;
}

std::string_view cell_style(const GridCell& cell) {
  if (cell.text.starts_with("✗")) return "bad";
  if (cell.text.starts_with("✓")) return "full";
  return cell.text.starts_with("◐") ? "part" : "none";
}

}  // namespace

Canvas rates_chart(const Findings& findings) {
  std::size_t problems = 0;
  const std::vector<Block> blocks = blocks_of(findings, problems);
  Canvas canvas("rates-static", 860, "Rates with 95 % intervals",
                fmt::format("A block for each of {} problems, a bar for each device and implementation, the "
                            "fastest first. The table below has the figures.",
                            blocks.size()));
  double y = 20;
  if (blocks.empty()) canvas.text({10, 24}, "No verified case.", "m");
  for (const Block& block : blocks) y = draw_block(canvas, block, y);
  if (problems > blocks.size()) {
    canvas.text({4, y}, fmt::format("The first {} of {} problems.", blocks.size(), problems), "m");
    y += 20;
  }
  canvas.set_height(std::max(40.0, y));
  return canvas;
}

Canvas coverage_chart(const Findings& findings) {
  const Grid grid = coverage_table(findings);
  const std::size_t types = grid.columns.size() - 3;
  const std::size_t shown = std::min(grid.rows.size(), most_rows);
  constexpr double label = 330;
  const double wide = types > 0 ? std::max(110.0, 530.0 / static_cast<double>(types)) : 110;
  Canvas canvas(
      "coverage-chart", label + wide * static_cast<double>(types) + 10, "Coverage",
      "Cases with a verified result by device, implementation, operator (rows) and type (columns).");
  constexpr double row_height = 21;
  double y = 20;
  for (std::size_t i = 0; i < types; ++i)
    canvas.text({label + wide * static_cast<double>(i) + 6, y}, grid.columns[i + 3].title, "h");
  y += 8;
  for (std::size_t i = 0; i < shown; ++i) {
    const std::vector<GridCell>& row = grid.rows[i];
    canvas.text({4, y + 14}, cut(fmt::format("{}  {}  {}", row[0].text, row[1].text, row[2].text), 52));
    for (std::size_t j = 0; j < types; ++j) {
      const GridCell& cell = row[j + 3];
      if (cell.text.empty()) continue;
      const double x = label + wide * static_cast<double>(j);
      canvas.box({x, y}, wide - 2, row_height - 2, cell_style(cell), cell.note);
      canvas.text({x + 6, y + 14}, cut(cell.text, static_cast<std::size_t>(wide / 6.4)), "s");
    }
    y += row_height;
  }
  if (grid.rows.empty()) canvas.text({10, 24}, "No cases.", "m");
  if (grid.rows.size() > shown) {
    y += 14;
    canvas.text({4, y}, fmt::format("The first {} of {} rows.", shown, grid.rows.size()), "m");
  }
  canvas.set_height(std::max(40.0, y + 8));
  return canvas;
}

std::span<const std::string_view> chart_names() {
  static constexpr std::array<std::string_view, 4> names{"waterfall", "roofline", "rates", "coverage"};
  return names;
}

std::string svg_chart(const Findings& findings, std::string_view name) {
  if (name == "waterfall") return waterfall_chart(findings).document();
  if (name == "roofline") return roofline_chart(findings).document();
  if (name == "rates") return rates_chart(findings).document();
  if (name == "coverage") return coverage_chart(findings).document();
  const std::vector<std::string> known(chart_names().begin(), chart_names().end());
  throw UsageError(fmt::format("no chart is named '{}'; there are {}.{}", name, join(known, ", "),
                               did_you_mean(name, known)));
}

}  // namespace moat
