// Names of the kinds of roofs, and looking them up.
#include "results/roof.h"

#include <algorithm>

namespace moat {

std::string_view name(RoofKind kind) {
  switch (kind) {
    case RoofKind::arithmetic:
      return "arithmetic";
    case RoofKind::memory:
      return "memory";
    case RoofKind::launch:
      break;
  }
  return "launch";
}

std::optional<RoofKind> parse_roof_kind(std::string_view text) {
  for (const RoofKind kind : {RoofKind::arithmetic, RoofKind::memory, RoofKind::launch}) {
    if (text == name(kind)) return kind;
  }
  return std::nullopt;
}

std::string_view name(RoofBasis basis) {
  return basis == RoofBasis::datasheet ? "datasheet" : "measured";
}

const Roof* find_roof(std::span<const Roof> roofs, RoofKind kind, const Types& types) {
  const auto found = std::ranges::find_if(roofs, [&](const Roof& roof) {
    if (roof.kind != kind) return false;
    return kind != RoofKind::arithmetic || (roof.type == types.input && roof.accumulate == types.accumulate);
  });
  return found == roofs.end() ? nullptr : &*found;
}

const Roof* Roofs::arithmetic(const Types& types) const {
  return find_roof(all, RoofKind::arithmetic, types);
}

const Roof* Roofs::arithmetic(Type input) const {
  const auto found = std::ranges::find_if(
      all, [&](const Roof& roof) { return roof.kind == RoofKind::arithmetic && roof.type == input; });
  return found == all.end() ? nullptr : &*found;
}

const Roof* Roofs::memory() const {
  return find_roof(all, RoofKind::memory);
}

const Roof* Roofs::launch() const {
  return find_roof(all, RoofKind::launch);
}

}  // namespace moat
