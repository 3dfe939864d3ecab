// What drivers say about their devices, and the words for what they do not say.
// Knows no queue, buffer or kernel.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/vulkan/instance.h"

namespace moat::vulkan {

/// A driver's answers, copied out of the chains they come in.
struct Facts {
  VkPhysicalDevice device = VK_NULL_HANDLE;
  VkPhysicalDeviceProperties properties{};
  VkPhysicalDeviceVulkan11Properties properties_11{};
  VkPhysicalDeviceVulkan12Properties properties_12{};
  VkPhysicalDeviceFeatures features{};
  VkPhysicalDeviceVulkan11Features features_11{};
  VkPhysicalDeviceVulkan12Features features_12{};
  bool has_integer_dot = false;
  bool fixes_subgroups =
      false;  // a compute pipeline may ask for full subgroups of properties_11.subgroupSize
  VkPhysicalDeviceShaderIntegerDotProductProperties integer_dot{};
  std::optional<VkPhysicalDevicePCIBusInfoPropertiesEXT> pci;
  std::uint32_t compute_units = 0;  // 0: no extension tells
  bool has_matrices_khr = false;    // VK_KHR_cooperative_matrix in compute shaders, with what it needs
  bool has_matrices_nv = false;     // its forerunner, VK_NV_cooperative_matrix
  std::vector<MatrixShape> matrix_shapes;
  VkPhysicalDeviceMemoryProperties memory{};
  std::uint32_t queue_family = 0;
  VkQueueFamilyProperties queue{};
  std::set<std::string, std::less<>> extensions;
};

/// Every usable device of every driver, in the loader's order, and a sentence for each that is left out.
struct Enumeration {
  std::vector<Facts> devices;
  std::vector<std::string> failures;
};
[[nodiscard]] Enumeration enumerate(Instance& instance);

/// `loader` is the file that the driver was reached through.
[[nodiscard]] DeviceInfo describe(const std::string& loader, const Facts& facts);

/// Whether the queue's timestamps can be had: valid bits and a period.
[[nodiscard]] bool has_timestamps(const Facts& facts);

/// Memory for buffers: of the largest device-local heap, mappable where the device's memory is the host's, so
/// that copies need no staging; not mappable on discrete devices, whose mapped memory the host reads slowly.
/// Nothing if `allowed` (bits by type) has none.
[[nodiscard]] std::optional<std::uint32_t> choose_memory_type(const VkPhysicalDeviceMemoryProperties& memory,
                                                              VkPhysicalDeviceType type,
                                                              std::uint32_t allowed);
/// Memory that the host reads and writes, for staging.
[[nodiscard]] std::optional<std::uint32_t> choose_staging_type(const VkPhysicalDeviceMemoryProperties& memory,
                                                               std::uint32_t allowed);

}  // namespace moat::vulkan
