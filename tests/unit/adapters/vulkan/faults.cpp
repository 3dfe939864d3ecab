// Drivers that fail where they may: the failure is told in words, nothing hangs, and what can go on does.
#include <algorithm>

#include "tests/unit/adapters/vulkan/device.h"

using namespace moat;
using namespace moat::vulkan;
using Catch::Matchers::ContainsSubstring;

namespace {

std::unique_ptr<Device> open_with(const Substitution& substitution) {
  Configuration configuration = test_configuration();
  configuration.validation = "";  // the layer would judge what the driver was never told
  configuration.substitution = substitution;
  return open_first_device(configuration);
}

/// What `call` throws as Error.
template <class Error, class Call>
std::string words_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

// Entry points are C functions: when they fail is told here.
bool fails = false;
PFN_vkQueueSubmit submit = nullptr;
PFN_vkWaitForFences wait_for_fences = nullptr;
PFN_vkAllocateMemory allocate_memory = nullptr;
PFN_vkCreateComputePipelines create_pipelines = nullptr;
PFN_vkBindBufferMemory2 bind_memory = nullptr;
PFN_vkGetPhysicalDeviceQueueFamilyProperties2 queue_families = nullptr;
int timeouts = 0;

/// Replaces `entry` where it is the driver's, keeping that in `original`.
template <class Function>
void replace(Function& entry, Function& original, Function replacement) {
  if (entry == nullptr || entry == replacement) return;
  original = entry;
  entry = replacement;
}

}  // namespace

TEST_CASE("a device that the driver does not open is told with the call") {
  CHECK_THAT(words_of<DeviceError>([] {
               open_with([](VulkanSymbols& vk) {
                 vk.vkCreateDevice = [](VkPhysicalDevice, const VkDeviceCreateInfo*,
                                        const VkAllocationCallbacks*,
                                        VkDevice*) { return VK_ERROR_INITIALIZATION_FAILED; };
               });
             }),
             ContainsSubstring("vkCreateDevice: VK_ERROR_INITIALIZATION_FAILED (-3)"));
}

TEST_CASE("a pipeline that the driver cannot compile is a CompileError, and the next one is not") {
  fails = true;
  const auto device = open_with([](VulkanSymbols& vk) {
    replace<PFN_vkCreateComputePipelines>(vk.vkCreateComputePipelines, create_pipelines,
                                          [](VkDevice handle, VkPipelineCache cache, std::uint32_t count,
                                             const VkComputePipelineCreateInfo* infos,
                                             const VkAllocationCallbacks* callbacks, VkPipeline* pipelines) {
                                            return fails ? VK_ERROR_UNKNOWN
                                                         : create_pipelines(handle, cache, count, infos,
                                                                            callbacks, pipelines);
                                          });
  });
  const auto counter = buffer_of(*device, std::vector<std::int32_t>{0});
  CHECK_THAT(words_of<CompileError>([&] { counting(*device, *counter); }),
             ContainsSubstring("vkCreateComputePipelines(main): VK_ERROR_UNKNOWN (-13)"));
  fails = false;
  time_one(*device, *counting(*device, *counter), 1);
  CHECK(values_of<std::int32_t>(*device, *counter)[0] == 1);
}

TEST_CASE("a device that is lost says so at once and ever after") {
  fails = false;
  auto device = open_with([](VulkanSymbols& vk) {
    replace<PFN_vkQueueSubmit>(
        vk.vkQueueSubmit, submit,
        [](VkQueue queue, std::uint32_t count, const VkSubmitInfo* infos, VkFence fence) {
          return fails ? VK_ERROR_DEVICE_LOST : submit(queue, count, infos, fence);
        });
  });
  auto counter = buffer_of(*device, std::vector<std::int32_t>{0});
  const auto executable = counting(*device, *counter);
  fails = true;
  const std::string words = words_of<DeviceError>([&] { time_one(*device, *executable, 3000); });
  CHECK_THAT(words, ContainsSubstring("vkQueueSubmit: VK_ERROR_DEVICE_LOST (-4)") &&
                        ContainsSubstring("the device was lost") && ContainsSubstring("open it again"));
  fails = false;
  std::vector<std::byte> data(4);
  CHECK(words_of<DeviceError>([&] { time_one(*device, *executable, 1); }) == words);
  CHECK(words_of<DeviceError>([&] { device->write(*counter, 0, data); }) == words);
  CHECK(words_of<DeviceError>([&] { device->read(*counter, 0, data); }) == words);
  CHECK(words_of<DeviceError>([&] { static_cast<void>(device->allocate(4)); }) == words);
  CHECK(words_of<DeviceError>([&] { compile(*device, "add"); }) == words);
  CHECK(words_of<DeviceError>([&] { static_cast<void>(device->prepare({})); }) == words);
  device.reset();  // and what lived on it ends in peace
}

