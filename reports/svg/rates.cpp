// Rates as a dot plot (Cleveland, "The Elements of Graphing Data", 1985): logarithmic, so that equal
// distances are equal ratios. Each problem has a scale of its own, relative to the reference's library on it,
// so that problems of any size and unit are read alike.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/units.h"
#include "kernels/implementation_name.h"
#include "reports/svg/axis.h"
#include "reports/svg/chart_cases.h"
#include "reports/svg/charts.h"
#include "reports/svg/legend.h"
#include "reports/tables/tables.h"
#include "results/rate.h"

namespace moat {
namespace {

constexpr std::size_t most_operators = 12;
constexpr std::size_t most_marks = 2000;  // of all operators together
constexpr std::size_t most_lanes = 8;     // devices of one problem
constexpr double chart_width = 1000;
constexpr double plot_left = 150;
constexpr double plot_wide = chart_width - plot_left - 30;
constexpr double heading_height = 19;
constexpr double lane_height = 17;
constexpr double block_gap = 8;

struct Lane {
  std::size_t subject = 0;
  std::vector<ChartCase> cases;
};

/// One problem under one set of conditions.
struct Block {
  std::string heading;
  std::vector<Lane> lanes;
  double base = 1;         // the rate that is drawn at 1
  std::string base_words;  // "1 is 452.1 GFLOP/s: library/onednn"
};

struct OperatorRates {
  std::string name;
  std::vector<Block> blocks;
  std::map<std::string, std::size_t> places;  // of blocks, by problem and conditions
};

Rate shown_rate(const ChartCase& one) {
  return rate_of(shown_work(*one.record), one.figures).value_or(Rate{});
}

std::string heading_of(const Record& record) {
  const Conditions& conditions = record.identity.conditions;
  if (conditions == Conditions{}) return record.identity.problem;
  return fmt::format("{} ({}, {}{})", record.identity.problem, name(conditions.data), name(conditions.cache),
                     conditions.seed == 1 ? "" : fmt::format(", seed {}", conditions.seed));
}

void add(OperatorRates& rates, const ChartCase& one) {
  const std::string key = heading_of(*one.record);
  const auto [place, is_new] = rates.places.try_emplace(key, rates.blocks.size());
  if (is_new) rates.blocks.push_back({key, {}, 1, ""});
  Block& block = rates.blocks[place->second];
  if (block.lanes.empty() || block.lanes.back().subject != one.subject)
    block.lanes.push_back({one.subject, {}});
  block.lanes.back().cases.push_back(one);
}

/// The best rate of the reference's libraries, or of anything where there is none.
void set_base(Block& block, const Findings& findings) {
  const ChartCase* base = nullptr;
  bool is_library_of_reference = false;
  for (const Lane& lane : block.lanes) {
    const bool is_reference = findings.reference == findings.subjects[lane.subject].label;
    for (const ChartCase& one : lane.cases) {
      const bool is_wanted = is_reference && is_library(one.record->identity.implementation);
      const bool is_better = base == nullptr || shown_rate(one).value > shown_rate(*base).value;
      if (is_wanted == is_library_of_reference ? !is_better : !is_wanted) continue;
      base = &one;
      is_library_of_reference = is_wanted;
    }
  }
  if (base == nullptr) return;
  block.base = shown_rate(*base).value;
  block.base_words = fmt::format("1 is {}, {}", quantity_text(block.base, shown_base(*base->record)),
                                 cut(base->record->identity.implementation, 24));
}

std::vector<OperatorRates> operators_of(const Findings& findings) {
  std::vector<OperatorRates> all;
  for (const ChartCase& one : chart_cases(findings)) {
    if (!(shown_rate(one).value > 0)) continue;
    const auto found = std::ranges::find(all, one.record->operator_name, &OperatorRates::name);
    if (found != all.end()) {
      add(*found, one);
    } else {
      add(all.emplace_back(OperatorRates{one.record->operator_name, {}, {}}), one);
    }
  }
  for (OperatorRates& rates : all) {
    for (Block& block : rates.blocks) set_base(block, findings);
  }
  return all;
}

/// What is drawn of them: blocks while there are marks left, evenly spread over the operators' problems.
void keep_few(OperatorRates& rates, std::size_t marks) {
  std::size_t have = 0;
  for (Block& block : rates.blocks) {
    if (block.lanes.size() > most_lanes) block.lanes.resize(most_lanes);
    for (const Lane& lane : block.lanes) have += lane.cases.size();
  }
  if (have > marks)
    rates.blocks = spread(rates.blocks, std::max<std::size_t>(1, rates.blocks.size() * marks / have));
}

/// The form of each implementation, in the order in which they occur.
using Forms = std::map<std::string, std::size_t>;
Forms forms_of(const std::vector<OperatorRates>& all) {
  Forms forms;
  for (const OperatorRates& rates : all) {
    for (const Block& block : rates.blocks) {
      for (const Lane& lane : block.lanes) {
        for (const ChartCase& one : lane.cases)
          forms.try_emplace(one.record->identity.implementation, forms.size());
      }
    }
  }
  return forms;
}

class Drawing {
 public:
  Drawing(const std::string& id, const OperatorRates& rates, const std::vector<Subject>& subjects,
          const Forms& forms)
      : rates_(rates),
        subjects_(subjects),
        forms_(forms),
        canvas_(
            id, chart_width, "Rates of " + rates.name,
            fmt::format(
                "A line for each device and a mark for each implementation, {} problem{}, relative to the "
                "reference's library on each; the table below has the figures.",
                rates.blocks.size(), rates.blocks.size() == 1 ? "" : "s")) {
    for (const Block& block : rates.blocks) {
      for (const Lane& lane : block.lanes) {
        for (const ChartCase& one : lane.cases) {
          const Rate rate = shown_rate(one);
          axis_.hold(rate.value / block.base);
          if (rate.ends) axis_.hold(rate.ends->low / block.base);
          if (rate.ends) axis_.hold(rate.ends->high / block.base);
        }
      }
    }
    axis_.round(12);
  }

