// The files in /dev through which the usual GPU drivers reach their devices, and whether this user may open
// them. Must not know any driver's interface.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace moat {

/// The device nodes of AMD's and NVIDIA's drivers,
/// whether they exist or not, and every render node of the kernel.
[[nodiscard]] std::vector<std::filesystem::path> device_nodes();

/// A sentence that names those of `nodes` that exist but that this user may not open, and says what to do.
/// Empty if there are none.
[[nodiscard]] std::string explain_permissions(std::span<const std::filesystem::path> nodes);

}  // namespace moat
