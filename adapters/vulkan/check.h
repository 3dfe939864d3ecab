// Vulkan's return codes become exceptions with the function's name, the code's name and the place; and the
// owner of a handle. Knows the ABI only.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "adapters/common/source_location.h"
#include "adapters/vulkan/abi.h"

namespace moat::vulkan {

/// "VK_ERROR_DEVICE_LOST (-4)"; "unknown code (-4711)" for others.
[[nodiscard]] std::string code_text(VkResult code);

/// "vkQueueSubmit: VK_ERROR_DEVICE_LOST (-4) at adapters/vulkan/device.cpp:120"; for a lost device
/// also what to do.
[[nodiscard]] std::string failure_text(VkResult code, std::string_view call,
                                       SourceLocation location = SourceLocation::here());

/// Throws OutOfMemory for VK_ERROR_OUT_OF_DEVICE_MEMORY and VK_ERROR_OUT_OF_HOST_MEMORY, DeviceError for any
/// other error. Positive codes (VK_INCOMPLETE, VK_TIMEOUT) are no errors.
void check(VkResult code, std::string_view call, SourceLocation location = SourceLocation::here());

#define MOAT_VULKAN_CHECK(call) ::moat::vulkan::check((call), ::moat::called_function(#call))

/// Owner of one object of a device or an instance, which outlives it.
template <class Handle, class Parent = VkDevice>
class Owned {
 public:
  using Destroy = void(VKAPI_PTR*)(Parent, Handle, const VkAllocationCallbacks*);

  Owned() = default;
  Owned(Parent parent, Handle handle, Destroy destroy)
      : parent_(parent), handle_(handle), destroy_(destroy) {}
  Owned(Owned&& other) noexcept { swap(other); }
  Owned& operator=(Owned&& other) noexcept {
    Owned taken(std::move(other));
    swap(taken);
    return *this;
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() {
    if (handle_ != VK_NULL_HANDLE) destroy_(parent_, handle_, nullptr);
  }
  [[nodiscard]] Handle get() const { return handle_; }
  explicit operator bool() const { return handle_ != VK_NULL_HANDLE; }

 private:
  void swap(Owned& other) noexcept {
    std::swap(parent_, other.parent_);
    std::swap(handle_, other.handle_);
    std::swap(destroy_, other.destroy_);
  }

  Parent parent_ = VK_NULL_HANDLE;
  Handle handle_ = VK_NULL_HANDLE;
  Destroy destroy_ = nullptr;
};

}  // namespace moat::vulkan
