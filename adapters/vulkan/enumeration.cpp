// Asking the drivers: which devices there are, what they can do, and why some are left out.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/vulkan/chain.h"
#include "adapters/vulkan/check.h"
#include "adapters/vulkan/info.h"
#include "adapters/vulkan/matrices.h"
#include "base/error.h"

namespace moat::vulkan {
namespace {

std::set<std::string, std::less<>> extensions_of(const VulkanSymbols& vk, VkPhysicalDevice device) {
  std::uint32_t count = 0;
  MOAT_VULKAN_CHECK(vk.vkEnumerateDeviceExtensionProperties(device, nullptr, &count, nullptr));
  std::vector<VkExtensionProperties> extensions(count);
  MOAT_VULKAN_CHECK(vk.vkEnumerateDeviceExtensionProperties(device, nullptr, &count, extensions.data()));
  extensions.resize(count);
  std::set<std::string, std::less<>> names;
  for (const VkExtensionProperties& extension : extensions) names.insert(extension.extensionName);
  return names;
}

VkPhysicalDeviceProperties properties_of(const VulkanSymbols& vk, VkPhysicalDevice device) {
  auto properties = structure<VkPhysicalDeviceProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2);
  vk.vkGetPhysicalDeviceProperties2(device, &properties);
  return properties.properties;
}

bool knows_integer_dot(const Facts& facts) {
  return facts.properties.apiVersion >= VK_API_VERSION_1_3 ||
         facts.extensions.contains(VK_KHR_SHADER_INTEGER_DOT_PRODUCT_EXTENSION_NAME);
}

/// Multiprocessors, compute units or cores, by the vendors' extensions.
void ask_compute_units(const VulkanSymbols& vk, Facts& facts) {
  auto properties = structure<VkPhysicalDeviceProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2);
  auto nvidia = structure<VkPhysicalDeviceShaderSMBuiltinsPropertiesNV>(
      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_SM_BUILTINS_PROPERTIES_NV);
  auto amd = structure<VkPhysicalDeviceShaderCorePropertiesAMD>(
      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_CORE_PROPERTIES_AMD);
  auto arm = structure<VkPhysicalDeviceShaderCoreBuiltinsPropertiesARM>(
      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_CORE_BUILTINS_PROPERTIES_ARM);
  if (facts.extensions.contains(VK_NV_SHADER_SM_BUILTINS_EXTENSION_NAME)) chain_to(properties, nvidia);
  if (facts.extensions.contains(VK_AMD_SHADER_CORE_PROPERTIES_EXTENSION_NAME)) chain_to(properties, amd);
  if (facts.extensions.contains(VK_ARM_SHADER_CORE_BUILTINS_EXTENSION_NAME)) chain_to(properties, arm);
  vk.vkGetPhysicalDeviceProperties2(facts.device, &properties);
  facts.compute_units =
      std::max({nvidia.shaderSMCount, arm.shaderCoreCount,
                amd.shaderEngineCount * amd.shaderArraysPerEngineCount * amd.computeUnitsPerShaderArray});
}

void ask_properties(const VulkanSymbols& vk, Facts& facts) {
  auto properties = structure<VkPhysicalDeviceProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2);
  facts.properties_11.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_PROPERTIES;
  facts.properties_12.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_PROPERTIES;
  facts.integer_dot.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_INTEGER_DOT_PRODUCT_PROPERTIES;
  chain_to(properties, facts.properties_11);
  chain_to(properties, facts.properties_12);
  if (knows_integer_dot(facts)) chain_to(properties, facts.integer_dot);
  if (facts.extensions.contains(VK_EXT_PCI_BUS_INFO_EXTENSION_NAME)) {
    facts.pci = structure<VkPhysicalDevicePCIBusInfoPropertiesEXT>(
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PCI_BUS_INFO_PROPERTIES_EXT);
    chain_to(properties, *facts.pci);
  }
  vk.vkGetPhysicalDeviceProperties2(facts.device, &properties);
  facts.properties = properties.properties;
  facts.properties_11.pNext = facts.properties_12.pNext = facts.integer_dot.pNext = nullptr;
  if (facts.pci) facts.pci->pNext = nullptr;
}

/// Whether subgroups can be had full and of the size that the device tells,
/// whatever its compiler would choose.
bool fixes_subgroups(const VulkanSymbols& vk, const Facts& facts) {
  if (facts.properties.apiVersion < VK_API_VERSION_1_3) return false;
  auto features = structure<VkPhysicalDeviceFeatures2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2);
  auto control = structure<VkPhysicalDeviceSubgroupSizeControlFeatures>(
      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES);
  chain_to(features, control);
  vk.vkGetPhysicalDeviceFeatures2(facts.device, &features);
  auto properties = structure<VkPhysicalDeviceProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2);
  auto sizes = structure<VkPhysicalDeviceSubgroupSizeControlProperties>(
      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_PROPERTIES);
  chain_to(properties, sizes);
  vk.vkGetPhysicalDeviceProperties2(facts.device, &properties);
  const std::uint32_t size = facts.properties_11.subgroupSize;
  return control.subgroupSizeControl == VK_TRUE && control.computeFullSubgroups == VK_TRUE &&
         (sizes.requiredSubgroupSizeStages & VK_SHADER_STAGE_COMPUTE_BIT) != 0 &&
         size >= sizes.minSubgroupSize && size <= sizes.maxSubgroupSize;
}

