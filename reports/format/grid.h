// A table as data: the one way from a finding to a terminal, HTML, Markdown, CSV and JSON. Must not know
// findings or any of these formats' rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/factor.h"
#include "base/statistics.h"
#include "base/terminal.h"

namespace moat {

/// What a column holds and how it reads: text stays on its line, prose may break. Values are in base units:
/// operations or bytes per second, seconds, 1. Numbers stand at the right, everything else at the left.
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

/// Where a column is shown. CSV, JSON and the page's filters have those of pages, too.
enum class GridShown : std::uint8_t {
  everywhere,
  on_pages,     // HTML and Markdown, which have room
  as_data,      // CSV, JSON and filters alone: another column says it to a reader
  on_terminals  // what pages draw better: a bar
};

/// Filled by name: {.key = "device", .title = "device"}.
struct GridColumn {
  std::string key{};    // in CSV and JSON: "operations_per_second"
  std::string title{};  // as in the middle of a sentence; pages begin it with a capital (page_title)
  GridKind kind = GridKind::text;
  std::string base{};     // of a rate: "FLOP/s"
  bool interval = false;  // values have ends: CSV has <key>_low and <key>_high, too
  GridShown shown = GridShown::everywhere;
  std::string note{};  // what the title means
  /// "run {device}": what a cell says that is not worth keeping for each row; {key} is another column's text.
  std::string pattern{};
  /// On a terminal that is too narrow the least important column shortens, then goes; `device` is the last.
  int importance = 0;
  bool shortens = false;  // text may end in "…"; a number is shown whole or its column not at all
  bool groups = false;    // a terminal does not repeat a text below itself
  std::string heading{};  // a terminal's title, which has no caption above; empty: `title`
};

struct GridCell {
  std::string text{};  // empty beside a value: as the column's kind reads
  std::optional<double> value{};
  std::optional<Interval> ends{};
  std::string base{};  // where it is not the column's
  std::string note{};  // more, for whoever asks
  Tone tone = Tone::plain;
};
using GridRow = std::vector<GridCell>;

struct Grid {
  std::string id{};  // "cases"
  std::string caption{};
  std::vector<GridColumn> columns{};
  std::vector<GridRow> rows{};       // each as long as `columns`
  std::string empty{};               // what to say without rows
  std::vector<std::string> notes{};  // below the table
};

[[nodiscard]] GridCell cell(std::string text, Tone tone = Tone::plain);
[[nodiscard]] GridCell cell(std::string_view text, Tone tone = Tone::plain);
[[nodiscard]] GridCell cell(const char* text, Tone tone = Tone::plain);
/// Nothing for what is not finite.
[[nodiscard]] GridCell cell(double value);
[[nodiscard]] GridCell cell(const Factor& factor);
[[nodiscard]] GridCell cell(const std::optional<Factor>& factor);
[[nodiscard]] GridCell cell(const std::optional<double>& value);
/// A value that reads otherwise than its column's kind does.
[[nodiscard]] GridCell cell(double value, std::string text, Tone tone = Tone::plain);
[[nodiscard]] GridCell count_cell(std::size_t count);

/// The pattern of a column with the texts of the row.
[[nodiscard]] std::string pattern_text(const Grid& grid, const GridColumn& column, const GridRow& row);
/// As a reader sees it, in every format; "–" for nothing.
[[nodiscard]] std::string cell_text(const GridColumn& column, const GridCell& cell);
/// The same without the ends of an interval, where there is no room for them.
[[nodiscard]] std::string brief_text(const GridColumn& column, const GridCell& cell);
/// A column's title at the head of a page's table: "Median", but "f32" and "host:0".
[[nodiscard]] std::string page_title(const GridColumn& column);
[[nodiscard]] bool is_on_terminals(const GridColumn& column);
[[nodiscard]] bool is_on_pages(const GridColumn& column);
/// In CSV and JSON.
[[nodiscard]] bool is_data(const GridColumn& column);
/// Whether its cells are aligned as numbers.
[[nodiscard]] bool is_numeric(const GridColumn& column);
/// Place of the column with this key; throws std::logic_error for none.
[[nodiscard]] std::size_t column_place(const Grid& grid, std::string_view key);

/// The grid with only those rows that `keep(row)` says.
template <class Keep>
[[nodiscard]] Grid rows_where(Grid grid, const Keep& keep) {
  std::erase_if(grid.rows, [&](const GridRow& row) { return !keep(row); });
  return grid;
}

}  // namespace moat
