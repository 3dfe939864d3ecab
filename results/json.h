// Records as strict JSON: the line stored in a run folder and the object that `moat show --json` prints
// (docs/records.md). Must not know files or devices.
#pragma once

#include <string>
#include <string_view>

#include "base/json_fields.h"
#include "results/devices.h"
#include "results/record.h"

namespace moat {

/// Version of the stored line and of the `moat show --json` object. It increases when a field changes its
/// meaning or type or is removed, but not when a field is added.
inline constexpr int record_schema = 2;

[[nodiscard]] Json record_json(const Record& record);

/// Reads what record_json wrote. Unknown fields are skipped. A missing field, a wrong type, an unknown name
/// or a newer schema is a UsageError that begins with `where` and names the field. A null instead of a number
/// is read as NaN, in max_error as infinity.
[[nodiscard]] Record parse_record(std::string_view line, std::string_view where);

/// The documented object: the stored fields, with samples, error and work at the top level, and the figures
/// computed from them. `run` is the run's id; without `physical`, no two devices are the same.
[[nodiscard]] Json show_json(const Record& record, std::string_view run,
                             const PhysicalDevices& physical = {});

}  // namespace moat
