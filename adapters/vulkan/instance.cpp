// Making the instance, with the validation layer where it is asked for.
#include "adapters/vulkan/instance.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "adapters/vulkan/check.h"
#include "base/error.h"
#include "base/output.h"

namespace moat::vulkan {
namespace {

std::vector<VkExtensionProperties> extensions_of(const VulkanSymbols& vk, const char* layer) {
  std::uint32_t count = 0;
  MOAT_VULKAN_CHECK(vk.vkEnumerateInstanceExtensionProperties(layer, &count, nullptr));
  std::vector<VkExtensionProperties> extensions(count);
  MOAT_VULKAN_CHECK(vk.vkEnumerateInstanceExtensionProperties(layer, &count, extensions.data()));
  extensions.resize(count);
  return extensions;
}

bool has_extension(const VulkanSymbols& vk, const char* layer, std::string_view name) {
  const auto extensions = extensions_of(vk, layer);
  return std::any_of(extensions.begin(), extensions.end(),
                     [&](const VkExtensionProperties& extension) { return extension.extensionName == name; });
}

void require_validation_layer(const VulkanSymbols& vk) {
  std::uint32_t count = 0;
  MOAT_VULKAN_CHECK(vk.vkEnumerateInstanceLayerProperties(&count, nullptr));
  std::vector<VkLayerProperties> layers(count);
  MOAT_VULKAN_CHECK(vk.vkEnumerateInstanceLayerProperties(&count, layers.data()));
  layers.resize(count);
  const bool is_there = std::any_of(layers.begin(), layers.end(), [](const VkLayerProperties& layer) {
    return std::string_view(layer.layerName) == validation_layer;
  });
  if (is_there) return;
  throw DeviceError(fmt::format(
      "MOAT_VULKAN_VALIDATION is set, but the layer {} is not installed; install vulkan-validationlayers",
      validation_layer));
}

/// The least version an instance must have; devices are asked for more.
void require_version(const VulkanSymbols& vk) {
  std::uint32_t version = 0;
  MOAT_VULKAN_CHECK(vk.vkEnumerateInstanceVersion(&version));
  if (version >= VK_API_VERSION_1_1) return;
  throw DeviceError(fmt::format("the loader {} knows Vulkan {}.{}, 1.1 is needed", vk.path,
                                VK_API_VERSION_MAJOR(version), VK_API_VERSION_MINOR(version)));
}

}  // namespace

Instance::Instance(VulkanSymbols symbols, Substitution substitution, const Validation& validation)
    : symbols_(std::move(symbols)), substitution_(std::move(substitution)) {
  if (substitution_) substitution_(symbols_);
  require_version(symbols_);
  VkApplicationInfo application{};
  application.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO;
  application.pApplicationName = "moat";
  application.apiVersion = VK_API_VERSION_1_3;  // the most that is used; drivers may know less
  VkInstanceCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO;
  info.pApplicationInfo = &application;
  std::vector<const char*> extensions;
  if (has_extension(symbols_, nullptr, VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME)) {
    extensions.push_back(VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME);
    info.flags |= VK_INSTANCE_CREATE_ENUMERATE_PORTABILITY_BIT_KHR;
  }
  std::vector<VkValidationFeatureEnableEXT> enabled;
  if (validation.synchronization) {
    enabled.push_back(VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT);
  }
  if (validation.gpu_assisted) {
    enabled.push_back(VK_VALIDATION_FEATURE_ENABLE_GPU_ASSISTED_EXT);
    enabled.push_back(VK_VALIDATION_FEATURE_ENABLE_GPU_ASSISTED_RESERVE_BINDING_SLOT_EXT);
  }
  VkDebugUtilsMessengerCreateInfoEXT messenger = messenger_info(messages_);
  VkValidationFeaturesEXT features{};
  features.sType = VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT;
  features.pNext = &messenger;
  features.enabledValidationFeatureCount = static_cast<std::uint32_t>(enabled.size());
  features.pEnabledValidationFeatures = enabled.data();
  if (validation.is_on) {
    require_validation_layer(symbols_);
    info.enabledLayerCount = 1;
    info.ppEnabledLayerNames = &validation_layer;
    extensions.push_back(VK_EXT_DEBUG_UTILS_EXTENSION_NAME);
    extensions.push_back(VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME);
    info.pNext = &features;
  }
  info.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
  info.ppEnabledExtensionNames = extensions.data();
  VkInstance instance = VK_NULL_HANDLE;
  check(symbols_.vkCreateInstance(&info, nullptr, &instance), "vkCreateInstance");
  instance_ = {instance, [this](VkInstance handle) {
                 if (symbols_.vkDestroyInstance != nullptr) symbols_.vkDestroyInstance(handle, nullptr);
               }};
  keep_libraries_loaded();
  load_instance(symbols_, instance);
  if (substitution_) substitution_(symbols_);
  if (validation.is_on && symbols_.vkCreateDebugUtilsMessengerEXT != nullptr) {
    VkDebugUtilsMessengerEXT handle = VK_NULL_HANDLE;
    MOAT_VULKAN_CHECK(symbols_.vkCreateDebugUtilsMessengerEXT(instance, &messenger, nullptr, &handle));
    messenger_ = {instance, handle, symbols_.vkDestroyDebugUtilsMessengerEXT};
  }
}

Instance::~Instance() {
  messenger_ = {};
  instance_.reset();
  const std::string untold = messages_.take();
  if (!untold.empty()) say("Vulkan's validation layer: {}", untold);
}

OrUnsupported<std::shared_ptr<Instance>> make_instance(const Configuration& configuration) {
  const auto validation = parse_validation(configuration.validation);
  if (const auto* wrong = std::get_if<Unsupported>(&validation)) return *wrong;
  auto loaded = load_loader(configuration.loader);
  if (const auto* absent = std::get_if<Unsupported>(&loaded)) {
    return Unsupported{fmt::format("no Vulkan loader: {}", absent->reason)};
  }
  try {
    return std::make_shared<Instance>(std::get<VulkanSymbols>(std::move(loaded)), configuration.substitution,
                                      std::get<Validation>(validation));
  } catch (const DeviceError& error) {
    return Unsupported{error.what()};
  }
}

}  // namespace moat::vulkan
