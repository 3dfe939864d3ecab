// Tables for tests of formats: a small one, and random ones.
#pragma once

#include <cmath>
#include <random>
#include <string>

#include "reports/format/grid.h"

namespace moat::test {

inline Grid small_grid() {
  return {.id = "t",
          .caption = "A table",
          .columns =
              {{.key = "name", .title = "name"},
               {.key = "rate", .title = "rate", .kind = GridKind::rate, .base = "FLOP/s", .interval = true},
               {.key = "type", .title = "type", .shown = GridShown::as_data},
               {.key = "share", .title = "share", .kind = GridKind::percent}},
          .rows = {{cell("a"), cell(Factor{2e9, 1e9, 3e9}), cell("f32"), cell(0.5)},
                   {cell("=b"), {}, cell("f16"), {}}},
          .empty = "nothing"};
}

/// Every kind of column and cell; texts of letters alone, so that no format has to escape them.
inline Grid random_grid(std::mt19937_64& random) {
  const auto below = [&](std::size_t most) { return static_cast<std::size_t>(random() % most); };
  const auto word = [&](std::size_t longest) {
    std::string made(1 + below(longest), 'a');
    for (char& letter : made) letter = static_cast<char>('a' + below(26));
    return made;
  };
  Grid grid{.id = word(8), .caption = word(20), .empty = word(20)};
  for (std::size_t i = 0, columns = 1 + below(8); i < columns; ++i) {
    GridColumn column{.key = word(8) + std::to_string(i),
                      .title = word(12),
                      .kind = static_cast<GridKind>(below(10)),
                      .base = "B/s",
                      .importance = static_cast<int>(below(5))};
    column.interval = column.kind == GridKind::factor || column.kind == GridKind::rate;
    column.shortens = !is_numeric(column) && below(2) == 0;
    grid.columns.push_back(std::move(column));
  }
  for (std::size_t i = 0, rows = 1 + below(6); i < rows; ++i) {
    GridRow& row = grid.rows.emplace_back();
    for (const GridColumn& column : grid.columns) {
      const double value = std::exp2(static_cast<double>(below(60)) - 20);
      const std::size_t what = below(4);
      if (what == 0) {
        row.emplace_back();
      } else if (!is_numeric(column)) {
        row.push_back(cell(word(25)));
      } else if (what == 1) {
        row.push_back(cell(value, word(10)));
      } else {
        row.push_back(column.interval ? cell(Factor{value, value * 0.9, value * 1.1}) : cell(value));
      }
    }
  }
  return grid;
}

}  // namespace moat::test