TEST_CASE(
    "a device that is lost while it is waited for is found out, and one that takes long is waited for") {
  fails = false;
  timeouts = 0;
  const auto device = open_with([](VulkanSymbols& vk) {
    replace<PFN_vkWaitForFences>(
        vk.vkWaitForFences, wait_for_fences,
        [](VkDevice handle, std::uint32_t count, const VkFence* fences, VkBool32 all, std::uint64_t limit) {
          if (timeouts > 0) {
            --timeouts;
            return VK_TIMEOUT;
          }
          return fails ? VK_ERROR_DEVICE_LOST : wait_for_fences(handle, count, fences, all, limit);
        });
  });
  const auto counter = buffer_of(*device, std::vector<std::int32_t>{0});
  const auto executable = counting(*device, *counter);
  timeouts = 5;
  time_one(*device, *executable, 1);
  CHECK(timeouts == 0);
  CHECK(values_of<std::int32_t>(*device, *counter)[0] == 1);
  fails = true;
  timeouts = 2;
  CHECK_THAT(words_of<DeviceError>([&] { time_one(*device, *executable, 5000); }),
             ContainsSubstring("vkWaitForFences: VK_ERROR_DEVICE_LOST"));
  CHECK_THAT(words_of<DeviceError>([&] { time_one(*device, *executable, 1); }),
             ContainsSubstring("the device was lost"));
}

TEST_CASE("a driver that runs out of memory while it binds gives the memory back") {
  fails = false;
  const auto device = open_with([](VulkanSymbols& vk) {
    replace<PFN_vkAllocateMemory>(vk.vkAllocateMemory, allocate_memory,
                                  [](VkDevice handle, const VkMemoryAllocateInfo* info,
                                     const VkAllocationCallbacks* callbacks, VkDeviceMemory* memory) {
                                    return fails ? VK_ERROR_OUT_OF_DEVICE_MEMORY
                                                 : allocate_memory(handle, info, callbacks, memory);
                                  });
    replace<PFN_vkBindBufferMemory2>(
        vk.vkBindBufferMemory2, bind_memory,
        [](VkDevice handle, std::uint32_t count, const VkBindBufferMemoryInfo* infos) {
          return fails ? VK_ERROR_OUT_OF_HOST_MEMORY : bind_memory(handle, count, infos);
        });
  });
  const auto kept = device->allocate(1000);
  fails = true;
  CHECK_THROWS_AS(device->allocate(1000), OutOfMemory);  // of the block that is there: fails to bind
  CHECK_THROWS_AS(device->allocate(std::size_t{100} << 20), OutOfMemory);  // of a new one: fails to allocate
  fails = false;
  CHECK_NOTHROW(device->allocate(1000));
}

TEST_CASE("without timestamps the host's clock is what the device's time is by") {
  const auto device = open_with([](VulkanSymbols& vk) {
    replace<PFN_vkGetPhysicalDeviceQueueFamilyProperties2>(
        vk.vkGetPhysicalDeviceQueueFamilyProperties2, queue_families,
        [](VkPhysicalDevice handle, std::uint32_t* count, VkQueueFamilyProperties2* families) {
          queue_families(handle, count, families);
          for (std::uint32_t i = 0; families != nullptr && i < *count; ++i) {
            families[i].queueFamilyProperties.timestampValidBits = 0;
          }
        });
  });
  CHECK(device->info().clock.name == "steady_clock");
  const auto counter = buffer_of(*device, std::vector<std::int32_t>{0});
  const auto executable = counting(*device, *counter);
  const Timing timing = time_one(*device, *executable, 100);
  CHECK(timing.device_seconds > 0);
  CHECK(timing.device_seconds == timing.host_seconds);
  CHECK(values_of<std::int32_t>(*device, *counter)[0] == 100);
}

TEST_CASE("a driver that keeps no pipelines still compiles them") {
  const auto device = open_with([](VulkanSymbols& vk) {
    vk.vkCreatePipelineCache = [](VkDevice, const VkPipelineCacheCreateInfo*, const VkAllocationCallbacks*,
                                  VkPipelineCache*) { return VK_ERROR_OUT_OF_HOST_MEMORY; };
  });
  const auto counter = buffer_of(*device, std::vector<std::int32_t>{0});
  time_one(*device, *counting(*device, *counter), 2);
  CHECK(values_of<std::int32_t>(*device, *counter)[0] == 2);
}
