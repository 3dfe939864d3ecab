// Roofs found among records.
#include "results/roofs.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/terminal.h"
#include "base/units.h"
#include "kernels/stream/stream.h"
#include "results/figures.h"

namespace moat {
namespace {

constexpr double usual_ridge = 64;     // operations per byte
constexpr double launch_bytes = 1024;  // take 0.1 µs at 10 GB/s: the time is that of a launch

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

/// What is being found of one device.
struct Search {
  DeviceRoofs roofs;
  std::tuple<bool, std::size_t> bandwidth;  // standing of the stream problem that gives roofs.memory
  bool moves_nothing = false;               // whether any stream problem is as small as a launch
  Roof quickest;                            // in executions per second, of all cases
};

void consider_peak(Search& search, const Record& record, double rate) {
  Roof& roof = search.roofs.arithmetic[record.types.input];
  if (rate > roof.rate) roof = {rate, &record};
}

void consider_stream(Search& search, const Record& record, double rate) {
  if (record.work.bytes() <= launch_bytes) {
    search.moves_nothing = true;
    return;
  }
  const std::optional<StreamPoint> point = stream_point(record);
  if (!point) return;
  DeviceRoofs& roofs = search.roofs;
  const std::tuple<bool, std::size_t> standing(point->op == StreamOp::triad, point->array_bytes);
  if (roofs.memory &&
      (standing < search.bandwidth || (standing == search.bandwidth && rate <= roofs.memory->rate)))
    return;
  search.bandwidth = standing;
  roofs.memory = Roof{rate, &record};
  roofs.memory_elements = point->n;
  roofs.memory_op = name(point->op);
}

}  // namespace

std::vector<DeviceRoofs> measured_roofs(std::span<const Record> records, std::span<const Record> more) {
  std::vector<Search> all;
  const auto consider = [&](const Record& record) {
    if (!counts(record)) return;
    const Figures derived = figures(record);
    if (!derived.median_seconds || !derived.operations_per_second || !derived.bytes_per_second) return;
    auto at = std::ranges::find(all, record.identity.device, [](const Search& search) -> const std::string& {
      return search.roofs.device;
    });
    if (at == all.end()) {
      all.emplace_back().roofs.device = record.identity.device;
      at = all.end() - 1;
    }
    const double executions = 1 / *derived.median_seconds;
    if (executions > at->quickest.rate) at->quickest = {executions, &record};
    if (record.operator_name == "peak") consider_peak(*at, record, *derived.operations_per_second);
    if (record.operator_name == "stream") consider_stream(*at, record, *derived.bytes_per_second);
  };
  for (const Record& record : records) consider(record);
  for (const Record& record : more) consider(record);
  std::vector<DeviceRoofs> found;
  for (Search& search : all) {
    DeviceRoofs& roofs = search.roofs;
    if (search.moves_nothing) roofs.launch = search.quickest;
    if (!roofs.arithmetic.empty() || roofs.memory || roofs.launch) found.push_back(std::move(roofs));
  }
  return found;
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
    if (roofs.launch)
      parts += fmt::format("{}{} a launch", parts.empty() ? "" : "; ", seconds_text(1 / roofs.launch->rate));
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
