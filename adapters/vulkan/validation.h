// What MOAT_VULKAN_VALIDATION asks of the validation layer, and the messages that it gives.
// Knows no device.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/vulkan/abi.h"
#include "kernels/implementation.h"

namespace moat::vulkan {

/// The layer's own checks are on if any word is there; these are added.
struct Validation {
  bool is_on = false;
  bool synchronization = false;
  bool gpu_assisted = false;
};

/// Words `core`, `sync`, `gpu`, separated by commas; Unsupported names the word that is none of them.
[[nodiscard]] OrUnsupported<Validation> parse_validation(std::string_view words);

inline constexpr const char* validation_layer = "VK_LAYER_KHRONOS_validation";

/// Warnings and errors, gathered from whatever thread the driver speaks in.
class Messages {
 public:
  void add(std::string text);
  /// Throws DeviceError with all that was gathered, and forgets it.
  void raise();
  /// What was gathered, which is forgotten; "" if nothing.
  [[nodiscard]] std::string take();

 private:
  std::mutex mutex_;
  std::vector<std::string> texts_;
};

/// How a messenger that fills `messages` is made.
[[nodiscard]] VkDebugUtilsMessengerCreateInfoEXT messenger_info(Messages& messages);

}  // namespace moat::vulkan
