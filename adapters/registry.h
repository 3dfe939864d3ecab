// The one list of adapters, written by CMake from the moat_add_adapter() lines.
#pragma once

#include <memory>
#include <vector>

#include "adapters/adapter.h"

namespace moat {

/// Fresh instances, in the order of adapters/CMakeLists.txt.
[[nodiscard]] std::vector<std::unique_ptr<Adapter>> make_adapters();

}  // namespace moat
