// Roofs of a subject and the roof of a problem.
#include "reports/gap/roof.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "reports/gap/roofline.h"
#include "results/roofs.h"

namespace moat {
namespace {

std::vector<std::string> sources_of(const Figure& figure) {
  std::vector<std::string> sources = figure.sources;
  if (!figure.note.empty()) sources.push_back(figure.note);
  return sources;
}

Roof roof_of(RoofKind kind, const Figure& figure) {
  Roof roof;
  roof.kind = kind;
  roof.rate = between({figure.low, figure.high});
  roof.source = join(sources_of(figure), "; ");
  roof.verified = figure.verified;
  return roof;
}

const Chip* chip_of(const RunDevice& device) {
  const std::span<const Chip> chips = built_in_catalogue().chips();
  const auto named = std::ranges::find(chips, device.chip, &Chip::id);
  return named == chips.end() ? match_chip(device.name) : &*named;
}

}  // namespace

Roofs chip_roofs(const Chip& chip) {
  Roofs roofs{RoofBasis::datasheet, "", chip.name, {}};
  for (const Peak& peak : chip.peaks) {
    if (chip.best_peak(peak.type, peak.accumulate) != &peak) continue;
    Roof roof = roof_of(RoofKind::arithmetic, peak);
    roof.type = peak.type;
    roof.accumulate = peak.accumulate;
    roofs.all.push_back(std::move(roof));
  }
  if (chip.memory.bandwidth) roofs.all.push_back(roof_of(RoofKind::memory, *chip.memory.bandwidth));
  return roofs;
}

std::optional<Roofs> datasheet_roofs(const Subject& subject) {
  const std::vector<Roof>& stated = subject.device.roofs;
  const bool states_more_than_launches =
      std::ranges::any_of(stated, [](const Roof& roof) { return roof.kind != RoofKind::launch; });
  if (states_more_than_launches) return Roofs{RoofBasis::datasheet, "", "", stated};
  const Chip* chip = chip_of(subject.device);
  if (chip == nullptr) return std::nullopt;
  Roofs roofs = chip_roofs(*chip);
  if (const Roof* launch = find_roof(stated, RoofKind::launch)) roofs.all.push_back(*launch);
  return roofs;
}

std::optional<Roofs> measured_roofs(const Subject& subject) {
  std::vector<Roofs> all = measured_roofs(subject.records, subject.unselected);
  if (all.empty()) return std::nullopt;
  return std::move(all.front());  // a subject is one device
}

KnownRoofs roofs_of(const Subject& subject) {
  return {datasheet_roofs(subject), measured_roofs(subject)};
}

void drop_launch(Roofs& roofs) {
  std::erase_if(roofs.all, [](const Roof& roof) { return roof.kind == RoofKind::launch; });
}

std::optional<Roofs> roofs_with_launch(const KnownRoofs& roofs, RoofBasis basis) {
  std::optional<Roofs> made = basis == RoofBasis::datasheet ? roofs.datasheet : roofs.measured;
  if (!made) return std::nullopt;
  for (const std::optional<Roofs>* known : {&roofs.measured, &roofs.datasheet}) {
    const Roof* launch = *known ? (*known)->launch() : nullptr;
    if (launch == nullptr) continue;
    drop_launch(*made);
    made->all.push_back(*launch);
    break;
  }
  return made;
}

std::optional<Bound> bound_of(const Roofs& roofs, const Work& work, const Types& types) {
  const Roof* arithmetic = roofs.arithmetic(types);
  const Roof* memory = roofs.memory();
  const Roof* launch = roofs.launch();
  if (!(work.operations > 0) || !(work.bytes() > 0) || memory == nullptr || arithmetic == nullptr)
    return std::nullopt;
  const std::array<const Roof*, 3> of_kind{arithmetic, memory, launch};
  const auto at = [&](double Factor::*end) {
    return Roofline{arithmetic->rate.*end, memory->rate.*end,
                    launch == nullptr ? 0 : 1 / (launch->rate.*end)};
  };
  const Roofline middle = at(&Factor::value);
  const RoofKind kind = binding_kind(middle, work);
  return Bound{{attainable_rate(middle, work), attainable_rate(at(&Factor::low), work),
                attainable_rate(at(&Factor::high), work)},
               kind,
               of_kind.at(static_cast<std::size_t>(kind))->verified};
}

}  // namespace moat
