// Required efficiency: the reference's rate over the target's roof.
#include "reports/gap/breakeven.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "reports/gap/gap_parts.h"
#include "results/figures.h"

namespace moat {
namespace {

bool same(const Types& a, const Types& b) {
  return a.input == b.input && a.accumulate == b.accumulate;
}

/// Shares of the chip's roof that one published device's libraries reached.
class Shares {
 public:
  Shares(const Roofs& roofs, std::string_view operator_name, Types types, RoofKind bound)
      : roofs_(roofs), operator_(operator_name), types_(types), bound_(bound) {}

  void add(const Subject& published) {
    for (const Record& record : published.records) {
      if (record.operator_name != operator_ || !same(record.types, types_)) continue;
      if (!is_library(record.identity.implementation)) continue;
      const Figures known = figures(record);
      const std::optional<Bound> roof = bound_of(roofs_, record.work, record.types);
      if (!known.operations_per_second || !roof || roof->kind != bound_) continue;
      add(exactly(*known.operations_per_second) / roof->rate, roof->verified, published);
    }
    for (const StatedEfficiency& stated : published.device.efficiencies) {
      if (stated.operator_name != operator_ || stated.type != types_.input ||
          stated.accumulate != types_.accumulate)
        continue;
      if (stated.bound != bound_ || !is_library(stated.implementation)) continue;
      add(between({stated.low, stated.high}) * of_roof(stated.peak), stated.verified, published);
    }
  }

  [[nodiscard]] std::optional<KnownEfficiency> known() const {
    const std::optional<Factor> mean = geometric_mean(shares_);
    if (!mean) return std::nullopt;
    KnownEfficiency efficiency;
    efficiency.share = *mean;
    for (const Factor& share : shares_) {
      efficiency.share.low = std::min(efficiency.share.low, share.low);
      efficiency.share.high = std::max(efficiency.share.high, share.high);
    }
    efficiency.figures = shares_.size();
    efficiency.verified = verified_;
    efficiency.sources.assign(sources_.begin(), sources_.end());
    return efficiency;
  }

 private:
  /// What a share of `peak` is multiplied with to become one of the chip's roof;
  /// 1 if the source does not say.
  [[nodiscard]] Factor of_roof(double peak) const {
    if (!(peak > 0)) return exactly(1);
    const Roof* roof = find_roof(roofs_.all, bound_, types_);
    return roof == nullptr ? exactly(1) : exactly(peak) / roof->rate;
  }

  void add(const Factor& share, bool verified, const Subject& published) {
    shares_.push_back(share);
    verified_ = verified_ && verified;
    sources_.insert(published.run.citation ? published.run.citation->title : published.run.suite);
  }

  const Roofs& roofs_;
  std::string_view operator_;
  Types types_;
  RoofKind bound_;
  std::vector<Factor> shares_;
  std::set<std::string> sources_;
  bool verified_ = true;
};

Reach reach_of(const BreakevenRow& row) {
  if (!row.required) return Reach::unknown;
  if (row.required_is_upper_bound) return row.required->high <= 1 ? Reach::within : Reach::unknown;
  if (row.required->low > 1) return Reach::out_of_reach;
  if (row.required->high > 1) return Reach::open;
  if (row.hardware->low >= 1) return Reach::within;
  return row.hardware->high > 1 ? Reach::even : Reach::more;
}

std::optional<TargetStanding> standing_of(const BreakevenRow& row) {
  if (!row.target_efficiency || !row.required || row.required_is_upper_bound) return std::nullopt;
  const Factor& known = row.target_efficiency->share;
  if (known.low >= row.required->high) return TargetStanding::reaches;
  if (known.high < row.required->low) return TargetStanding::falls_short;
  return TargetStanding::undecided;
}

}  // namespace

std::string_view name(Reach reach) {
  switch (reach) {
    case Reach::within:
      return "within reach";
    case Reach::even:
      return "about even";
    case Reach::more:
      return "needs more";
    case Reach::open:
      return "open";
    case Reach::out_of_reach:
      return "out of reach";
    case Reach::unknown:
      break;
  }
  return "unknown";
}

std::string_view name(TargetStanding standing) {
  constexpr std::array<std::string_view, 3> names{"reaches", "falls-short", "undecided"};
  return names.at(static_cast<std::size_t>(standing));
}

std::string_view name(BreakevenRemark remark) {
  return remark == BreakevenRemark::derived ? "derived" : "recalled-roof";
}

std::optional<KnownEfficiency> published_efficiency(const Chip& chip, std::string_view operator_name,
                                                    Types types, RoofKind bound,
                                                    std::span<const Subject> published) {
  const Roofs roofs = chip_roofs(chip);
  Shares shares(roofs, operator_name, types, bound);
  for (const Subject& subject : published) {
    if (subject.provenance == Provenance::published && subject.device.chip == chip.id) shares.add(subject);
  }
  return shares.known();
}

Breakeven break_even(const Chip& reference, const Chip& target, std::span<const BreakevenProblem> problems,
                     std::span<const Subject> published, const BreakevenOptions& options) {
  Breakeven result;
  result.reference = reference.name;
  result.target = target.name;
  const Roofs reference_roofs = chip_roofs(reference);
  const Roofs target_roofs = chip_roofs(target);
  std::map<std::tuple<std::string, Type, Type, std::optional<RoofKind>>,
           std::pair<BreakevenRow, std::vector<Factor>>>
      rows;
  bool recalled = false;
  for (const BreakevenProblem& problem : problems) {
    const std::optional<Bound> of_reference = bound_of(reference_roofs, problem.work, problem.types);
    const std::optional<Bound> of_target = bound_of(target_roofs, problem.work, problem.types);
    const std::optional<RoofKind> bound = of_reference ? std::optional(of_reference->kind) : std::nullopt;
    auto& [row, hardware] =
        rows[{problem.operator_name, problem.types.input, problem.types.accumulate, bound}];
    row.operator_name = problem.operator_name;
    row.types = problem.types;
    row.bound = bound;
    ++row.problems;
    if (of_reference && of_target) {
      hardware.push_back(of_target->rate / of_reference->rate);
      recalled = recalled || !of_reference->verified || !of_target->verified;
    } else {
      ++row.without_roof;
    }
  }
  for (auto& [key, found] : rows) {
    BreakevenRow& row = found.first;
    const std::vector<Factor>& hardware = found.second;
    row.hardware = geometric_mean(hardware);
    if (row.bound) {
      const auto published_of = [&](const Chip& chip) {
        return published_efficiency(chip, row.operator_name, row.types, *row.bound, published);
      };
      row.reference_efficiency = published_of(reference);
      row.target_efficiency = published_of(target);
    }
    if (options.reference_efficiency) {
      row.reference_efficiency = KnownEfficiency{*options.reference_efficiency, 0, true, {}};
    }
    if (row.hardware) {
      row.required_is_upper_bound = !row.reference_efficiency;
      row.required =
          (row.reference_efficiency ? row.reference_efficiency->share : exactly(1)) / *row.hardware;
    }
    row.reach = reach_of(row);
    row.target_standing = standing_of(row);
    result.rows.push_back(std::move(row));
  }
  result.remarks.push_back(BreakevenRemark::derived);
  if (recalled) result.remarks.push_back(BreakevenRemark::recalled_roof);
  return result;
}

}  // namespace moat
