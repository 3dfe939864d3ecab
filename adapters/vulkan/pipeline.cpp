// Shader modules, layouts, specialisation, and the driver's compiler.
#include "adapters/vulkan/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "adapters/vulkan/capabilities.h"
#include "base/error.h"
#include "base/text.h"

namespace moat::vulkan {
namespace {

/// Failures of the driver's compiler; Vulkan has no log of its own.
[[noreturn]] void throw_compile_error(VkResult code, std::string_view call) {
  throw CompileError(failure_text(code, call),
                     "Vulkan's drivers give no log; MOAT_VULKAN_VALIDATION=core or spirv-val may say more");
}

/// Lack of memory and a lost device are what they are; anything else is the kernel's fault.
void check_compilation(Session& session, VkResult code, std::string_view call) {
  const bool is_ours = code >= 0 || code == VK_ERROR_DEVICE_LOST || code == VK_ERROR_OUT_OF_HOST_MEMORY ||
                       code == VK_ERROR_OUT_OF_DEVICE_MEMORY;
  if (!is_ours) throw_compile_error(code, call);
  session.check(code, call);
}

Owned<VkShaderModule> make_shader_module(Session& session, const Module& module) {
  VkShaderModuleCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO;
  info.codeSize = module.words.size() * sizeof(std::uint32_t);
  info.pCode = module.words.data();
  VkShaderModule handle = VK_NULL_HANDLE;
  check_compilation(session, session.vk().vkCreateShaderModule(session.device(), &info, nullptr, &handle),
                    fmt::format("vkCreateShaderModule({} bytes)", info.codeSize));
  return {session.device(), handle, session.vk().vkDestroyShaderModule};
}

Owned<VkDescriptorSetLayout> make_set_layout(Session& session, std::uint32_t buffers) {
  std::vector<VkDescriptorSetLayoutBinding> bindings(buffers);
  for (std::uint32_t i = 0; i < buffers; ++i) {
    bindings[i] = {.binding = i,
                   .descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
                   .descriptorCount = 1,
                   .stageFlags = VK_SHADER_STAGE_COMPUTE_BIT,
                   .pImmutableSamplers = nullptr};
  }
  VkDescriptorSetLayoutCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO;
  info.bindingCount = buffers;
  info.pBindings = bindings.data();
  VkDescriptorSetLayout handle = VK_NULL_HANDLE;
  session.check(session.vk().vkCreateDescriptorSetLayout(session.device(), &info, nullptr, &handle),
                fmt::format("vkCreateDescriptorSetLayout({} buffers)", buffers));
  return {session.device(), handle, session.vk().vkDestroyDescriptorSetLayout};
}

Owned<VkPipelineLayout> make_layout(Session& session, VkDescriptorSetLayout set, std::uint32_t push_bytes) {
  const VkPushConstantRange range{VK_SHADER_STAGE_COMPUTE_BIT, 0, push_bytes};
  VkPipelineLayoutCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO;
  info.setLayoutCount = 1;
  info.pSetLayouts = &set;
  info.pushConstantRangeCount = push_bytes > 0 ? 1 : 0;
  info.pPushConstantRanges = &range;
  VkPipelineLayout handle = VK_NULL_HANDLE;
  session.check(session.vk().vkCreatePipelineLayout(session.device(), &info, nullptr, &handle),
                "vkCreatePipelineLayout");
  return {session.device(), handle, session.vk().vkDestroyPipelineLayout};
}

/// What the device's limits allow of a module's interface.
void require_limits(const Module& module, const VkPhysicalDeviceLimits& limits) {
  if (module.push_bytes > limits.maxPushConstantsSize) {
    throw DeviceError(
        fmt::format("the kernel takes {} bytes of integers, the device {} (maxPushConstantsSize)",
                    module.push_bytes, limits.maxPushConstantsSize));
  }
  const std::uint32_t buffers =
      std::min(limits.maxPerStageDescriptorStorageBuffers, limits.maxDescriptorSetStorageBuffers);
  if (module.binding_count > buffers) {
    throw DeviceError(
        fmt::format("the kernel binds {} buffers, the device {} (maxPerStageDescriptorStorageBuffers)",
                    module.binding_count, buffers));
  }
}

/// The constant's bits; throws CompileError if it is no value of the module's constant.
std::uint32_t bits_of(const std::string& name, std::int64_t value, const SpecialisationConstant& constant) {
  using Kind = SpecialisationConstant::Kind;
  std::int64_t least = 0;
  std::int64_t most = 1;
  if (constant.kind == Kind::signed_integer) {
    least = std::numeric_limits<std::int32_t>::min();
    most = std::numeric_limits<std::int32_t>::max();
  } else if (constant.kind == Kind::unsigned_integer) {
    most = std::numeric_limits<std::uint32_t>::max();
  } else if (constant.kind == Kind::other) {
    throw CompileError(fmt::format("the module's constant {} is no 32-bit integer", name),
                       "constants of plans are integers");
  }
  if (value < least || value > most) {
    throw CompileError(fmt::format("the constant {} = {} does not fit", name, value),
                       fmt::format("the module takes {} to {}", least, most));
  }
  return static_cast<std::uint32_t>(value);
}

std::string known_constants(const Module& module) {
  std::vector<std::string> names;
  for (const auto& [name, constant] : module.constants) names.push_back(name);
  return names.empty() ? "it has none with a name (compiled without names?)" : "it has " + join(names, ", ");
}

}  // namespace

std::shared_ptr<const Program> make_program(std::shared_ptr<Session> session, const std::string& source) {
  Program program;
  program.module = read_module(source);
  require_capabilities(program.module, session->facts());
  require_limits(program.module, session->facts().properties.limits);
  program.handle = make_shader_module(*session, program.module);
  program.set_layout = make_set_layout(*session, program.module.binding_count);
  program.layout = make_layout(*session, program.set_layout.get(), program.module.push_bytes);
  program.session = std::move(session);
  return std::make_shared<const Program>(std::move(program));
}

VulkanKernel::VulkanKernel(std::shared_ptr<const Program> program, std::string entry,
                           std::span<const std::pair<std::string, std::int64_t>> constants)
    : program_(std::move(program)), entry_(std::move(entry)) {
  const Module& module = program_->module;
  if (std::find(module.entries.begin(), module.entries.end(), entry_) == module.entries.end()) {
    throw CompileError(
        fmt::format("the module has no compute shader '{}'", entry_),
        module.entries.empty() ? "it has no compute shader at all" : "it has " + join(module.entries, ", "));
  }
  for (const auto& [name, value] : constants) {
    const auto found = module.constants.find(name);
    if (found == module.constants.end()) {
      throw CompileError(fmt::format("the module has no specialisation constant '{}'", name),
                         known_constants(module));
    }
    constants_[found->second.id] = bits_of(name, value, found->second);
  }
}

namespace {

bool uses_subgroups(const Module& module) {
  constexpr std::uint32_t group_non_uniform = 61;  // the capability that all subgroup operations need
  return std::find(module.capabilities.begin(), module.capabilities.end(), group_non_uniform) !=
         module.capabilities.end();
}

}  // namespace

Specialisation VulkanKernel::specialise(const std::array<std::size_t, 3>& group_shape) const {
  Specialisation values = constants_;
  const auto& dimensions = program_->module.group_shapes.at(entry_);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto wanted = static_cast<std::uint32_t>(group_shape[i]);
    std::uint32_t actual = dimensions[i].fixed;
    if (dimensions[i].constant) actual = values.try_emplace(*dimensions[i].constant, wanted).first->second;
    if (actual != wanted) {
      throw DeviceError(
          fmt::format("kernel {} has {} work-items in dimension {} of a group, the launch has {}", entry_,
                      actual, i, group_shape[i]));
    }
  }
  return values;
}

