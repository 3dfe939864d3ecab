// A run's facts as the JSON of run.json (docs/records.md). Must not know files or devices.
#pragma once

#include <string_view>

#include "results/store/run.h"

namespace moat {

/// An entry of `devices`.
[[nodiscard]] Json device_json(const RunDevice& device);
[[nodiscard]] Json info_json(const RunInfo& info);
/// Reads what info_json wrote; unknown fields are skipped. Throws UsageError that begins with `where`.
[[nodiscard]] RunInfo parse_info(std::string_view text, std::string_view where);

}  // namespace moat
