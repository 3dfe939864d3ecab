// Records as strict JSON: the line that a run folder keeps and the object that `moat show --json` prints
// (docs/records.md). Must not know files or devices.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "results/devices.h"
#include "results/record.h"

namespace moat {

/// Version of the stored line and of the `moat show --json` object. Raised when a field changes its meaning,
/// its type or goes away; a new field leaves it as it is.
inline constexpr int record_schema = 1;

[[nodiscard]] Json record_json(const Record& record);

/// Reads what record_json wrote. Unknown fields are skipped; a missing or ill-typed one, an unknown name or a
/// newer schema is a UsageError that begins with `where` and names the field. A null in a number's place
/// reads as NaN, in max_error as infinity.
[[nodiscard]] Record parse_record(std::string_view line, std::string_view where);

/// The documented object: the stored fields with samples, error and work at the top, and what is computed
/// from them. `run` is the run's id; without `physical`, every device is alone.
[[nodiscard]] Json show_json(const Record& record, std::string_view run,
                             const PhysicalDevices& physical = {});

}  // namespace moat
