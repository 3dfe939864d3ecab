// One Vulkan device: what lives on it and the timing of what runs. Queues and command buffers stay behind
// Device::time; only this adapter's own files include this header.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/vulkan/launch.h"
#include "adapters/vulkan/memory.h"
#include "adapters/vulkan/pipeline.h"

namespace moat::vulkan {

class VulkanDevice final : public Device {
 public:
  /// Throws DeviceError if the driver refuses.
  VulkanDevice(const std::shared_ptr<Instance>& instance, const Facts& facts,
               const Configuration& configuration);

  [[nodiscard]] std::optional<Ceiling> ceiling(const Types& types) const override;

 protected:
  [[nodiscard]] std::unique_ptr<Buffer> do_allocate(std::size_t bytes) override;
  [[nodiscard]] std::unique_ptr<Buffer> do_view(Buffer& parent, std::size_t offset,
                                                std::size_t bytes) override;
  void do_write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data) override;
  void do_read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data) override;
  [[nodiscard]] std::shared_ptr<Kernel> do_compile(
      const std::string& source, const std::string& entry,
      std::span<const std::pair<std::string, std::int64_t>> constants) override;
  [[nodiscard]] std::unique_ptr<Executable> do_prepare(std::vector<Launch> launches) override;
  [[nodiscard]] Timing do_time(std::span<Executable* const> rotation, std::size_t count) override;

 private:
  [[nodiscard]] Timing run(std::span<VulkanExecutable* const> rotation, std::size_t count);

  std::shared_ptr<Session> session_;
  std::shared_ptr<Memory> memory_;
  PipelineStore pipelines_{64};
};

}  // namespace moat::vulkan
