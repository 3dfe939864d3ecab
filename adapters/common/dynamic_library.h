// Opening a library whose file has several possible names. Must not know what is in it.
#pragma once

#include <span>
#include <string>

#include "kernels/implementation.h"

namespace moat {

/// A dlopen handle of the first name that loads, or why none does. Never closed: drivers leave threads and
/// exit handlers behind.
[[nodiscard]] OrUnsupported<void*> open_first(std::span<const std::string> names);

/// The file that holds `address`, links resolved; "unknown file" if none does.
[[nodiscard]] std::string file_of(const void* address);

}  // namespace moat
