// A line for each device, or each case.
#include "reports/findings/roof_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/terminal.h"
#include "base/text.h"
#include "base/units.h"
#include "kernels/stream/stream.h"
#include "results/roofs.h"
#include "results/sensitivity.h"

namespace moat {
namespace {

std::string text_of(const Roof& roof) {
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

std::string line_of(const Roofs& roofs) {
  std::string text;
  for (const Roof& roof : roofs.all) {
    if (!text.empty()) text += roof.kind == RoofKind::arithmetic ? ", " : "; ";
    text += text_of(roof);
  }
  return text;
}

}  // namespace

std::string measured_roofs_text(std::span<const Record> records, const PhysicalDevices& physical) {
  const std::vector<Roofs> all = measured_roofs(records);
  if (all.empty()) return "";
  std::vector<std::string> devices;
  devices.reserve(all.size());
  for (const Roofs& roofs : all) devices.push_back(roofs.device);
  std::string text = "measured roofs\n";
  for (const std::string& device : physical.together(devices)) {
    const Roofs& roofs = *std::ranges::find(all, device, &Roofs::device);
    text += fmt::format("  {}  {}\n", printable(device), line_of(roofs));
  }
  return text;
}

std::string ridge_text(const std::optional<double>& measured_ridge) {
  if (measured_ridge)
    return fmt::format("above {:.3g} op/byte, the ridge of the measured roofs", *measured_ridge);
  return fmt::format("above {:.3g} op/byte, assumed because no roofs were measured", usual_ridge_intensity);
}

std::string sensitivity_text(std::span<const Record> records) {
  const std::vector<Sensitivity> found = zeros_to_normal(records);
  if (found.empty()) return "";
  std::string text = "rate on zeros relative to rate on normal data, of cases bound by arithmetic\n";
  for (const Sensitivity& one : found) {
    const Case& identity = one.normal->identity;
    text += printable(fmt::format("  {} {} {}: {:.3f}", identity.device, identity.implementation,
                                  identity.problem, one.ratio));
    if (one.interval) text += fmt::format(" [{:.3f}, {:.3f}]", one.interval->low, one.interval->high);
    text += fmt::format(" ({})\n", ridge_text(one.measured_ridge));
  }
  return text;
}

}  // namespace moat
