// Roofs of a subject and the roof of a problem.
#include "reports/gap/roof.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "reports/gap/rate.h"
#include "reports/gap/roofline.h"
#include "results/roofs.h"

namespace moat {
namespace {

/// `work` is what one execution of the roof's record counts of its rate: operations, bytes or launches.
RoofLine measured_line(const Roof& roof, double work) {
  const std::optional<Rate> rate = rate_of(work, figures(*roof.record));
  return {rate ? rate->factor() : exactly(roof.rate),
          roof.record->identity.problem + " by " + roof.record->identity.implementation, true};
}

std::vector<std::string> sources_of(const Figure& figure) {
  std::vector<std::string> sources = figure.sources;
  if (!figure.note.empty()) sources.push_back(figure.note);
  return sources;
}

RoofLine line_of(const Figure& figure) {
  return {between({figure.low, figure.high}), join(sources_of(figure), "; "), figure.verified};
}

SubjectRoofs stated_roofs(std::span<const StatedRoof> stated) {
  SubjectRoofs roofs;
  roofs.basis = RoofBasis::datasheet;
  for (const StatedRoof& roof : stated) {
    const RoofLine line{between({roof.low, roof.high}), roof.source, roof.verified};
    switch (roof.kind) {
      case RoofKind::arithmetic:
        roofs.arithmetic.push_back({roof.type, roof.accumulate, line});
        break;
      case RoofKind::memory:
        roofs.memory = line;
        break;
      case RoofKind::launch:
        roofs.launch = line;
        break;
    }
  }
  return roofs;
}

const Chip* chip_of(const RunDevice& device) {
  const std::span<const Chip> chips = built_in_catalogue().chips();
  const auto named = std::ranges::find(chips, device.chip, &Chip::id);
  return named == chips.end() ? match_chip(device.name) : &*named;
}

}  // namespace

SubjectRoofs chip_roofs(const Chip& chip) {
  SubjectRoofs roofs;
  roofs.basis = RoofBasis::datasheet;
  roofs.chip = chip.name;
  for (const Peak& peak : chip.peaks) {
    const bool is_best = chip.best_peak(peak.type, peak.accumulate) == &peak;
    if (is_best) roofs.arithmetic.push_back({peak.type, peak.accumulate, line_of(peak)});
  }
  if (chip.memory.bandwidth) roofs.memory = line_of(*chip.memory.bandwidth);
  return roofs;
}

std::optional<SubjectRoofs> datasheet_roofs(const Subject& subject) {
  const SubjectRoofs stated = stated_roofs(subject.device.roofs);
  if (!stated.arithmetic.empty() || stated.memory) return stated;
  const Chip* chip = chip_of(subject.device);
  if (chip == nullptr) return std::nullopt;
  SubjectRoofs roofs = chip_roofs(*chip);
  roofs.launch = stated.launch;
  return roofs;
}

std::string_view name(RoofBasis basis) {
  return basis == RoofBasis::datasheet ? "datasheet" : "measured";
}

std::optional<SubjectRoofs> measured_roofs(const Subject& subject) {
  const std::vector<DeviceRoofs> all = measured_roofs(subject.records, subject.unselected);
  if (all.empty()) return std::nullopt;
  const DeviceRoofs& found = all.front();  // a subject is one device
  SubjectRoofs roofs;
  roofs.basis = RoofBasis::measured;
  for (const auto& [type, roof] : found.arithmetic) {
    roofs.arithmetic.push_back(
        {type, roof.record->types.accumulate, measured_line(roof, roof.record->work.operations)});
  }
  if (found.memory) roofs.memory = measured_line(*found.memory, found.memory->record->work.bytes());
  if (found.launch) roofs.launch = measured_line(*found.launch, 1);
  return roofs;
}

RoofChoice roofs_of(const Subject& subject) {
  return {datasheet_roofs(subject), measured_roofs(subject)};
}

std::optional<SubjectRoofs> roofs_with_launch(const RoofChoice& roofs, RoofBasis basis) {
  std::optional<SubjectRoofs> made = basis == RoofBasis::datasheet ? roofs.datasheet : roofs.measured;
  if (!made) return std::nullopt;
  for (const std::optional<SubjectRoofs>* known : {&roofs.datasheet, &roofs.measured}) {
    if (*known && (*known)->launch) made->launch = (*known)->launch;
  }
  return made;
}

const RoofLine* arithmetic_line(const SubjectRoofs& roofs, Types types) {
  const auto found = std::ranges::find_if(roofs.arithmetic, [&](const SubjectRoofs::Arithmetic& line) {
    return line.input == types.input && line.accumulate == types.accumulate;
  });
  return found == roofs.arithmetic.end() ? nullptr : &found->line;
}

std::optional<Attainable> attainable(const SubjectRoofs& roofs, const Work& work, Types types) {
  const RoofLine* arithmetic = arithmetic_line(roofs, types);
  if (!(work.operations > 0) || !(work.bytes() > 0) || !roofs.memory || arithmetic == nullptr) {
    return std::nullopt;
  }
  // In the order of RoofKind.
  const std::array<const RoofLine*, 3> lines{arithmetic, &*roofs.memory,
                                             roofs.launch ? &*roofs.launch : nullptr};
  const auto at = [&](double Factor::*end) {
    return Roofline{arithmetic->rate.*end, roofs.memory->rate.*end,
                    roofs.launch ? 1 / (roofs.launch->rate.*end) : 0};
  };
  const RooflineWork needs{work.operations, work.bytes(), 1};
  const Roofline middle = at(&Factor::value);
  const RoofKind bound = bound_of(middle, needs);
  return Attainable{{attainable_rate(middle, needs), attainable_rate(at(&Factor::low), needs),
                     attainable_rate(at(&Factor::high), needs)},
                    bound,
                    lines.at(static_cast<std::size_t>(bound))->verified};
}

}  // namespace moat
