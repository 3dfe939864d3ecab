// The validation layer, asked for by an environment variable:
// its messages are errors, and its absence is a reason.
#include "adapters/vulkan/validation.h"

#include "adapters/vulkan/instance.h"
#include "tests/unit/adapters/environment.h"
#include "tests/unit/adapters/vulkan/device.h"

using namespace moat;
using namespace moat::vulkan;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("words choose what is validated") {
  const auto parse = [](std::string_view words) { return std::get<Validation>(parse_validation(words)); };
  CHECK_FALSE(parse("").is_on);
  CHECK((parse("core").is_on && !parse("core").synchronization && !parse("core").gpu_assisted));
  CHECK((parse("sync").is_on && parse("sync").synchronization));
  CHECK((parse("gpu,core").gpu_assisted && !parse("gpu,core").synchronization));
}

TEST_CASE("a word that is none is the reason there is no device") {
  const EnvironmentVariable words("MOAT_VULKAN_VALIDATION", "core,all");
  CHECK(make_vulkan_adapter()->discover().absence ==
        "MOAT_VULKAN_VALIDATION=core,all: 'all' is none of core, sync, gpu (separated by commas)");
}

TEST_CASE("a layer that is not installed is the reason there is no device") {
  Configuration configuration;
  configuration.validation = "core";
  configuration.substitution = [](VulkanSymbols& vk) {
    vk.vkEnumerateInstanceLayerProperties = [](std::uint32_t* count, VkLayerProperties*) {
      *count = 0;
      return VK_SUCCESS;
    };
  };
  CHECK_THAT(make_adapter(configuration)->discover().absence,
             ContainsSubstring("install vulkan-validationlayers"));
}

TEST_CASE("messages are told once, the first of them") {
  Messages messages;
  CHECK_NOTHROW(messages.raise());
  for (int i = 0; i < 100; ++i) messages.add("message " + std::to_string(i));
  CHECK_THROWS_WITH(messages.raise(),
                    ContainsSubstring("message 0\nmessage 1") && !ContainsSubstring("message 99"));
  CHECK_NOTHROW(messages.raise());
}

TEST_CASE("what the layer finds is an error of the next call") {
  Configuration configuration = test_configuration();
  configuration.validation = "core,sync";
  const auto adapter = make_adapter(configuration);
  const Discovery found = adapter->discover();
  if (found.devices.empty() && found.absence.find("vulkan-validationlayers") != std::string::npos) {
    WARN("not exercised: " << found.absence);
    return;
  }
  // A driver's entry point that breaks a rule: a buffer's size is not 0.
  static PFN_vkCreateBuffer create_buffer = nullptr;
  static bool breaks = false;
  configuration.substitution = [](VulkanSymbols& vk) {
    const PFN_vkCreateBuffer replacement = [](VkDevice handle, const VkBufferCreateInfo* info,
                                              const VkAllocationCallbacks* callbacks, VkBuffer* buffer) {
      VkBufferCreateInfo changed = *info;
      if (breaks) changed.sharingMode = VK_SHARING_MODE_CONCURRENT;  // without the families that share
      return create_buffer(handle, &changed, callbacks, buffer);
    };
    if (vk.vkCreateBuffer == nullptr || vk.vkCreateBuffer == replacement) return;
    create_buffer = vk.vkCreateBuffer;
    vk.vkCreateBuffer = replacement;
  };
  breaks = false;
  const auto device = open_first_device(configuration);
  breaks = true;
  CHECK_THROWS_WITH(device->allocate(64), ContainsSubstring("Vulkan's validation layer: ") &&
                                              ContainsSubstring("VUID-VkBufferCreateInfo"));
  breaks = false;
  const auto counter = buffer_of(*device, std::vector<std::int32_t>{0});
  time_one(*device, *counting(*device, *counter), 3);
  CHECK(values_of<std::int32_t>(*device, *counter)[0] == 3);
}
