// The list of all adapters. CMake writes it from the moat_add_adapter() calls in adapters/*/CMakeLists.txt.
#pragma once

#include <memory>
#include <vector>

#include "adapters/adapter.h"

namespace moat {

/// A new instance of each adapter, in the order of adapters/CMakeLists.txt.
[[nodiscard]] std::vector<std::unique_ptr<Adapter>> make_adapters();

}  // namespace moat
