// An open device as everything that lives on it shares it: the device, its queue, its clock, and whether it
// is lost. Only this adapter's own files include this header.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "adapters/vulkan/cache.h"
#include "adapters/vulkan/check.h"
#include "adapters/vulkan/info.h"

namespace moat::vulkan {

class Session {
 public:
  /// Opens the device with every feature that kernels here may use. Throws DeviceError if the driver refuses.
  Session(std::shared_ptr<Instance> instance, Facts facts, CacheFile cache_file);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  /// Keeps the compiled pipelines for the next run.
  ~Session();

  [[nodiscard]] const VulkanSymbols& vk() const { return vk_; }
  [[nodiscard]] const Facts& facts() const { return facts_; }
  [[nodiscard]] VkDevice device() const { return device_.get(); }
  [[nodiscard]] VkPipelineCache pipeline_cache() const { return pipeline_cache_.get(); }
  [[nodiscard]] const CacheFile& cache_file() const { return cache_file_; }

  /// vulkan::check, which also remembers that the device is lost.
  void check(VkResult code, std::string_view call, SourceLocation location = SourceLocation::here());
  /// Throws DeviceError with the words of the failure that lost the device, if one did.
  void require_alive() const;
  /// Throws DeviceError with what the validation layer has said since it was last asked.
  void raise_messages() { instance_->messages().raise(); }

  /// Command buffers live as long as the session's pool; free_commands never throws.
  [[nodiscard]] VkCommandBuffer make_commands();
  void free_commands(VkCommandBuffer commands) noexcept;
  void begin(VkCommandBuffer commands, VkCommandBufferUsageFlags flags);
  void end(VkCommandBuffer commands);

  /// Orders copies by the device against everything before and after them.
  void order_copies(VkCommandBuffer commands) const;
  /// Runs `record`'s commands and waits for them.
  void run(const std::function<void(VkCommandBuffer)>& record);
  /// Submits; `slot` (0 or 1) is what wait() waits for. A slot is waited for before it is used again.
  void submit(std::span<const VkCommandBuffer> commands, std::size_t slot);
  void wait(std::size_t slot);
  /// Waits for all that was submitted, whatever comes of it.
  void drain() noexcept;

  /// Commands that stand before and after a batch:
  /// they order it against copies, and take the time where the queue can.
  [[nodiscard]] VkCommandBuffer batch_begin() const { return batch_begin_; }
  [[nodiscard]] VkCommandBuffer batch_end() const { return batch_end_; }
  /// Between the two, by the device's clock, once the batch is over. Only if has_timestamps(facts()).
  [[nodiscard]] double batch_seconds();

 private:
  void open();
  void record_batch_ends();

  std::shared_ptr<Instance> instance_;
  Facts facts_;
  CacheFile cache_file_;
  VulkanSymbols vk_;
  std::string lost_;
  std::unique_ptr<VkDevice_T, std::function<void(VkDevice)>> device_;
  VkQueue queue_ = VK_NULL_HANDLE;
  Owned<VkPipelineCache> pipeline_cache_;
  Owned<VkQueryPool> timestamps_;
  Owned<VkCommandPool> command_pool_;
  VkCommandBuffer batch_begin_ = VK_NULL_HANDLE;
  VkCommandBuffer batch_end_ = VK_NULL_HANDLE;
  VkCommandBuffer once_ = VK_NULL_HANDLE;
  std::array<Owned<VkFence>, 2> fences_;
};

/// Seconds from one timestamp to a later one of `valid_bits` bits, `period` nanoseconds each; a counter that
/// wrapped is unwrapped, and one of 64 bits that runs backwards gives a negative time.
[[nodiscard]] double seconds_between(std::uint64_t begin, std::uint64_t end, std::uint32_t valid_bits,
                                     double period);

}  // namespace moat::vulkan
