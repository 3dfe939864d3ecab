// The layer's messages become errors. None is left out but those of the table below, which says why.
#include "adapters/vulkan/validation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"

namespace moat::vulkan {
namespace {

struct Ignored {
  std::string_view id;  // the message's name, as the layer gives it
  std::string_view reason;
};

/// Messages that say nothing about this adapter.
constexpr std::array<Ignored, 0> ignored_messages{};

constexpr std::size_t most_messages = 8;  // more say the same again

VKAPI_ATTR VkBool32 VKAPI_CALL receive(VkDebugUtilsMessageSeverityFlagBitsEXT severity,
                                       VkDebugUtilsMessageTypeFlagsEXT,
                                       const VkDebugUtilsMessengerCallbackDataEXT* data, void* user) {
  static_cast<void>(severity);
  const std::string_view id = data->pMessageIdName == nullptr ? "" : data->pMessageIdName;
  const bool is_ignored = std::any_of(ignored_messages.begin(), ignored_messages.end(),
                                      [&](const Ignored& ignored) { return ignored.id == id; });
  if (!is_ignored) {
    static_cast<Messages*>(user)->add(data->pMessage == nullptr ? std::string(id) : data->pMessage);
  }
  return VK_FALSE;  // the call goes on
}

}  // namespace

OrUnsupported<Validation> parse_validation(std::string_view words) {
  Validation validation;
  if (words.empty()) return validation;
  for (const std::string_view word : split(words, ',')) {
    if (word == "sync") {
      validation.synchronization = true;
    } else if (word == "gpu") {
      validation.gpu_assisted = true;
    } else if (word != "core") {
      return Unsupported{fmt::format(
          "MOAT_VULKAN_VALIDATION={}: '{}' is none of core, sync, gpu (separated by commas)", words, word)};
    }
  }
  validation.is_on = true;
  return validation;
}

void Messages::add(std::string text) {
  const std::lock_guard lock(mutex_);
  if (texts_.size() < most_messages) texts_.push_back(std::move(text));
}

std::string Messages::take() {
  const std::lock_guard lock(mutex_);
  std::string text = join(texts_, "\n");
  texts_.clear();
  return text;
}

void Messages::raise() {
  const std::string text = take();
  if (!text.empty()) throw DeviceError("Vulkan's validation layer: " + text);
}

VkDebugUtilsMessengerCreateInfoEXT messenger_info(Messages& messages) {
  VkDebugUtilsMessengerCreateInfoEXT info{};
  info.sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT;
  info.messageSeverity =
      VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT;
  // Without the type GENERAL:
  // those are the loader's, about drivers and layers of the machine that are not used.
  info.messageType =
      VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT;
  info.pfnUserCallback = receive;
  info.pUserData = &messages;
  return info;
}

}  // namespace moat::vulkan
