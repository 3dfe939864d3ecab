// The attainable rates of a subject: from datasheets as intervals with a source, or as measured by the peak
// and stream operators. Pure; must not know gaps or how they are printed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/catalogue/catalogue.h"
#include "reports/gap/factor.h"
#include "reports/gap/subject.h"

namespace moat {

enum class RoofBasis : std::uint8_t { datasheet, measured };
[[nodiscard]] std::string_view name(RoofBasis basis);

/// One figure that a rate cannot exceed.
struct RoofLine {
  Factor rate;           // operations, bytes or launches per second
  std::string source;    // datasheet: who says so; measured: the problem and implementation that gave it
  bool verified = true;  // false: "recalled", nobody has looked it up
};

/// Lines of one basis. Arithmetic is by input and accumulate type, dense.
struct SubjectRoofs {
  struct Arithmetic {
    Type input = Type::f32;
    Type accumulate = Type::f32;
    RoofLine line;
  };
  RoofBasis basis = RoofBasis::measured;
  std::string chip;  // name in the catalogue; empty where the source states the roofs itself, or measured
  std::vector<Arithmetic> arithmetic;
  std::optional<RoofLine> memory;
  std::optional<RoofLine> launch;  // no datasheet has it, but a publication may
};

/// The chip's roofs in the catalogue: its best peak for each pair of types, on whichever engine.
[[nodiscard]] SubjectRoofs chip_roofs(const Chip& chip);
/// What the subject's own source states (published figures), else what the catalogue knows of its device's
/// name; nothing for a device that neither knows.
[[nodiscard]] std::optional<SubjectRoofs> datasheet_roofs(const Subject& subject);
/// Of its ok peak and stream records, selected or not (results/roofs.h); nothing without any.
[[nodiscard]] std::optional<SubjectRoofs> measured_roofs(const Subject& subject);

/// Both of a subject.
struct RoofChoice {
  std::optional<SubjectRoofs> datasheet;
  std::optional<SubjectRoofs> measured;
};
[[nodiscard]] RoofChoice roofs_of(const Subject& subject);
/// Of one basis, with the time of a launch that either has: what was measured, else what is stated.
[[nodiscard]] std::optional<SubjectRoofs> roofs_with_launch(const RoofChoice& roofs, RoofBasis basis);

/// The line of these types' inputs and accumulation; null if there is none.
[[nodiscard]] const RoofLine* arithmetic_line(const SubjectRoofs& roofs, Types types);

/// The roof of a problem: min(peak rate of its types, intensity × bandwidth), in operations per second
/// (Williams, Waterman, Patterson, CACM 52(4), 2009), and where the rate of launches is known at most one
/// problem for each of them (reports/gap/roofline.h). Ends are the minima of the ends. Nothing without a peak
/// for the types or without a bandwidth; of a problem without operations (a copy), bandwidth alone gives
/// nothing: its rate is no rate of operations.
struct Attainable {
  Factor rate;                            // operations per second
  RoofKind bound = RoofKind::arithmetic;  // which of them binds, at the middles
  bool verified = true;
};
[[nodiscard]] std::optional<Attainable> attainable(const SubjectRoofs& roofs, const Work& work, Types types);

}  // namespace moat
