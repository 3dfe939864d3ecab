// Opens a shared library whose file may have one of several names. Must not know what is in it.
#pragma once

#include <span>
#include <string>

#include "kernels/implementation.h"

namespace moat {

/// The dlopen handle of the first of `names` that loads, or the dynamic linker's message for each. Handles
/// are never closed, because drivers leave threads and exit handlers behind.
[[nodiscard]] OrUnsupported<void*> open_first(std::span<const std::string> names);

/// The path of the loaded file that `address` lies in,
/// with symbolic links resolved; "unknown file" if there is none.
[[nodiscard]] std::string file_of(const void* address);

}  // namespace moat
