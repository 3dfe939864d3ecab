// What a record from elsewhere must hold beyond its form before it enters a store: ranges and agreement with
// its problem. One's own store is read without. Must not know files or devices.
#pragma once

#include <cstddef>
#include <string_view>

#include "results/record.h"

namespace moat {

/// Of one line that is imported.
struct ImportLimits {
  static constexpr std::size_t text_bytes = std::size_t{64} << 10;
  static constexpr std::size_t log_bytes = std::size_t{1} << 20;  // a compiler may say much
  static constexpr std::size_t elements = 10'000'000;             // of an array, as of the samples
  static constexpr double amount = 1e24;                          // operations, bytes
};

/// What parsing does not show: a name twice in one object, a text or an array beyond its limit. Throws
/// UsageError that begins with `where` and names the field. Says nothing of what is no JSON at all.
void check_imported_line(std::string_view line, std::string_view where);

/// Numbers within what can be, and operator, types and work those of the problem. Throws as above.
void check_imported_record(const Record& record, std::string_view where);

}  // namespace moat
