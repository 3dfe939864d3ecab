// Roofs of a subject and the roof of a problem.
#include "reports/roof.h"

#include <fmt/format.h>

#include <algorithm>

#include "kernels/text.h"
#include "reports/rate.h"
#include "reports/roofline.h"
#include "results/roofs.h"

namespace moat {
namespace {

/// `roof.rate` counts operations or bytes.
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
    if (roof.kind == RoofKind::memory) {
      roofs.memory = line;
    } else {
      roofs.arithmetic.push_back({roof.type, roof.accumulate, line});
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
  if (!subject.device.roofs.empty()) return stated_roofs(subject.device.roofs);
  const Chip* chip = chip_of(subject.device);
  if (chip == nullptr) return std::nullopt;
  return chip_roofs(*chip);
}

std::string_view name(RoofBasis basis) {
  return basis == RoofBasis::datasheet ? "datasheet" : "measured";
}

std::optional<SubjectRoofs> measured_roofs(const Subject& subject) {
  const std::vector<DeviceRoofs> all = measured_roofs(std::span<const Record>(subject.records));
  if (all.empty()) return std::nullopt;
  const DeviceRoofs& found = all.front();  // a subject is one device
  SubjectRoofs roofs;
  roofs.basis = RoofBasis::measured;
  for (const auto& [type, roof] : found.arithmetic) {
    roofs.arithmetic.push_back(
        {type, roof.record->types.accumulate, measured_line(roof, roof.record->work.operations)});
  }
  if (found.memory) roofs.memory = measured_line(*found.memory, found.memory->record->work.bytes());
  return roofs;
}

RoofChoice roofs_of(const Subject& subject) {
  return {datasheet_roofs(subject), measured_roofs(subject)};
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
  const Factor& peak = arithmetic->rate;
  const Factor& bandwidth = roofs.memory->rate;
  const Roofline middle{peak.value, bandwidth.value};
  const RooflineWork needs{work.operations, work.bytes()};
  const Interval ends =
      attainable_rate(roofline_between({peak.low, peak.high}, {bandwidth.low, bandwidth.high}), needs);
  const bool by_arithmetic = bound_of(middle, needs) == Bound::arithmetic;
  return Attainable{{attainable_rate(middle, needs), ends.low, ends.high},
                    by_arithmetic ? RoofKind::arithmetic : RoofKind::memory,
                    by_arithmetic ? arithmetic->verified : roofs.memory->verified};
}

}  // namespace moat
