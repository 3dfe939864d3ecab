// The files in /dev through which the usual GPU drivers reach their devices, and whether this user may open
// them. Must not know any driver's interface.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace moat {

/// Those of AMD's and NVIDIA's drivers, there or not, and every render node of the kernel's.
[[nodiscard]] std::vector<std::filesystem::path> device_nodes();

/// Which of `nodes` exist but are closed to this user, and what to do; empty if none is.
[[nodiscard]] std::string explain_permissions(std::span<const std::filesystem::path> nodes);

}  // namespace moat
