// Text tables for a terminal: aligned columns that fit a width. Must not know what they are about.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/terminal.h"

namespace moat {

enum class Align : std::uint8_t { left, right };

struct TableOptions {
  std::size_t width = 0;  // columns of the terminal; 0: as wide as it takes (a pipe)
  bool colour = false;    // the caller knows about terminals and NO_COLOR
};

struct Column {
  std::string title;
  Align align = Align::left;
  int importance = 0;     // where the width is too small, the least important column shortens, then goes
  bool shortens = false;  // text may end in "…"; a number is shown whole or its column not at all
};

struct Cell {
  std::string text;
  Tone tone = Tone::plain;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// As many cells as columns. A cell's text is made printable.
  void add_row(std::vector<Cell> cells);
  /// Titles, then rows, each line ended and without blanks at its end. Columns without any text are left out;
  /// a line names those that the width leaves no room for.
  [[nodiscard]] std::string text(const TableOptions& options) const;
  /// Whether `width` (0: any) holds every column.
  [[nodiscard]] bool fits(std::size_t width) const { return fit(width).hidden.empty(); }

 private:
  struct Layout {
    std::vector<std::size_t> widths;  // 0: not shown
    std::vector<std::string> hidden;
  };
  [[nodiscard]] Layout fit(std::size_t width) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace moat
