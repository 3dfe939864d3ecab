// Comma-separated values as RFC 4180 has them: read strictly, written so that no spreadsheet takes text for a
// formula. Must not know what the columns mean.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace moat {

struct CsvLimits {
  static constexpr std::size_t bytes = std::size_t{16} << 20;  // of a file
  static constexpr std::size_t rows = 100'001;                 // with the header
  static constexpr std::size_t fields = 64;                    // in a row
  static constexpr std::size_t field_bytes = 4096;
};

struct CsvRow {
  std::size_t line = 0;  // where it begins, counted from 1
  std::vector<std::string> fields;
};

/// Rows in their order; blank lines are passed over, as is a byte order mark. Blanks around a field count
/// only within quotes. Each row has as many fields as the first. Throws UsageError that begins with `where`
/// and the line for quotes that RFC 4180 does not know, rows of other lengths and whatever exceeds the
/// limits. An apostrophe that csv_text put before a formula is taken away.
[[nodiscard]] std::vector<CsvRow> parse_csv(std::string_view text, std::string_view where);

/// `text` as a quoted field. Spreadsheets take for a formula what begins with = + - @ (or their full-width
/// siblings), and may do so beyond blanks; such text gets an apostrophe before it, as do texts that begin
/// with apostrophes before such a thing, so that parse_csv gives back what was written. Being always quoted,
/// text cannot begin a field where a spreadsheet separates by semicolons either.
[[nodiscard]] std::string csv_text(std::string_view text);

/// The shortest text that reads back as the same number.
[[nodiscard]] std::string csv_number(double value);

}  // namespace moat
