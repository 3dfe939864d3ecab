// Checks on the content of imported records, in addition to their form: ranges, and agreement with the
// problem. They do not apply when a store is read. Must not know files or devices.
#pragma once

#include <cstddef>
#include <string_view>

#include "results/record.h"

namespace moat {

/// Limits of one imported line.
struct ImportLimits {
  static constexpr std::size_t text_bytes = std::size_t{64} << 10;
  static constexpr std::size_t log_bytes = std::size_t{1} << 20;  // a compiler may say much
  static constexpr std::size_t elements = 10'000'000;             // of an array, as of the samples
  static constexpr double amount = 1e24;                          // operations, bytes
};

/// Checks what parsing does not detect: a name twice in one object, a text or an array beyond its limit.
/// Throws UsageError that begins with `where` and names the field. Accepts text that is not JSON.
void check_imported_line(std::string_view line, std::string_view where);

/// Checks that numbers are possible, and that operator, types and work are the problem's. Throws as above.
void check_imported_record(const Record& record, std::string_view where);

}  // namespace moat
