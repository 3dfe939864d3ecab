// The buyer's question, answered without either machine: which share of its roof a target's software must
// reach to match a reference. From datasheet roofs and published efficiencies alone; everything here is
// derived, nothing measured. Pure; must not know suites' files or how it is printed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/catalogue/catalogue.h"
#include "base/factor.h"
#include "kernels/operator.h"
#include "reports/gap/roof.h"
#include "reports/gap/subject.h"

namespace moat {

/// What share of its roof a chip's library is known to reach: rate / roof, over published problems.
struct KnownEfficiency {
  Factor share;  // geometric mean, and from the lowest to the highest published figure
  std::size_t figures = 0;
  bool verified = true;
  std::vector<std::string> sources;  // titles of the publications; empty: BreakevenOptions gave it
};

/// Published efficiencies of the libraries of a chip for one operator and type where `bound` binds: of every
/// published device that names the chip, its rows against the chip's roof, and the shares that it states,
/// which become shares of the chip's roof where the source says what they are of. Nothing if there are none.
/// Shares above 1 (a peak that others know better) count as they are.
[[nodiscard]] std::optional<KnownEfficiency> published_efficiency(const Chip& chip,
                                                                  std::string_view operator_name, Types types,
                                                                  RoofKind bound,
                                                                  std::span<const Subject> published);

/// A suite's problem, as far as this needs it.
struct BreakevenProblem {
  std::string key;
  std::string operator_name;
  Types types;
  Work work;
};

enum class Reach : std::uint8_t {
  within,        // a share of the roof at most as high as the reference's
  even,          // below 1, and about the reference's: which peak is believed decides which is more
  more,          // a higher share than the reference reaches, and below 1
  open,          // 1 lies within the interval: which peak, or which publication, is believed decides
  out_of_reach,  // above 1 whichever peak is believed: hardware alone decides
  unknown        // the reference's efficiency is not published, and hardware leaves it open
};
[[nodiscard]] std::string_view name(Reach reach);

/// The target's published share against the one that it must reach, as far as the intervals tell.
enum class TargetStanding : std::uint8_t { reaches, falls_short, undecided };
[[nodiscard]] std::string_view name(TargetStanding standing);

/// One operator and type, and what binds the reference there: a library is good at one without the other.
struct BreakevenRow {
  std::string operator_name;
  Types types;
  std::optional<RoofKind> bound;  // absent: no roof of the reference
  std::size_t problems = 0;
  std::size_t without_roof = 0;    // of them: a peak or bandwidth is not in the catalogue
  std::optional<Factor> hardware;  // mean HW = A_T / A_R
  std::optional<KnownEfficiency> reference_efficiency;  // published, or as given
  /// Mean of e_R / HW: the share of its roof that T must reach. Without e_R, the most that can be asked: 1 /
  /// HW, as if R reached its roof.
  std::optional<Factor> required;
  bool required_is_upper_bound = false;
  std::optional<KnownEfficiency> target_efficiency;  // published: whether it is there already
  Reach reach = Reach::unknown;
  std::optional<TargetStanding> target_standing;  // absent without published figures or a required share
};

/// What a reader must know before quoting it.
enum class BreakevenRemark : std::uint8_t {
  derived,       // neither machine was measured; said always
  recalled_roof  // nobody read a peak or bandwidth that it rests on in its source
};
[[nodiscard]] std::string_view name(BreakevenRemark remark);

struct Breakeven {
  std::string reference, target;  // names of the chips
  std::vector<BreakevenRow> rows;
  std::vector<BreakevenRemark> remarks;
};

struct BreakevenOptions {
  /// Takes the place of published efficiencies of the reference, for every row.
  std::optional<Factor> reference_efficiency;
};

[[nodiscard]] Breakeven break_even(const Chip& reference, const Chip& target,
                                   std::span<const BreakevenProblem> problems,
                                   std::span<const Subject> published, const BreakevenOptions& options);

}  // namespace moat
