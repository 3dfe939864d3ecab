// Pairs of records that differ in their data only.
#include "results/sensitivity.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/terminal.h"
#include "results/figures.h"
#include "results/roofs.h"

namespace moat {
namespace {

bool is_measured(const Record& record) {
  return record.status == Status::ok && record.provenance == Provenance::measured;
}

}  // namespace

std::vector<Sensitivity> zeros_to_normal(std::span<const Record> records, std::span<const Record> more) {
  std::map<std::string, const Record*> zeros;  // by the id of the case with normal data
  for (const Record& record : records) {
    if (!is_measured(record) || record.identity.conditions.data != Data::zeros) continue;
    Case normal = record.identity;
    normal.conditions.data = Data::normal;
    zeros[normal.id()] = &record;
  }
  const std::vector<DeviceRoofs> roofs = measured_roofs(records, more);
  std::vector<Sensitivity> found;
  for (const Record& record : records) {
    if (!is_measured(record) || record.identity.conditions.data != Data::normal) continue;
    const auto pair = zeros.find(record.identity.id());
    if (pair == zeros.end()) continue;
    const auto of_device = std::find_if(roofs.begin(), roofs.end(), [&](const DeviceRoofs& candidate) {
      return candidate.device == record.identity.device;
    });
    const Boundness bound =
        boundness(record.work, record.types.input, of_device == roofs.end() ? nullptr : &*of_device);
    const Figures normal = figures(record);
    const Figures zero = figures(*pair->second);
    if (!bound.by_arithmetic || !normal.bytes_per_second || !zero.bytes_per_second) continue;
    Sensitivity sensitivity{&record, *normal.median_seconds / *zero.median_seconds, {}, bound.how};
    if (normal.interval_seconds && zero.interval_seconds && zero.interval_seconds->low > 0) {
      sensitivity.interval = Interval{normal.interval_seconds->low / zero.interval_seconds->high,
                                      normal.interval_seconds->high / zero.interval_seconds->low};
    }
    found.push_back(std::move(sensitivity));
  }
  return found;
}

std::string sensitivity_text(std::span<const Record> records) {
  const std::vector<Sensitivity> found = zeros_to_normal(records);
  if (found.empty()) return "";
  std::string text = "rate on zeros divided by rate on normal data, for compute-bound cases\n";
  for (const Sensitivity& one : found) {
    const Case& identity = one.normal->identity;
    text += printable(fmt::format("  {} {} {}: {:.3f}", identity.device, identity.implementation,
                                  identity.problem, one.ratio));
    if (one.interval) text += fmt::format(" [{:.3f}, {:.3f}]", one.interval->low, one.interval->high);
    text += fmt::format(" ({})\n", one.bound_how);
  }
  return text;
}

}  // namespace moat
