// Roofs of a subject and the roof of a problem.
#include "reports/roof.h"

#include <fmt/format.h>

#include <algorithm>

#include "kernels/text.h"
#include "results/figures.h"
#include "results/roofs.h"

namespace moat {
namespace {

/// A measured rate with the ends that the interval of its median gives.
Factor with_interval(double rate, const Record& record) {
  const Figures known = figures(record);
  if (!known.median_seconds || !known.interval_seconds) return exactly(rate);
  const double work = rate * *known.median_seconds;
  return {rate, work / known.interval_seconds->high, work / known.interval_seconds->low};
}

RoofLine measured_line(const Roof& roof) {
  return {with_interval(roof.rate, *roof.record),
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

SubjectRoofs roofs_of(std::span<const StatedRoof> stated) {
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
  if (!subject.device.roofs.empty()) return roofs_of(subject.device.roofs);
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
    roofs.arithmetic.push_back({type, roof.record->types.accumulate, measured_line(roof)});
  }
  if (found.memory) roofs.memory = measured_line(*found.memory);
  return roofs;
}

std::optional<Attainable> attainable(const SubjectRoofs& roofs, const Work& work, Types types) {
  if (!(work.operations > 0) || !(work.bytes() > 0) || !roofs.memory) return std::nullopt;
  const auto arithmetic = std::ranges::find_if(roofs.arithmetic, [&](const SubjectRoofs::Arithmetic& line) {
    return line.input == types.input && line.accumulate == types.accumulate;
  });
  if (arithmetic == roofs.arithmetic.end()) return std::nullopt;
  const Factor& peak = arithmetic->line.rate;
  const Factor by_memory = exactly(work.operations / work.bytes()) * roofs.memory->rate;
  const bool by_arithmetic = peak.value <= by_memory.value;
  return Attainable{{std::min(peak.value, by_memory.value), std::min(peak.low, by_memory.low),
                     std::min(peak.high, by_memory.high)},
                    by_arithmetic,
                    by_arithmetic ? arithmetic->line.verified : roofs.memory->verified};
}

}  // namespace moat
