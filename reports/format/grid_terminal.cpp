// Layout of tables on a terminal.
#include "reports/format/grid_terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/text.h"

namespace moat {
namespace {

constexpr std::size_t gap = 2;        // blanks between columns
constexpr std::size_t shortest = 10;  // to what a column that shortens does so

using CellText = std::string (*)(const GridColumn&, const GridCell&);

/// One column with the texts that a terminal shows of it.
struct Strip {
  const GridColumn* column = nullptr;
  std::string title;
  std::vector<std::string> texts;
  std::vector<Tone> tones;
  std::size_t width = 0;  // 0: not shown
};

std::vector<Strip> strips_of(const Grid& grid, CellText text_of) {
  std::vector<Strip> strips;
  for (std::size_t i = 0; i < grid.columns.size(); ++i) {
    const GridColumn& column = grid.columns[i];
    if (!is_on_terminals(column)) continue;
    Strip strip{&column, printable(column.heading.empty() ? column.title : column.heading), {}, {}, 0};
    const GridCell* above = nullptr;
    for (const GridRow& row : grid.rows) {
      const GridCell& cell = row.at(i);
      const bool repeats = column.groups && above != nullptr && above->text == cell.text;
      strip.texts.push_back(repeats ? "" : printable(text_of(column, cell)));
      strip.tones.push_back(cell.tone);
      strip.width = std::max(strip.width, display_width(strip.texts.back()));
      above = &cell;
    }
    if (strip.width > 0) strip.width = std::max(strip.width, display_width(strip.title));
    strips.push_back(std::move(strip));
  }
  return strips;
}

std::size_t total_width(const std::vector<Strip>& strips) {
  std::size_t sum = 0;
  for (const Strip& strip : strips) sum += strip.width > 0 ? strip.width + gap : 0;
  return sum > 0 ? sum - gap : 0;
}

/// Makes a column that shortens narrower by what is too much, as far as that goes.
void shorten(Strip& strip, std::size_t excess) {
  const std::size_t least = std::max(shortest, display_width(strip.title));
  if (!strip.column->shortens || strip.width <= least) return;
  strip.width = std::max(least, strip.width - std::min(strip.width, excess));
}

/// Rows without their device cannot be told apart, whatever else they name: it stays longest.
bool is_device(const Strip& strip) {
  return strip.column->key == "device";
}

/// Whether the device's column makes room for this one, which is more important, by shortening.
bool device_makes_room(std::vector<Strip>& strips, const Strip& strip, std::size_t width) {
  const auto device = std::ranges::find_if(strips, is_device);
  if (device == strips.end() || is_device(strip) || device->width == 0) return false;
  if (device->column->importance >= strip.column->importance) return false;
  const std::size_t before = device->width;
  shorten(*device, total_width(strips) - width);
  if (total_width(strips) <= width) return true;
  device->width = before;
  return false;
}

/// Shortens and leaves out columns until `width` holds the others; returns the titles of those left out.
std::vector<std::string> fit(std::vector<Strip>& strips, std::size_t width) {
  std::vector<std::string> left_out;
  std::vector<std::size_t> order(strips.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto rank = [&](std::size_t place) {
    return std::pair(is_device(strips[place]), strips[place].column->importance);
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  for (const std::size_t i : order) {
    Strip& strip = strips[i];
    const std::size_t total = total_width(strips);
    if (total <= width) break;
    if (strip.width == 0) continue;
    if (device_makes_room(strips, strip, width)) break;
    const bool is_last = strip.width == total;
    shorten(strip, total - width);
    if (is_last || total_width(strips) <= width) break;
    strip.width = 0;
    left_out.push_back(strip.title);
  }
  return left_out;
}

std::string padded(const std::string& text, std::size_t width, bool to_the_right) {
  const std::string blanks(width - std::min(width, display_width(text)), ' ');
  return to_the_right ? blanks + text : text + blanks;
}

/// One line: `text_and_tone(strip)` of every column that is shown.
template <class TextAndTone>
std::string line(const std::vector<Strip>& strips, bool colour, const TextAndTone& text_and_tone) {
  std::string made;
  std::size_t blanks = 0;  // written only when more text follows
  for (const Strip& strip : strips) {
    if (strip.width == 0) continue;
    const auto [text, tone] = text_and_tone(strip);
    const std::string field = padded(shortened(text, strip.width), strip.width, is_numeric(*strip.column));
    const std::size_t begin = std::min(field.find_first_not_of(' '), field.size());
    const std::size_t end = field.find_last_not_of(' ') + 1;  // npos + 1 is 0
    if (begin < end) {
      made += std::string(blanks + begin, ' ');
      made += coloured(std::string_view(field).substr(begin, end - begin), tone, colour);
      blanks = field.size() - end;
    } else {
      blanks += field.size();
    }
    blanks += gap;
  }
  return made + "\n";
}

std::string no_room(const std::string& what, bool colour) {
  return coloured(fmt::format("(no room for: {})", what), Tone::faint, colour) + "\n";
}

}  // namespace

std::string terminal_table(const Grid& grid, const TableOptions& options) {
  if (grid.rows.empty()) return grid.empty.empty() ? "" : printable(grid.empty) + "\n";
  std::vector<Strip> strips = strips_of(grid, cell_text);
  std::vector<std::string> left_out;
  if (options.width > 0 && total_width(strips) > options.width) {
    const std::size_t whole = total_width(strips);
    strips = strips_of(grid, brief_text);
    const bool without_ends = total_width(strips) < whole;
    left_out = fit(strips, options.width);
    if (without_ends) left_out.insert(left_out.begin(), "the ends of intervals");
  }
  std::string made =
      line(strips, options.colour, [](const Strip& strip) { return std::pair(strip.title, Tone::strong); });
  for (std::size_t row = 0; row < grid.rows.size(); ++row) {
    made += line(strips, options.colour,
                 [&](const Strip& strip) { return std::pair(strip.texts[row], strip.tones[row]); });
  }
  if (!left_out.empty()) made += no_room(join(left_out, ", "), options.colour);
  for (const std::string& note : grid.notes) made += "  " + printable(note) + "\n";
  return made;
}

}  // namespace moat
