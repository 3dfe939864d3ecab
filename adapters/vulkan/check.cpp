// Names of codes and the choice of exception.
#include "adapters/vulkan/check.h"

#include <fmt/format.h>

#include "base/error.h"

namespace moat::vulkan {
namespace {

std::string_view code_name(VkResult code) {
  switch (code) {
#define MOAT_VULKAN_NAME(name) \
  case name:                   \
    return #name;
    MOAT_VULKAN_NAME(VK_SUCCESS)
    MOAT_VULKAN_NAME(VK_NOT_READY)
    MOAT_VULKAN_NAME(VK_TIMEOUT)
    MOAT_VULKAN_NAME(VK_INCOMPLETE)
    MOAT_VULKAN_NAME(VK_ERROR_OUT_OF_HOST_MEMORY)
    MOAT_VULKAN_NAME(VK_ERROR_OUT_OF_DEVICE_MEMORY)
    MOAT_VULKAN_NAME(VK_ERROR_INITIALIZATION_FAILED)
    MOAT_VULKAN_NAME(VK_ERROR_DEVICE_LOST)
    MOAT_VULKAN_NAME(VK_ERROR_MEMORY_MAP_FAILED)
    MOAT_VULKAN_NAME(VK_ERROR_LAYER_NOT_PRESENT)
    MOAT_VULKAN_NAME(VK_ERROR_EXTENSION_NOT_PRESENT)
    MOAT_VULKAN_NAME(VK_ERROR_FEATURE_NOT_PRESENT)
    MOAT_VULKAN_NAME(VK_ERROR_INCOMPATIBLE_DRIVER)
    MOAT_VULKAN_NAME(VK_ERROR_TOO_MANY_OBJECTS)
    MOAT_VULKAN_NAME(VK_ERROR_FRAGMENTED_POOL)
    MOAT_VULKAN_NAME(VK_ERROR_UNKNOWN)
    MOAT_VULKAN_NAME(VK_ERROR_OUT_OF_POOL_MEMORY)
    MOAT_VULKAN_NAME(VK_ERROR_FRAGMENTATION)
    MOAT_VULKAN_NAME(VK_ERROR_VALIDATION_FAILED_EXT)
    MOAT_VULKAN_NAME(VK_ERROR_INVALID_SHADER_NV)
    MOAT_VULKAN_NAME(VK_ERROR_NOT_PERMITTED_KHR)
    MOAT_VULKAN_NAME(VK_PIPELINE_COMPILE_REQUIRED)
#undef MOAT_VULKAN_NAME
    default:
      return "unknown code";
  }
}

constexpr std::string_view lost_words =
    ": the device was lost (a kernel that faulted or ran past the driver's watchdog, "
    "or a reset of the machine's); "
    "nothing more runs on it: open it again, and look into the kernel log for its reason";

}  // namespace

std::string code_text(VkResult code) {
  return fmt::format("{} ({})", code_name(code), static_cast<int>(code));
}

std::string failure_text(VkResult code, std::string_view call, SourceLocation location) {
  return fmt::format("{}: {} at {}{}", call, code_text(code), location.text(),
                     code == VK_ERROR_DEVICE_LOST ? lost_words : "");
}

void check(VkResult code, std::string_view call, SourceLocation location) {
  if (code >= 0) return;
  const std::string text = failure_text(code, call, location);
  if (code == VK_ERROR_OUT_OF_DEVICE_MEMORY || code == VK_ERROR_OUT_OF_HOST_MEMORY) throw OutOfMemory(text);
  throw DeviceError(text);
}

}  // namespace moat::vulkan
