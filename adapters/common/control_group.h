// What the control groups of this process grant. Must not know devices. The reader takes a root.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

namespace moat {

/// Limits of the control groups that hold this process, version 1 or 2, itself and every ancestor.
/// `root` stands for "/", so that tests can lay out their own.
struct CgroupLimits {
  std::optional<std::size_t>
      memory_bytes_left;  // limit minus use, file cache that can be dropped not counted
  std::optional<std::size_t> memory_bytes_limit;
  std::optional<double> cpus;  // quota / period
};
[[nodiscard]] CgroupLimits read_cgroups(const std::filesystem::path& root);

/// `bytes`, or the control groups' limit if that is lower: the memory of a device that is the processor.
[[nodiscard]] std::size_t granted_memory(std::size_t bytes);

}  // namespace moat