  Canvas draw() {
    canvas_.text({4, 16}, rates_.name, "h");
    const double top = draw_legend(canvas_, {plot_left, 4}, legend()) + 24;
    draw_grid(top);
    draw_ticks(top - 6);
    double y = top + 4;
    for (const Block& block : rates_.blocks) y += draw_block(block, y);
    canvas_.open_block(y, 24, {}, true);
    canvas_.box({0, 0}, chart_width, 24, "p");  // ends the grid where the blocks end
    draw_ticks(14);
    canvas_.close();
    canvas_.set_height(y + 24);
    return std::move(canvas_);
  }

 private:
  /// `share`: of the block's base.
  [[nodiscard]] double x_of(double share) const { return plot_left + axis_.share(share) * plot_wide; }

  [[nodiscard]] std::vector<LegendEntry> legend() const {
    std::map<std::size_t, std::string> used;
    bool any_launch = false;
    for (const Block& block : rates_.blocks) {
      for (const Lane& lane : block.lanes) {
        for (const ChartCase& one : lane.cases) {
          used.emplace(forms_.at(one.record->identity.implementation), one.record->identity.implementation);
          any_launch = any_launch || one.bound_by_launch;
        }
      }
    }
    std::vector<LegendEntry> entries;
    for (const auto& [form, implementation] : used) {
      if (entries.size() < 16) entries.push_back({cut(implementation, 40), Look{5, form}, ""});
    }
    if (used.size() > entries.size())
      entries.push_back({fmt::format("and {} more", used.size() - entries.size()), std::nullopt, ""});
    if (any_launch) entries.push_back({"hollow: limited by launch latency", Look{5, 0, false}, ""});
    return entries;
  }

  void draw_grid(double top) {
    double bottom = top + 4;
    for (const Block& block : rates_.blocks) bottom += height_of(block);
    std::vector<std::pair<Point, Point>> grid;
    for (const double tick : axis_.ticks()) grid.push_back({{x_of(tick), top}, {x_of(tick), bottom}});
    canvas_.lines(grid, "g");
    canvas_.line({x_of(1), top}, {x_of(1), bottom}, "z");
  }

  void draw_ticks(double y) {
    for (const double tick : axis_.ticks())
      canvas_.text({x_of(tick), y}, tick_text(tick), "s", Anchor::middle);
    canvas_.text({4, y}, "relative rate", "s");
  }

  static double height_of(const Block& block) {
    return heading_height + lane_height * static_cast<double>(block.lanes.size()) + block_gap;
  }

  double draw_block(const Block& block, double top) {
    canvas_.open_block(top, heading_height + block_gap);
    canvas_.text({4, 14}, cut(block.heading, 92), "h");
    canvas_.text({chart_width - 4, 14}, block.base_words, "s", Anchor::end);
    double y = heading_height;
    for (const Lane& lane : block.lanes) {
      canvas_.open_block(y, lane_height);
      canvas_.text({plot_left - 10, 12}, cut(subjects_[lane.subject].label, 22), "s", Anchor::end);
      canvas_.line({plot_left, 8}, {plot_left + plot_wide, 8}, "g");
      for (const ChartCase& one : lane.cases) draw_mark(one, block.base);
      canvas_.close();
      y += lane_height;
    }
    canvas_.close();
    return y + block_gap;
  }

  void draw_mark(const ChartCase& one, double base) {
    const Rate rate = shown_rate(one);
    const std::string& implementation = one.record->identity.implementation;
    canvas_.open({one.row}, fmt::format("{}: {}{}", implementation, rate_text(rate, shown_base(*one.record)),
                                        launch_words(one)));
    // A narrower interval lies behind the mark.
    if (rate.ends && x_of(rate.ends->high / base) - x_of(rate.ends->low / base) > 8)
      canvas_.interval({x_of(rate.ends->low / base), x_of(rate.ends->high / base)}, 8);
    canvas_.mark({x_of(rate.value / base), 8},
                 {one.subject, forms_.at(implementation), !one.bound_by_launch});
    canvas_.close();
  }

  const OperatorRates& rates_;
  const std::vector<Subject>& subjects_;
  const Forms& forms_;
  Canvas canvas_;
  LogAxis axis_;
};

}  // namespace

Chart rates_chart(const Findings& findings) {
  Chart chart{"rates", "Rates relative to the reference's library, with 95 % intervals"};
  chart.page_blocks = 10;
  chart.follows_table = true;
  std::vector<OperatorRates> all = operators_of(findings);
  if (all.empty()) chart.remarks.emplace_back("No verified case.");
  if (all.size() > most_operators) {
    chart.remarks.push_back(fmt::format("The first {} of {} operators are drawn; the table has all.",
                                        most_operators, all.size()));
    all.resize(most_operators);
  }
  for (OperatorRates& rates : all) {
    const std::size_t problems = rates.blocks.size();
    keep_few(rates, most_marks / all.size());
    if (rates.blocks.size() < problems) {
      chart.remarks.push_back(
          fmt::format("{}: {} of {} problems are drawn, evenly chosen; the table has all.", rates.name,
                      rates.blocks.size(), problems));
    }
  }
  const Forms forms = forms_of(all);
  for (const OperatorRates& rates : all) {
    const std::string id = fmt::format("rates-{}", chart.parts.size());
    chart.parts.push_back(
        {Drawing(id, rates, findings.subjects, forms).draw(), Tags{std::nullopt, "", rates.name}});
  }
  return chart;
}

}  // namespace moat
