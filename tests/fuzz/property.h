// What a fuzz target calls when a property does not hold:
// libFuzzer and CTest both take an abort for a failure.
#pragma once

#include <cstdlib>
#include <iostream>
#include <string_view>

namespace moat {

inline void require_property(bool holds, std::string_view property) {
  if (holds) return;
  std::cerr << "property violated: " << property << std::endl;
  std::abort();
}

}  // namespace moat
