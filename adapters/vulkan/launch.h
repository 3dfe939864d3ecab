// Launches bound to their buffers and recorded, so that an execution is one command buffer.
// Only this adapter's own files include this header.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/vulkan/memory.h"
#include "adapters/vulkan/pipeline.h"

namespace moat::vulkan {

/// What this adapter's devices time.
class VulkanExecutable final : public Executable {
 public:
  /// Throws DeviceError where a launch does not fit its kernel or the device, CompileError where the driver
  /// cannot compile a kernel for its group's shape.
  VulkanExecutable(std::shared_ptr<Session> session, std::span<const Launch> launches, PipelineStore& store);
  ~VulkanExecutable() override;

  [[nodiscard]] const Session* session() const { return session_.get(); }
  /// May be submitted any number of times at once.
  [[nodiscard]] VkCommandBuffer commands() const { return commands_; }
  [[nodiscard]] std::size_t launch_count() const { return pipelines_.size(); }

 private:
  void bind(std::span<const Launch> launches);
  void record(std::span<const Launch> launches);

  std::shared_ptr<Session> session_;
  std::vector<std::shared_ptr<const Pipeline>> pipelines_;
  Owned<VkDescriptorPool> pool_;
  std::vector<VkDescriptorSet> sets_;  // by launch
  VkCommandBuffer commands_ = VK_NULL_HANDLE;
};

}  // namespace moat::vulkan
