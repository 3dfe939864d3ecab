// Names of the kinds of roofs.
#include "results/stated.h"

namespace moat {

std::string_view name(RoofKind kind) {
  return kind == RoofKind::arithmetic ? "arithmetic" : "memory";
}

std::optional<RoofKind> parse_roof_kind(std::string_view text) {
  for (const RoofKind kind : {RoofKind::arithmetic, RoofKind::memory}) {
    if (text == name(kind)) return kind;
  }
  return std::nullopt;
}

}  // namespace moat
