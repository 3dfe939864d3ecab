// Required efficiency: the reference's rate over the target's roof.
#include "reports/breakeven.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "kernels/text.h"
#include "reports/gap_parts.h"
#include "reports/words.h"
#include "results/figures.h"

namespace moat {
namespace {

bool same(const Types& a, const Types& b) {
  return a.input == b.input && a.accumulate == b.accumulate;
}

/// Shares of the chip's roof that one published device's libraries reached.
class Shares {
 public:
  Shares(const SubjectRoofs& roofs, std::string_view operator_name, Types types)
      : roofs_(roofs), operator_(operator_name), types_(types) {}

  void add(const Subject& published) {
    for (const Record& record : published.records) {
      if (record.operator_name != operator_ || !same(record.types, types_)) continue;
      if (!is_library(record.identity.implementation)) continue;
      const Figures known = figures(record);
      const std::optional<Attainable> roof = attainable(roofs_, record.work, record.types);
      if (!known.operations_per_second || !roof) continue;
      add(exactly(*known.operations_per_second) / roof->rate, roof->verified, published);
    }
    for (const StatedEfficiency& stated : published.device.efficiencies) {
      if (stated.operator_name != operator_ || stated.type != types_.input ||
          stated.accumulate != types_.accumulate)
        continue;
      if (!is_library(stated.implementation)) continue;
      add(between({stated.low, stated.high}), stated.verified, published);
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
    efficiency.source = join(std::vector<std::string>(sources_.begin(), sources_.end()), "; ");
    return efficiency;
  }

 private:
  void add(const Factor& share, bool verified, const Subject& published) {
    shares_.push_back(share);
    verified_ = verified_ && verified;
    sources_.insert(published.run.citation ? published.run.citation->title : published.run.suite);
  }

  const SubjectRoofs& roofs_;
  std::string_view operator_;
  Types types_;
  std::vector<Factor> shares_;
  std::set<std::string> sources_;
  bool verified_ = true;
};

Reach reach_of(const BreakevenRow& row) {
  if (!row.required) return Reach::unknown;
  if (row.required_is_upper_bound) return row.required->high <= 1 ? Reach::within : Reach::unknown;
  if (row.required->low > 1) return Reach::out_of_reach;
  if (row.required->high > 1) return Reach::open;
  return row.hardware->low >= 1 ? Reach::within : Reach::more;
}

std::string conclusion_of(const BreakevenRow& row) {
  if (!row.hardware) return "no roof in the catalogue for these types on both chips";
  switch (row.reach) {
    case Reach::out_of_reach:
      return "hardware alone decides: out of reach even at the whole of its roof";
    case Reach::open:
      return "which peak is believed decides whether it can be matched at all";
    case Reach::more:
      return "can be matched by software that uses the chip better than the reference's does";
    case Reach::within:
      return row.required_is_upper_bound
                 ? "hardware alone decides: enough even if the reference reached its roof, at this share"
                 : "can be matched at a share no higher than the reference's";
    case Reach::unknown:
      break;
  }
  return fmt::format("the reference's efficiency is not published: {} times its share is needed",
                     ratio_text(exactly(1) / *row.hardware));
}

std::string target_text(const BreakevenRow& row) {
  if (!row.target_efficiency || !row.required || row.required_is_upper_bound) return "";
  const Factor& known = row.target_efficiency->share;
  if (known.low >= row.required->high) return "; published figures of the target are there already";
  if (known.high < row.required->low) return "; published figures of the target fall short";
  return "; published figures of the target may be there";
}

}  // namespace

std::string_view name(Reach reach) {
  switch (reach) {
    case Reach::within:
      return "within reach";
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

std::optional<KnownEfficiency> published_efficiency(const Chip& chip, std::string_view operator_name,
                                                    Types types, std::span<const Subject> published) {
  const SubjectRoofs roofs = chip_roofs(chip);
  Shares shares(roofs, operator_name, types);
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
  const SubjectRoofs reference_roofs = chip_roofs(reference);
  const SubjectRoofs target_roofs = chip_roofs(target);
  std::map<std::tuple<std::string, Type, Type>, std::pair<BreakevenRow, std::vector<Factor>>> rows;
  bool recalled = false;
  for (const BreakevenProblem& problem : problems) {
    auto& [row, hardware] = rows[{problem.operator_name, problem.types.input, problem.types.accumulate}];
    row.operator_name = problem.operator_name;
    row.types = problem.types;
    ++row.problems;
    const std::optional<Attainable> of_reference = attainable(reference_roofs, problem.work, problem.types);
    const std::optional<Attainable> of_target = attainable(target_roofs, problem.work, problem.types);
    if (of_reference && of_target) {
      hardware.push_back(of_target->rate / of_reference->rate);
      recalled = recalled || !of_reference->verified || !of_target->verified;
    } else {
      ++row.without_roof;
    }
  }
  for (auto& [key, found] : rows) {
    auto& [row, hardware] = found;
    row.hardware = geometric_mean(hardware);
    row.reference_efficiency = published_efficiency(reference, row.operator_name, row.types, published);
    row.target_efficiency = published_efficiency(target, row.operator_name, row.types, published);
    if (options.reference_efficiency) {
      row.reference_efficiency = KnownEfficiency{*options.reference_efficiency, 0, true, "as given"};
    }
    if (row.hardware) {
      row.required_is_upper_bound = !row.reference_efficiency;
      row.required =
          (row.reference_efficiency ? row.reference_efficiency->share : exactly(1)) / *row.hardware;
    }
    row.reach = reach_of(row);
    row.conclusion = conclusion_of(row) + target_text(row);
    result.rows.push_back(std::move(row));
  }
  result.remarks.emplace_back("derived from datasheets and publications: neither machine was measured");
  if (recalled)
    result.remarks.emplace_back(
        "a peak or bandwidth it rests on is recalled, not verified (moat chips names it)");
  return result;
}

}  // namespace moat
