// The instance that discovery and every open device share, and the words for why there is none.
// Knows no queue, buffer or kernel.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/vulkan/adapter.h"
#include "adapters/vulkan/check.h"
#include "adapters/vulkan/validation.h"

namespace moat::vulkan {

class Instance {
 public:
  /// Throws DeviceError with the driver's words.
  Instance(VulkanSymbols symbols, Substitution substitution, const Validation& validation);
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  /// Messages of the validation layer that nobody was told go to stderr.
  ~Instance();

  [[nodiscard]] VkInstance get() const { return instance_.get(); }
  [[nodiscard]] const VulkanSymbols& symbols() const { return symbols_; }
  [[nodiscard]] const Substitution& substitution() const { return substitution_; }
  [[nodiscard]] Messages& messages() { return messages_; }

 private:
  VulkanSymbols symbols_;
  Substitution substitution_;
  Messages messages_;
  std::unique_ptr<VkInstance_T, std::function<void(VkInstance)>> instance_;
  Owned<VkDebugUtilsMessengerEXT, VkInstance> messenger_;
};

/// Loads the loader and makes an instance, or says why neither can be had and what to install.
[[nodiscard]] OrUnsupported<std::shared_ptr<Instance>> make_instance(const Configuration& configuration);

}  // namespace moat::vulkan
