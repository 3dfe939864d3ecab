// Checking, binding and recording launches.
#include "adapters/vulkan/launch.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace moat::vulkan {
namespace {

// Launches of a command buffer that repeats an execution:
// enough that the time between command buffers counts little.
constexpr std::size_t most_repeated_launches = 32;

std::vector<const VulkanBuffer*> buffers_of(const Launch& launch) {
  std::vector<const VulkanBuffer*> buffers;
  for (const auto& argument : launch.arguments) {
    if (const auto* buffer = std::get_if<Buffer*>(&argument)) buffers.push_back(&own_buffer(**buffer));
  }
  return buffers;
}

std::vector<std::int32_t> integers_of(const Launch& launch) {
  std::vector<std::int32_t> integers;
  for (const auto& argument : launch.arguments) {
    if (const auto* integer = std::get_if<std::int32_t>(&argument)) integers.push_back(*integer);
  }
  return integers;
}

/// Drivers find none of this: what follows is undefined.
void require_arguments(const VulkanKernel& kernel, const Launch& launch) {
  const Module& module = kernel.program()->module;
  const std::size_t integers = integers_of(launch).size();
  const std::size_t buffers = launch.arguments.size() - integers;
  if (buffers != module.binding_count) {
    throw DeviceError(fmt::format("kernel {} binds {} buffers, the launch has {}", kernel.entry(),
                                  module.binding_count, buffers));
  }
  if (integers * 4 != module.push_bytes) {
    throw DeviceError(fmt::format("kernel {} takes {} integers as push constants, the launch has {}",
                                  kernel.entry(), module.push_bytes / 4, integers));
  }
}

/// Each launch sees the writes of those before it, of this execution and of the one before.
void order_after_kernels(const VulkanSymbols& vk, VkCommandBuffer commands) {
  VkMemoryBarrier memory{};
  memory.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER;
  memory.srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT;
  memory.dstAccessMask = VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT;
  vk.vkCmdPipelineBarrier(commands, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT,
                          VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, 0, 1, &memory, 0, nullptr, 0, nullptr);
}

Owned<VkDescriptorPool> make_pool(Session& session, std::size_t sets, std::size_t buffers) {
  const VkDescriptorPoolSize size{VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
                                  static_cast<std::uint32_t>(std::max<std::size_t>(1, buffers))};
  VkDescriptorPoolCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO;
  info.maxSets = static_cast<std::uint32_t>(sets);
  info.poolSizeCount = 1;
  info.pPoolSizes = &size;
  VkDescriptorPool pool = VK_NULL_HANDLE;
  session.check(session.vk().vkCreateDescriptorPool(session.device(), &info, nullptr, &pool),
                fmt::format("vkCreateDescriptorPool({} sets, {} buffers)", sets, buffers));
  return {session.device(), pool, session.vk().vkDestroyDescriptorPool};
}

void write_set(const Session& session, VkDescriptorSet set, std::span<const VulkanBuffer* const> buffers) {
  std::vector<VkDescriptorBufferInfo> infos;
  const std::size_t reach = session.facts().properties.limits.maxStorageBufferRange;
  for (const VulkanBuffer* buffer : buffers) {
    infos.push_back(buffer->descriptor());
    if (infos.back().range > reach) {
      throw DeviceError(
          fmt::format("a kernel is given a buffer of {} bytes; "
                      "on this device it reaches {} of one (maxStorageBufferRange)",
                      infos.back().range, reach));
    }
  }
  VkWriteDescriptorSet write{};
  write.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET;
  write.dstSet = set;
  write.descriptorCount = 1;
  write.descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
  for (const VkDescriptorBufferInfo& info : infos) {
    write.pBufferInfo = &info;
    session.vk().vkUpdateDescriptorSets(session.device(), 1, &write, 0, nullptr);
    ++write.dstBinding;
  }
}

}  // namespace

VulkanExecutable::VulkanExecutable(std::shared_ptr<Session> session, std::span<const Launch> launches,
                                   PipelineStore& store)
    : session_(std::move(session)) {
  for (const Launch& launch : launches) {
    const auto& kernel = static_cast<const VulkanKernel&>(*launch.kernel);
    require_arguments(kernel, launch);
    pipelines_.push_back(store.pipeline(kernel, launch.group_shape));
  }
  if (launches.empty()) return;
  bind(launches);
  commands_ = record(launches, 1);
  repetitions_ = std::max<std::size_t>(1, most_repeated_launches / launches.size());
  if (repetitions_ > 1) repeated_commands_ = record(launches, repetitions_);
}

void VulkanExecutable::bind(std::span<const Launch> launches) {
  std::size_t buffers = 0;
  std::vector<VkDescriptorSetLayout> layouts;
  for (const auto& pipeline : pipelines_) {
    buffers += pipeline->program->module.binding_count;
    layouts.push_back(pipeline->program->set_layout.get());
  }
  pool_ = make_pool(*session_, layouts.size(), buffers);
  sets_.resize(layouts.size());
  VkDescriptorSetAllocateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO;
  info.descriptorPool = pool_.get();
  info.descriptorSetCount = static_cast<std::uint32_t>(layouts.size());
  info.pSetLayouts = layouts.data();
  session_->check(session_->vk().vkAllocateDescriptorSets(session_->device(), &info, sets_.data()),
                  fmt::format("vkAllocateDescriptorSets({})", layouts.size()));
  for (std::size_t i = 0; i < launches.size(); ++i) {
    write_set(*session_, sets_[i], buffers_of(launches[i]));
  }
}

VulkanExecutable::Commands VulkanExecutable::record(std::span<const Launch> launches,
                                                    std::size_t repetitions) {
  Commands commands(session_->make_commands(),
                    [this](VkCommandBuffer handle) { session_->free_commands(handle); });
  session_->begin(commands.get(), VK_COMMAND_BUFFER_USAGE_SIMULTANEOUS_USE_BIT);
  for (std::size_t i = 0; i < repetitions; ++i) record_once(commands.get(), launches);
  session_->end(commands.get());
  return commands;
}

void VulkanExecutable::record_once(VkCommandBuffer commands, std::span<const Launch> launches) {
  const VulkanSymbols& vk = session_->vk();
  for (std::size_t i = 0; i < launches.size(); ++i) {
    const Launch& launch = launches[i];
    const Program& program = *pipelines_[i]->program;
    order_after_kernels(vk, commands);
    vk.vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, pipelines_[i]->handle.get());
    vk.vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_COMPUTE, program.layout.get(), 0, 1,
                               &sets_[i], 0, nullptr);
    const std::vector<std::int32_t> integers = integers_of(launch);
    if (!integers.empty()) {
      vk.vkCmdPushConstants(commands, program.layout.get(), VK_SHADER_STAGE_COMPUTE_BIT, 0,
                            static_cast<std::uint32_t>(integers.size() * sizeof integers[0]),
                            integers.data());
    }
    vk.vkCmdDispatch(commands, static_cast<std::uint32_t>(launch.groups[0]),
                     static_cast<std::uint32_t>(launch.groups[1]),
                     static_cast<std::uint32_t>(launch.groups[2]));
  }
}

}  // namespace moat::vulkan
