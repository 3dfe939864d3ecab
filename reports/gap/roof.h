// The roofs of a subject, from datasheets or as measured, and what they allow of a problem. Pure; must not
// know gaps or how roofs are printed.
#pragma once

#include <optional>

#include "adapters/catalogue/catalogue.h"
#include "base/factor.h"
#include "reports/gap/subject.h"
#include "results/roof.h"

namespace moat {

/// The chip's roofs in the catalogue: its best peak for each pair of types, on whichever engine.
[[nodiscard]] Roofs chip_roofs(const Chip& chip);
/// What the subject's own source states (published figures), else what the catalogue knows of its device's
/// name; nothing for a device that neither knows.
[[nodiscard]] std::optional<Roofs> datasheet_roofs(const Subject& subject);
/// Of its ok peak and stream records, selected or not (results/roofs.h); nothing without any.
[[nodiscard]] std::optional<Roofs> measured_roofs(const Subject& subject);

/// A subject's roofs on either basis.
struct KnownRoofs {
  std::optional<Roofs> datasheet;
  std::optional<Roofs> measured;
};
[[nodiscard]] KnownRoofs roofs_of(const Subject& subject);
/// On one basis, with the launch roof that either has: what was measured, else what is stated.
[[nodiscard]] std::optional<Roofs> roofs_with_launch(const KnownRoofs& roofs, RoofBasis basis);
/// Without the launch roof.
void drop_launch(Roofs& roofs);

/// What bounds a problem on a device.
struct Bound {
  Factor rate;                           // attainable, in operations per second
  RoofKind kind = RoofKind::arithmetic;  // the roof that binds, at the middles
  bool verified = true;                  // that roof's
};
/// By min(peak rate of the problem's types, intensity × bandwidth)
/// (Williams, Waterman, Patterson, CACM 52(4), 2009), and where the rate of launches is known
/// at most one problem for each of them (reports/gap/roofline.h). Ends are the minima of the ends.
/// Nothing without a peak for the types or without a bandwidth; of a problem without operations (a copy),
/// bandwidth alone gives nothing: its rate is no rate of operations.
[[nodiscard]] std::optional<Bound> bound_of(const Roofs& roofs, const Work& work, const Types& types);

}  // namespace moat
