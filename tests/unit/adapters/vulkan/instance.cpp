// What a machine without Vulkan, or without a usable device, is told, and why.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "adapters/vulkan/instance.h"
#include "base/error.h"
#include "tests/unit/adapters/vulkan/device.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using namespace moat::vulkan;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string absence_with(const Substitution& substitution) {
  Configuration configuration;
  configuration.substitution = substitution;
  const auto adapter = make_adapter(configuration);
  const Discovery discovery = adapter->discover();
  CHECK(discovery.devices.empty());
  CHECK_THROWS_WITH(adapter->open(0), ContainsSubstring(discovery.absence));
  return discovery.absence;
}

// Entry points are C functions: what they change of the driver's answers, they find here.
PFN_vkGetPhysicalDeviceProperties2 properties2 = nullptr;
PFN_vkEnumeratePhysicalDevices enumerate_devices = nullptr;
char old_device;

}  // namespace

TEST_CASE("without a loader, discovery tells which names were tried and what to install") {
  Configuration configuration;
  configuration.loader.stems = {"libMoatHasNoVulkan"};
  const auto adapter = make_adapter(configuration);
  const Discovery discovery = adapter->discover();
  CHECK(discovery.devices.empty());
  CHECK_THAT(discovery.absence, ContainsSubstring("libMoatHasNoVulkan.so with a version of 1, or none") &&
                                    ContainsSubstring("install"));
  CHECK_THROWS_WITH(adapter->open(0), ContainsSubstring("libMoatHasNoVulkan.so"));
}

TEST_CASE("a library that is not Vulkan is refused with the entry point it lacks") {
  const LibraryFiles files{.name = "none", .stems = {"libm"}, .oldest = 6, .newest = 6};
  const auto loaded = load_loader(files);
  REQUIRE(std::holds_alternative<Unsupported>(loaded));
  CHECK_THAT(std::get<Unsupported>(loaded).reason,
             ContainsSubstring("libm.so.6 lacks vkGetInstanceProcAddr"));
}

TEST_CASE("a loader that refuses an instance is told with its words") {
  const std::string absence = absence_with([](VulkanSymbols& vk) {
    vk.vkCreateInstance = [](const VkInstanceCreateInfo*, const VkAllocationCallbacks*, VkInstance*) {
      return VK_ERROR_INCOMPATIBLE_DRIVER;
    };
  });
  CHECK_THAT(absence, ContainsSubstring("vkCreateInstance: VK_ERROR_INCOMPATIBLE_DRIVER (-9)"));
}

TEST_CASE("a loader of Vulkan 1.0 is named") {
  CHECK_THAT(absence_with([](VulkanSymbols& vk) {
               vk.vkEnumerateInstanceVersion = [](std::uint32_t* version) {
                 *version = VK_API_VERSION_1_0;
                 return VK_SUCCESS;
               };
             }),
             ContainsSubstring("knows Vulkan 1.0, 1.1 is needed"));
}

TEST_CASE("a loader without devices says so") {
  CHECK_THAT(absence_with([](VulkanSymbols& vk) {
               vk.vkEnumeratePhysicalDevices = [](VkInstance, std::uint32_t* count, VkPhysicalDevice*) {
                 *count = 0;
                 return VK_SUCCESS;
               };
             }),
             ContainsSubstring("lists no device"));
  CHECK_THAT(absence_with([](VulkanSymbols& vk) {
               vk.vkEnumeratePhysicalDevices = [](VkInstance, std::uint32_t*, VkPhysicalDevice*) {
                 return VK_ERROR_INITIALIZATION_FAILED;
               };
             }),
             ContainsSubstring("vkEnumeratePhysicalDevices says VK_ERROR_INITIALIZATION_FAILED (-3)"));
}

TEST_CASE("a device without a queue that computes is left out with that reason") {
  CHECK_THAT(absence_with([](VulkanSymbols& vk) {
               vk.vkGetPhysicalDeviceQueueFamilyProperties2 = [](VkPhysicalDevice, std::uint32_t* count,
                                                                 VkQueueFamilyProperties2* families) {
                 *count = 1;
                 if (families == nullptr) return;
                 families->queueFamilyProperties.queueFlags = VK_QUEUE_TRANSFER_BIT;
                 families->queueFamilyProperties.queueCount = 1;
               };
             }),
             ContainsSubstring("has no queue that computes"));
}

TEST_CASE("a device without memory for buffers is left out with that reason") {
  CHECK_THAT(absence_with([](VulkanSymbols& vk) {
               vk.vkGetPhysicalDeviceMemoryProperties2 = [](VkPhysicalDevice,
                                                            VkPhysicalDeviceMemoryProperties2* memory) {
                 memory->memoryProperties = {};
               };
             }),
             ContainsSubstring("has no memory for buffers"));
}

TEST_CASE("a device of Vulkan 1.1 is left out with that reason") {
  CHECK_THAT(absence_with([](VulkanSymbols& vk) {
               if (vk.vkGetPhysicalDeviceProperties2 == nullptr) return;
               properties2 = vk.vkGetPhysicalDeviceProperties2;
               vk.vkGetPhysicalDeviceProperties2 = [](VkPhysicalDevice device,
                                                      VkPhysicalDeviceProperties2* properties) {
                 properties2(device, properties);
                 properties->properties.apiVersion = VK_API_VERSION_1_1;
               };
             }),
             ContainsSubstring("knows Vulkan 1.1, 1.2 is needed"));
}

TEST_CASE("a device that is left out beside others is named in their details") {
  Configuration configuration;
  configuration.substitution = [](VulkanSymbols& vk) {
    if (vk.vkGetPhysicalDeviceProperties2 == nullptr || vk.vkDestroyDevice != nullptr) return;
    properties2 = vk.vkGetPhysicalDeviceProperties2;
    enumerate_devices = vk.vkEnumeratePhysicalDevices;
    vk.vkEnumeratePhysicalDevices = [](VkInstance instance, std::uint32_t* count, VkPhysicalDevice* devices) {
      const bool has_room = devices != nullptr;
      if (has_room) --*count;
      const VkResult code = enumerate_devices(instance, count, devices);
      if (has_room) devices[*count] = reinterpret_cast<VkPhysicalDevice>(&old_device);
      ++*count;
      return code;
    };
    vk.vkGetPhysicalDeviceProperties2 = [](VkPhysicalDevice device, VkPhysicalDeviceProperties2* properties) {
      if (device != reinterpret_cast<VkPhysicalDevice>(&old_device)) return properties2(device, properties);
      std::snprintf(properties->properties.deviceName, VK_MAX_PHYSICAL_DEVICE_NAME_SIZE, "Old");
      properties->properties.apiVersion = VK_API_VERSION_1_0;
    };
  };
  const Discovery found = make_adapter(configuration)->discover();
  REQUIRE_FALSE(found.devices.empty());
  CHECK(found.devices[0].details.back().first == "devices left out");
  CHECK_THAT(found.devices[0].details.back().second, ContainsSubstring("'Old' knows Vulkan 1.0"));
}
