// The unit that fits.
#include "base/bytes.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace moat {

std::string bytes_text(double bytes) {
  constexpr std::array<std::string_view, 7> units{"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < units.size(); ++unit) bytes /= 1024;
  return fmt::format("{:.4g} {}", bytes, units.at(unit));
}

}  // namespace moat
