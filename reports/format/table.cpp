// Layout of text tables.
#include "reports/format/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "base/text.h"

namespace moat {
namespace {

constexpr std::size_t gap = 2;        // blanks between columns
constexpr std::size_t shortest = 10;  // to what a column that shortens does so

std::string padded(const std::string& text, std::size_t width, Align align) {
  const std::string blanks(width - std::min(width, display_width(text)), ' ');
  return align == Align::left ? text + blanks : blanks + text;
}

}  // namespace

void Table::add_row(std::vector<Cell> cells) {
  if (cells.size() != columns_.size())
    throw std::logic_error("a row has as many cells as the table has columns");
  for (Cell& cell : cells) cell.text = printable(cell.text);
  rows_.push_back(std::move(cells));
}

Table::Layout Table::fit(std::size_t width) const {
  Layout layout{std::vector<std::size_t>(columns_.size()), {}};
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    for (const auto& row : rows_) layout.widths[i] = std::max(layout.widths[i], display_width(row[i].text));
    if (layout.widths[i] > 0) layout.widths[i] = std::max(layout.widths[i], display_width(columns_[i].title));
  }
  const auto total = [&] {
    std::size_t sum = 0;
    for (const std::size_t column : layout.widths) sum += column > 0 ? column + gap : 0;
    return sum > 0 ? sum - gap : 0;
  };
  if (width == 0) return layout;

  std::vector<std::size_t> order(columns_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return columns_[a].importance < columns_[b].importance;
  });
  for (const std::size_t i : order) {
    const bool is_last = layout.widths[i] == total();
    if (total() <= width || is_last) break;
    if (layout.widths[i] == 0) continue;
    const std::size_t least = std::max(shortest, display_width(columns_[i].title));
    if (columns_[i].shortens && layout.widths[i] > least) {
      layout.widths[i] = std::max(least, layout.widths[i] - std::min(layout.widths[i], total() - width));
      if (total() <= width) break;
    }
    layout.widths[i] = 0;
    layout.hidden.push_back(columns_[i].title);
  }
  return layout;
}

std::string Table::text(const TableOptions& options) const {
  const Layout layout = fit(options.width);
  const auto line = [&](const auto& cell_at) {
    std::string made;
    std::size_t blanks = 0;  // written only when more text follows
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (layout.widths[i] == 0) continue;
      const Cell cell = cell_at(i);
      const std::string field =
          padded(shortened(cell.text, layout.widths[i]), layout.widths[i], columns_[i].align);
      const std::size_t begin = std::min(field.find_first_not_of(' '), field.size());
      const std::size_t end = field.find_last_not_of(' ') + 1;  // npos + 1 is 0
      if (begin < end) {
        made += std::string(blanks + begin, ' ');
        made += coloured(std::string_view(field).substr(begin, end - begin), cell.tone, options.colour);
        blanks = field.size() - end;
      } else {
        blanks += field.size();
      }
      blanks += gap;
    }
    return made + "\n";
  };
  std::string made = line([&](std::size_t i) { return Cell{columns_[i].title, Tone::strong}; });
  for (const auto& row : rows_) made += line([&](std::size_t i) { return row[i]; });
  if (!layout.hidden.empty()) {
    made +=
        coloured(fmt::format("(no room for: {})", join(layout.hidden, ", ")), Tone::faint, options.colour) +
        "\n";
  }
  return made;
}

}  // namespace moat
