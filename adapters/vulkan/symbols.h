// Finds the Vulkan loader at run time and its entry points by name. Knows no device.
#pragma once

#include <functional>
#include <string>

#include "adapters/common/library_files.h"
#include "adapters/vulkan/abi.h"
#include "kernels/implementation.h"

namespace moat::vulkan {

/// Entry points, and the file they come from.
/// Those of the instance and the device are found once there is one.
struct VulkanSymbols {
  std::string path;
  // NOLINTNEXTLINE(readability-identifier-naming): Vulkan's name, as those below
  PFN_vkGetInstanceProcAddr vkGetInstanceProcAddr = nullptr;
#define MOAT_VULKAN_MEMBER(name) PFN_##name name = nullptr;
  MOAT_VULKAN_GLOBAL_FUNCTIONS(MOAT_VULKAN_MEMBER)
  MOAT_VULKAN_INSTANCE_FUNCTIONS(MOAT_VULKAN_MEMBER)
  MOAT_VULKAN_OPTIONAL_INSTANCE_FUNCTIONS(MOAT_VULKAN_MEMBER)
  MOAT_VULKAN_DEVICE_FUNCTIONS(MOAT_VULKAN_MEMBER)
#undef MOAT_VULKAN_MEMBER
};

/// Replaces entry points after each step that finds some, so that tests can make drivers fail.
using Substitution = std::function<void(VulkanSymbols&)>;

/// Uses the Vulkan that is already in the process, if there is one, else the first of `files` that serves.
/// Libraries stay loaded: drivers leave threads and exit handlers behind. Unsupported tells what was tried,
/// with the dynamic linker's words, or which entry point is missing.
[[nodiscard]] OrUnsupported<VulkanSymbols> load_loader(const LibraryFiles& files);
/// The loader unloads drivers and layers with the last instance, although they leave threads, exit handlers
/// and memory behind. Whatever is loaded now stays, which also makes the next instance quick.
void keep_libraries_loaded();
/// Throws DeviceError with the names of missing entry points.
void load_instance(VulkanSymbols& symbols, VkInstance instance);
void load_device(VulkanSymbols& symbols, VkDevice device);

}  // namespace moat::vulkan
