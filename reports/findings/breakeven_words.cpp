// The sentences of a break-even.
#include <fmt/format.h>

#include "base/text.h"
#include "base/units.h"
#include "reports/findings/words.h"

namespace moat {
namespace {

std::string reach_text(const BreakevenRow& row) {
  if (!row.hardware) return "The catalogue has no roof for these types on both chips.";
  switch (row.reach) {
    case Reach::out_of_reach:
      return "The hardware alone decides: even at its whole roof, the target does not reach the reference.";
    case Reach::open:
      return "It depends on which peak and which publication is believed "
             "whether the target can match the reference at all.";
    case Reach::even:
      return "The target can match the reference at about the same share of its roof; it depends on which "
             "peak is believed whether it needs more or less.";
    case Reach::more:
      return "The target can match the reference only with software that uses its chip better than the "
             "reference's software does.";
    case Reach::within:
      return row.required_is_upper_bound
                 ? "The hardware does not prevent a match: not even a reference at its whole roof would "
                   "require more than the target's whole roof."
                 : "The target can match the reference "
                   "at a share of its roof that is no higher than the reference's.";
    case Reach::unknown:
      break;
  }
  return fmt::format("The reference's efficiency is not published; the target needs {} times its share.",
                     factor_text(exactly(1) / *row.hardware));
}

std::string_view standing_text(TargetStanding standing) {
  switch (standing) {
    case TargetStanding::reaches:
      return " Published figures of the target already reach the required share.";
    case TargetStanding::falls_short:
      return " Published figures of the target fall short of the required share.";
    case TargetStanding::undecided:
      break;
  }
  return " Published figures of the target may reach the required share.";
}

}  // namespace

std::string conclusion_text(const BreakevenRow& row) {
  std::string text = reach_text(row);
  if (row.target_standing) text += standing_text(*row.target_standing);
  return text;
}

std::string source_text(const KnownEfficiency& known) {
  return known.sources.empty() ? "as given" : join(known.sources, "; ");
}

std::string text(BreakevenRemark remark) {
  return remark == BreakevenRemark::derived
             ? "The figures are derived from datasheets and publications; neither machine was measured."
             : "A peak or bandwidth behind these figures is recalled, not verified; moat chips names it.";
}

}  // namespace moat