void ask_features(const VulkanSymbols& vk, Facts& facts) {
  auto features = structure<VkPhysicalDeviceFeatures2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2);
  facts.features_11.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES;
  facts.features_12.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES;
  auto dot = structure<VkPhysicalDeviceShaderIntegerDotProductFeatures>(
      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_INTEGER_DOT_PRODUCT_FEATURES);
  chain_to(features, facts.features_11);
  chain_to(features, facts.features_12);
  if (knows_integer_dot(facts)) chain_to(features, dot);
  vk.vkGetPhysicalDeviceFeatures2(facts.device, &features);
  facts.features = features.features;
  facts.features_11.pNext = facts.features_12.pNext = nullptr;
  facts.has_integer_dot = dot.shaderIntegerDotProduct == VK_TRUE;
  facts.fixes_subgroups = fixes_subgroups(vk, facts);
}

void ask_memory(const VulkanSymbols& vk, Facts& facts) {
  auto memory =
      structure<VkPhysicalDeviceMemoryProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2);
  vk.vkGetPhysicalDeviceMemoryProperties2(facts.device, &memory);
  facts.memory = memory.memoryProperties;
}

/// The first family that computes and tells the time, else the first that computes; false if none does.
bool ask_queues(const VulkanSymbols& vk, Facts& facts) {
  std::uint32_t count = 0;
  vk.vkGetPhysicalDeviceQueueFamilyProperties2(facts.device, &count, nullptr);
  std::vector<VkQueueFamilyProperties2> families(
      count, structure<VkQueueFamilyProperties2>(VK_STRUCTURE_TYPE_QUEUE_FAMILY_PROPERTIES_2));
  vk.vkGetPhysicalDeviceQueueFamilyProperties2(facts.device, &count, families.data());
  bool found = false;
  for (std::uint32_t i = 0; i < count; ++i) {
    const VkQueueFamilyProperties& family = families[i].queueFamilyProperties;
    if ((family.queueFlags & VK_QUEUE_COMPUTE_BIT) == 0 || family.queueCount == 0) continue;
    if (found && (facts.queue.timestampValidBits != 0 || family.timestampValidBits == 0)) continue;
    facts.queue_family = i;
    facts.queue = family;
    found = true;
  }
  return found;
}

/// The driver's answers, or why the device cannot be used.
OrUnsupported<Facts> ask(const VulkanSymbols& vk, VkPhysicalDevice device) {
  Facts facts;
  facts.device = device;
  facts.properties = properties_of(vk, device);
  const std::uint32_t version = facts.properties.apiVersion;
  if (version < VK_API_VERSION_1_2) {
    return Unsupported{fmt::format("'{}' knows Vulkan {}.{}, 1.2 is needed (a newer driver may have it)",
                                   facts.properties.deviceName, VK_API_VERSION_MAJOR(version),
                                   VK_API_VERSION_MINOR(version))};
  }
  facts.extensions = extensions_of(vk, device);
  ask_properties(vk, facts);
  ask_features(vk, facts);
  ask_compute_units(vk, facts);
  ask_matrices(vk, facts);
  ask_memory(vk, facts);
  if (!ask_queues(vk, facts)) {
    return Unsupported{fmt::format("'{}' has no queue that computes", facts.properties.deviceName)};
  }
  const VkDeviceSize alignment = facts.properties.limits.minStorageBufferOffsetAlignment;
  if (alignment > view_alignment) {
    return Unsupported{fmt::format("'{}' wants buffers at multiples of {} bytes, views begin at {}",
                                   facts.properties.deviceName, alignment, view_alignment)};
  }
  if (!choose_memory_type(facts.memory, facts.properties.deviceType, ~0U)) {
    return Unsupported{
        fmt::format("'{}' has no memory for buffers: none of its {} memory types is local to it",
                    facts.properties.deviceName, facts.memory.memoryTypeCount)};
  }
  return facts;
}

}  // namespace

Enumeration enumerate(Instance& instance) {
  const VulkanSymbols& vk = instance.symbols();
  Enumeration result;
  std::uint32_t count = 0;
  VkResult code = vk.vkEnumeratePhysicalDevices(instance.get(), &count, nullptr);
  std::vector<VkPhysicalDevice> devices(code == VK_SUCCESS ? count : 0);
  if (!devices.empty()) code = vk.vkEnumeratePhysicalDevices(instance.get(), &count, devices.data());
  if (code < 0 || devices.empty()) {
    result.failures.push_back(fmt::format("loader {} found, but vkEnumeratePhysicalDevices says {}{}",
                                          vk.path, code_text(code), code < 0 ? "" : " and lists no device"));
    return result;
  }
  devices.resize(count);
  for (VkPhysicalDevice device : devices) {
    try {
      auto facts = ask(vk, device);
      if (const auto* refused = std::get_if<Unsupported>(&facts)) {
        result.failures.push_back(refused->reason);
      } else {
        result.devices.push_back(std::get<Facts>(std::move(facts)));
      }
    } catch (const DeviceError& error) {
      result.failures.emplace_back(error.what());
    }
  }
  return result;
}

}  // namespace moat::vulkan
