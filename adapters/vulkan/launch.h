// Launches bound to their buffers and recorded, so that an execution is one command buffer.
// Only this adapter's own files include this header.
#pragma once

#include <functional>
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

  /// One execution. May be submitted any number of times at once.
  [[nodiscard]] VkCommandBuffer commands() const { return commands_.get(); }
  /// `repetitions()` executions, since drivers take their time between command buffers.
  [[nodiscard]] VkCommandBuffer repeated_commands() const { return repeated_commands_.get(); }
  [[nodiscard]] std::size_t repetitions() const { return repetitions_; }
  [[nodiscard]] std::size_t launch_count() const { return pipelines_.size(); }

 private:
  /// A command buffer that goes back to its session's pool.
  using Commands = std::unique_ptr<VkCommandBuffer_T, std::function<void(VkCommandBuffer)>>;

  void bind(std::span<const Launch> launches);
  [[nodiscard]] Commands record(std::span<const Launch> launches, std::size_t repetitions);
  void record_once(VkCommandBuffer commands, std::span<const Launch> launches);

  std::shared_ptr<Session> session_;
  std::vector<std::shared_ptr<const Pipeline>> pipelines_;
  Owned<VkDescriptorPool> pool_;
  std::vector<VkDescriptorSet> sets_;  // by launch
  Commands commands_;
  Commands repeated_commands_;
  std::size_t repetitions_ = 1;
};

}  // namespace moat::vulkan
