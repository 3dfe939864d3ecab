// Pairs of records that differ in their data only.
#include "results/sensitivity.h"

#include <algorithm>
#include <map>

#include "results/figures.h"
#include "results/roofs.h"

namespace moat {
namespace {

bool is_measured(const Record& record) {
  return record.status == Status::ok && record.provenance == Provenance::measured;
}

std::optional<double> measured_ridge(std::span<const Roofs> roofs, const Record& record) {
  const auto found = std::ranges::find(roofs, record.identity.device, &Roofs::device);
  return found == roofs.end() ? std::nullopt : ridge_intensity(*found, record.types.input);
}

bool is_above(const Work& work, double operations_per_byte) {
  return work.bytes() > 0 && work.operations / work.bytes() > operations_per_byte;
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
  const std::vector<Roofs> roofs = measured_roofs(records, more);
  std::vector<Sensitivity> found;
  for (const Record& record : records) {
    if (!is_measured(record) || record.identity.conditions.data != Data::normal) continue;
    const auto pair = zeros.find(record.identity.id());
    if (pair == zeros.end()) continue;
    const std::optional<double> ridge = measured_ridge(roofs, record);
    const Figures normal = figures(record);
    const Figures zero = figures(*pair->second);
    if (!is_above(record.work, ridge.value_or(usual_ridge_intensity)) || !normal.bytes_per_second ||
        !zero.bytes_per_second)
      continue;
    Sensitivity sensitivity{&record, *normal.median_seconds / *zero.median_seconds, {}, ridge};
    if (normal.interval_seconds && zero.interval_seconds && zero.interval_seconds->low > 0) {
      sensitivity.interval = Interval{normal.interval_seconds->low / zero.interval_seconds->high,
                                      normal.interval_seconds->high / zero.interval_seconds->low};
    }
    found.push_back(sensitivity);
  }
  return found;
}

}  // namespace moat
