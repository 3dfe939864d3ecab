// Strict JSON: how this house writes and reads it. Must not know what is in it.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>  // a second of compiling: for sources; headers include base/json_fields.h
#include <string>
#include <string_view>

namespace moat {

/// Objects keep the order they were filled in, so that output reads as documented.
using Json = nlohmann::ordered_json;

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

}  // namespace moat
