// Sizes of memory for people. Must not know what lies in it.
#pragma once

#include <string>

namespace moat {

/// "1000 bytes", "2.5 GiB": four significant digits in the binary unit that fits.
[[nodiscard]] std::string bytes_text(double bytes);

}  // namespace moat
