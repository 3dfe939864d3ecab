// Roofs found among records.
#include "results/roofs.h"

#include <fmt/format.h>

#include <algorithm>

#include "kernels/error.h"
#include "kernels/stream/stream.h"
#include "results/figures.h"
#include "results/table.h"
#include "results/units.h"

namespace moat {
namespace {

constexpr double usual_ridge = 64;  // operations per byte

bool counts(const Record& record) {
  return record.status == Status::ok && record.provenance == Provenance::measured &&
         record.identity.conditions.data == Data::normal && record.identity.conditions.cache == Cache::hot;
}

struct StreamPoint {
  StreamOp op = StreamOp::copy;
  std::int64_t n = 0;
  std::size_t array_bytes = 0;
};

/// Nothing for a key that this version does not know.
std::optional<StreamPoint> stream_point(const Record& record) {
  try {
    const auto problem = parse_problem(record.identity.problem);
    const auto* stream = dynamic_cast<const StreamProblem*>(problem.get());
    if (stream == nullptr) return std::nullopt;
    return StreamPoint{stream->op(), stream->n(),
                       static_cast<std::size_t>(stream->n()) * size_bytes(stream->types().input)};
  } catch (const UsageError&) {
    return std::nullopt;
  }
}

void consider_stream(DeviceRoofs& roofs, const Record& record, double rate,
                     std::tuple<bool, std::size_t>& best) {
  const std::optional<StreamPoint> point = stream_point(record);
  if (!point) return;
  const std::tuple<bool, std::size_t> standing(point->op == StreamOp::triad, point->array_bytes);
  if (roofs.memory && (standing < best || (standing == best && rate <= roofs.memory->rate))) return;
  best = standing;
  roofs.memory = Roof{rate, &record};
  roofs.memory_elements = point->n;
  roofs.memory_op = name(point->op);
}

}  // namespace

std::vector<DeviceRoofs> measured_roofs(std::span<const Record> records) {
  std::vector<DeviceRoofs> all;
  std::vector<std::tuple<bool, std::size_t>> standings;  // of each device's bandwidth
  for (const Record& record : records) {
    const bool is_peak = record.operator_name == "peak";
    if (!counts(record) || (!is_peak && record.operator_name != "stream")) continue;
    const Figures derived = figures(record);
    if (!derived.operations_per_second || !derived.bytes_per_second) continue;
    auto at = std::find_if(all.begin(), all.end(),
                           [&](const DeviceRoofs& roofs) { return roofs.device == record.identity.device; });
    if (at == all.end()) {
      all.push_back({record.identity.device, {}, std::nullopt, 0, ""});
      standings.emplace_back(false, 0);
      at = all.end() - 1;
    }
    if (is_peak) {
      Roof& roof = at->arithmetic[record.types.input];
      if (*derived.operations_per_second > roof.rate) roof = {*derived.operations_per_second, &record};
    } else {
      consider_stream(*at, record, *derived.bytes_per_second,
                      standings[static_cast<std::size_t>(at - all.begin())]);
    }
  }
  std::erase_if(all, [](const DeviceRoofs& roofs) { return roofs.arithmetic.empty() && !roofs.memory; });
  return all;
}

std::string roofs_text(std::span<const Record> records, const PhysicalDevices& physical) {
  const std::vector<DeviceRoofs> all = measured_roofs(records);
  if (all.empty()) return "";
  std::vector<std::string> devices;
  devices.reserve(all.size());
  for (const DeviceRoofs& roofs : all) devices.push_back(roofs.device);
  std::string text = "measured roofs\n";
  for (const std::string& device : physical.together(devices)) {
    const DeviceRoofs& roofs = *std::find_if(
        all.begin(), all.end(), [&](const DeviceRoofs& candidate) { return candidate.device == device; });
    std::string parts;
    for (const auto& [type, roof] : roofs.arithmetic) {
      parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", name(type),
                           quantity_text(roof.rate, is_floating(type) ? "FLOP/s" : "OP/s"));
    }
    if (roofs.memory) {
      parts += fmt::format("{}{} ({}, n={}, {})", parts.empty() ? "" : "; ",
                           quantity_text(roofs.memory->rate, "B/s"), roofs.memory_op, roofs.memory_elements,
                           name(roofs.memory->record->types.input));
    }
    text += fmt::format("  {}  {}\n", printable(roofs.device), parts);
  }
  return text;
}

Boundness boundness(const Work& work, Type type, const DeviceRoofs* roofs) {
  const double intensity = work.bytes() > 0 ? work.operations / work.bytes() : 0;
  if (roofs != nullptr && roofs->memory && roofs->arithmetic.contains(type)) {
    const double ridge = roofs->arithmetic.at(type).rate / roofs->memory->rate;
    return {intensity > ridge, fmt::format("above {:.3g} op/byte, where the measured roofs meet", ridge)};
  }
  return {intensity > usual_ridge,
          fmt::format("above {:.3g} op/byte, for want of measured roofs", usual_ridge)};
}

}  // namespace moat
