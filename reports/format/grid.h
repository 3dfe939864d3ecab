// A table of a report as data: the same one becomes HTML, Markdown, CSV and JSON. Must not know findings or
// any of these formats' rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/factor.h"
#include "base/statistics.h"

namespace moat {

/// What a column holds and how it reads: text stays on its line, prose may break. Values are in base units:
/// operations or bytes per second, seconds, 1.
enum class GridKind : std::uint8_t {
  text,
  prose,
  command,
  status,
  count,
  rate,
  seconds,
  percent,
  factor,
  number
};
[[nodiscard]] std::string_view name(GridKind kind);

struct GridColumn {
  std::string key;  // in CSV and JSON: "operations_per_second"
  std::string title;
  GridKind kind = GridKind::text;
  std::string base{};     // of a rate: "FLOP/s"
  bool interval = false;  // values have ends: CSV has <key>_low and <key>_high, too
  bool hidden = false;    // only in CSV, JSON and for filters: another column says it to a reader
  std::string note{};     // what the title means
  /// "run {device}": what a cell says that is not worth keeping for each row; {key} is another column's text.
  std::string pattern{};
};

struct GridCell {
  std::string text;  // empty beside a value: as the column's kind reads
  std::optional<double> value;
  std::optional<Interval> ends;
  std::string base;  // where it is not the column's
  std::string note;  // more, for whoever asks
};

struct Grid {
  std::string id;  // "cases"
  std::string caption;
  std::vector<GridColumn> columns;
  std::vector<std::vector<GridCell>> rows;
  std::string empty;  // what to say without rows
};

[[nodiscard]] GridCell cell(std::string text);
[[nodiscard]] GridCell cell(double value);
[[nodiscard]] GridCell cell(const Factor& factor);
[[nodiscard]] GridCell cell(const std::optional<Factor>& factor);
[[nodiscard]] GridCell cell(const std::optional<double>& value);
[[nodiscard]] GridCell count_cell(std::size_t count);

/// "0.498", "12.3", "1.20e-05": three significant digits.
[[nodiscard]] std::string factor_text(double value);
/// "0.498 [0.451, 0.550]"; the value alone where it is exact.
[[nodiscard]] std::string factor_text(const Factor& factor);
/// The pattern of a column with the texts of the row.
[[nodiscard]] std::string pattern_text(const Grid& grid, const GridColumn& column,
                                       const std::vector<GridCell>& row);
/// As a reader sees it; "–" for nothing.
[[nodiscard]] std::string cell_text(const GridColumn& column, const GridCell& cell);
/// Whether its cells are aligned as numbers.
[[nodiscard]] bool is_numeric(const GridColumn& column);

}  // namespace moat
