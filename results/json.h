// Records as strict JSON: the line that a run folder keeps and the object that `moat show --json` prints
// (docs/records.md). Must not know files or devices.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "results/devices.h"
#include "results/record.h"

namespace moat {

/// Objects keep the order they were filled in, so that output reads as documented.
using Json = nlohmann::ordered_json;

/// Version of the stored line and of the `moat show --json` object. Raised when a field changes its meaning,
/// its type or goes away; a new field leaves it as it is.
inline constexpr int record_schema = 1;

/// One line if `indent` is negative. Never throws for a string's bytes and never writes what JSON does not
/// know: invalid UTF-8 becomes U+FFFD, a number that is not finite becomes null.
[[nodiscard]] std::string strict_json(const Json& value, int indent = -1);

/// Strict parser for files from outside: refuses NaN, comments and nesting deeper than 64 levels with a
/// UsageError that begins with `where` ("records.jsonl:17").
[[nodiscard]] Json parse_json(std::string_view text, std::string_view where);

/// The same, with objects sorted by name: one with very many fields costs no quadratic time, as it does in
/// Json. For files from outside that may be large.
[[nodiscard]] nlohmann::json parse_sorted_json(std::string_view text, std::string_view where);

/// Throws UsageError if `found` is newer than `known`: which versions, and to update moat.
void check_schema(std::int64_t found, int known, std::string_view what, std::string_view where);

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
