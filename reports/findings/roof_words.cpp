// One sentence or phrase each.
#include "reports/findings/roof_words.h"

#include <fmt/format.h>

#include <memory>

#include "base/units.h"
#include "kernels/stream/stream.h"
#include "results/roofs.h"

namespace moat {

std::string measured_roof_text(const Roof& roof) {
  switch (roof.kind) {
    case RoofKind::arithmetic:
      return fmt::format("{} {}", name(roof.type),
                         quantity_text(roof.rate.value, is_floating(roof.type) ? "FLOP/s" : "OP/s"));
    case RoofKind::launch:
      return fmt::format("{} a launch", seconds_text(1 / roof.rate.value));
    case RoofKind::memory:
      break;
  }
  const auto problem = parse_problem(roof.record->identity.problem);
  const auto& stream = dynamic_cast<const StreamProblem&>(*problem);  // no other gives a bandwidth
  return fmt::format("{} ({}, n={}, {})", quantity_text(roof.rate.value, "B/s"), name(stream.op()),
                     stream.n(), name(roof.record->types.input));
}

std::string ridge_text(const std::optional<double>& measured_ridge) {
  if (measured_ridge)
    return fmt::format("above {:.3g} op/byte, the ridge of the measured roofs", *measured_ridge);
  return fmt::format("above {:.3g} op/byte, assumed because no roofs were measured", usual_ridge_intensity);
}

}  // namespace moat
