// Legends, laid out by the number of characters: no font is at hand.
#include "reports/svg/legend.h"

#include "base/terminal.h"

namespace moat {
namespace {

constexpr double row_height = 18;
constexpr double character = 6.3;  // of 11 pixels in height, on the safe side

double sample_width(const LegendEntry& entry) {
  return entry.mark ? 14 : entry.line.empty() ? 0 : 32;
}

}  // namespace

double draw_legend(Canvas& canvas, Point at, const std::vector<LegendEntry>& entries) {
  if (entries.empty()) return at.y;
  Point place{at.x, at.y + 12};
  for (const LegendEntry& entry : entries) {
    const std::string text = cut(entry.text, 100);
    const double wide = sample_width(entry) + character * static_cast<double>(display_width(text)) + 18;
    if (place.x > at.x && place.x + wide > canvas.width()) place = {at.x, place.y + row_height};
    canvas.open(entry.tags);
    if (entry.mark) {
      canvas.mark({place.x + 5, place.y - 4}, *entry.mark);
    } else if (!entry.line.empty()) {
      canvas.line({place.x, place.y - 4}, {place.x + 26, place.y - 4}, entry.line);
    }
    canvas.text({place.x + sample_width(entry), place.y}, text, "s");
    canvas.close();
    place.x += wide;
  }
  return place.y + 8;
}

}  // namespace moat
