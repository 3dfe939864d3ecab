// Names of the kinds of roofs.
#include "results/stated.h"

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

}  // namespace moat
