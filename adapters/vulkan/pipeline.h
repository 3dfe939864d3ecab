// From SPIR-V to pipelines: modules on a device, kernels with their constants, pipelines for a group's shape.
// Only this adapter's own files include this header.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <utility>

#include "adapters/adapter.h"
#include "adapters/common/lru_cache.h"
#include "adapters/vulkan/module.h"
#include "adapters/vulkan/session.h"

namespace moat::vulkan {

/// A module on a device, with the layouts that follow from it.
struct Program {
  Module module;
  std::shared_ptr<Session> session;
  Owned<VkShaderModule> handle;
  Owned<VkDescriptorSetLayout> set_layout;
  Owned<VkPipelineLayout> layout;
};

/// Throws CompileError for what is no module, and for one that needs what the device has not.
[[nodiscard]] std::shared_ptr<const Program> make_program(std::shared_ptr<Session> session,
                                                          const std::string& source);

/// Values of specialisation constants, by SpecId.
using Specialisation = std::map<std::uint32_t, std::uint32_t>;

class VulkanKernel final : public Kernel {
 public:
  /// Throws CompileError if the module has no compute shader `entry`, or not all of `constants`.
  VulkanKernel(std::shared_ptr<const Program> program, std::string entry,
               std::span<const std::pair<std::string, std::int64_t>> constants);

  [[nodiscard]] const std::shared_ptr<const Program>& program() const { return program_; }
  [[nodiscard]] const std::string& entry() const { return entry_; }
  /// With the group's shape. Throws DeviceError where the module has another one.
  [[nodiscard]] Specialisation specialise(const std::array<std::size_t, 3>& group_shape) const;

 private:
  std::shared_ptr<const Program> program_;
  std::string entry_;
  Specialisation constants_;
};

struct Pipeline {
  std::shared_ptr<const Program> program;
  Owned<VkPipeline> handle;
};

/// Modules by their bytes, and pipelines by module, entry and constants.
class PipelineStore {
 public:
  explicit PipelineStore(std::size_t capacity) : programs_(capacity), pipelines_(capacity) {}
  [[nodiscard]] std::shared_ptr<const Program> program(const std::shared_ptr<Session>& session,
                                                       const std::string& source);
  /// Throws CompileError if the driver cannot compile it.
  [[nodiscard]] std::shared_ptr<const Pipeline> pipeline(const VulkanKernel& kernel,
                                                         const std::array<std::size_t, 3>& group_shape);

 private:
  LruCache<std::string, std::shared_ptr<const Program>> programs_;
  LruCache<std::tuple<const Program*, std::string, Specialisation>, std::shared_ptr<const Pipeline>>
      pipelines_;
};

}  // namespace moat::vulkan
