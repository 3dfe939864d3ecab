// Reading and writing of strict JSON. Must not know what the documents contain.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>  // a second of compiling: for sources; headers include base/json_fields.h
#include <string>
#include <string_view>

#include "base/json_fields.h"

namespace moat {

/// One line if `indent` is negative. Never throws because of a string's bytes, and always writes valid JSON:
/// characters that `printable` (base/text.h) would replace stand there escaped, invalid UTF-8 becomes U+FFFD,
/// a number that is not finite becomes null.
[[nodiscard]] std::string strict_json(const Json& value, int indent = -1);

/// The number; null where it is not finite.
[[nodiscard]] Json finite_json(double value);

/// Strict parser for untrusted files: NaN, comments and nesting deeper than 64 levels are a UsageError that
/// begins with `where` ("records.jsonl:17").
[[nodiscard]] Json parse_json(std::string_view text, std::string_view where);

/// The same, with objects sorted by name. Unlike Json, objects with very many fields do not take quadratic
/// time; for untrusted files that may be large.
[[nodiscard]] nlohmann::json parse_sorted_json(std::string_view text, std::string_view where);

/// Throws UsageError if version `found` is newer than `known`; the message says to update moat.
void check_schema(std::int64_t found, int known, std::string_view what, std::string_view where);

}  // namespace moat