std::shared_ptr<const Program> PipelineStore::program(const std::shared_ptr<Session>& session,
                                                      const std::string& source) {
  return programs_.get(source, [&] { return make_program(session, source); });
}

std::shared_ptr<const Pipeline> PipelineStore::pipeline(const VulkanKernel& kernel,
                                                        const std::array<std::size_t, 3>& group_shape) {
  const Specialisation values = kernel.specialise(group_shape);
  return pipelines_.get({kernel.program().get(), kernel.entry(), values}, [&] {
    const Program& program = *kernel.program();
    Session& session = *program.session;
    std::vector<VkSpecializationMapEntry> entries;
    std::vector<std::uint32_t> data;
    for (const auto& [id, value] : values) {
      entries.push_back({.constantID = id,
                         .offset = static_cast<std::uint32_t>(data.size() * sizeof value),
                         .size = sizeof value});
      data.push_back(value);
    }
    const VkSpecializationInfo specialisation{static_cast<std::uint32_t>(entries.size()), entries.data(),
                                              data.size() * sizeof(std::uint32_t), data.data()};
    VkComputePipelineCreateInfo info{};
    info.sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO;
    info.stage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO;
    info.stage.stage = VK_SHADER_STAGE_COMPUTE_BIT;
    info.stage.module = program.handle.get();
    info.stage.pName = kernel.entry().c_str();
    info.stage.pSpecializationInfo = &specialisation;
    VkPipelineShaderStageRequiredSubgroupSizeCreateInfo subgroups{};
    subgroups.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_REQUIRED_SUBGROUP_SIZE_CREATE_INFO;
    subgroups.requiredSubgroupSize = session.facts().properties_11.subgroupSize;
    if (session.facts().fixes_subgroups && uses_subgroups(program.module) &&
        group_shape[0] % subgroups.requiredSubgroupSize == 0) {
      info.stage.flags = VK_PIPELINE_SHADER_STAGE_CREATE_REQUIRE_FULL_SUBGROUPS_BIT;
      info.stage.pNext = &subgroups;
    }
    info.layout = program.layout.get();
    VkPipeline handle = VK_NULL_HANDLE;
    check_compilation(session,
                      session.vk().vkCreateComputePipelines(session.device(), session.pipeline_cache(), 1,
                                                            &info, nullptr, &handle),
                      fmt::format("vkCreateComputePipelines({})", kernel.entry()));
    return std::make_shared<const Pipeline>(
        Pipeline{kernel.program(), {session.device(), handle, session.vk().vkDestroyPipeline}});
  });
}

}  // namespace moat::vulkan
