// Opening a device, submitting to its queue, and waiting.
#include "adapters/vulkan/session.h"

#include "adapters/vulkan/chain.h"
#include "base/error.h"

namespace moat::vulkan {
namespace {

// How long one call waits; it is repeated until the work is over, so that no kernel is too long.
constexpr std::uint64_t wait_nanoseconds = 1'000'000'000;

constexpr VkAccessFlags shader_access = VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT;
constexpr VkAccessFlags copy_access = VK_ACCESS_TRANSFER_READ_BIT | VK_ACCESS_TRANSFER_WRITE_BIT |
                                      VK_ACCESS_HOST_READ_BIT | VK_ACCESS_HOST_WRITE_BIT;
constexpr VkPipelineStageFlags copy_stages = VK_PIPELINE_STAGE_TRANSFER_BIT | VK_PIPELINE_STAGE_HOST_BIT;

/// Those of the device's features that kernels here may use, and the extensions they need.
struct Wanted {
  explicit Wanted(const Facts& facts) {
    features.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2;
    features.features.shaderFloat64 = facts.features.shaderFloat64;
    features.features.shaderInt64 = facts.features.shaderInt64;
    features.features.shaderInt16 = facts.features.shaderInt16;
    features_11.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES;
    features_11.storageBuffer16BitAccess = facts.features_11.storageBuffer16BitAccess;
    features_12.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES;
    features_12.storageBuffer8BitAccess = facts.features_12.storageBuffer8BitAccess;
    features_12.shaderFloat16 = facts.features_12.shaderFloat16;
    features_12.shaderInt8 = facts.features_12.shaderInt8;
    features_12.subgroupBroadcastDynamicId = facts.features_12.subgroupBroadcastDynamicId;
    integer_dot.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_INTEGER_DOT_PRODUCT_FEATURES;
    integer_dot.shaderIntegerDotProduct = facts.has_integer_dot ? VK_TRUE : VK_FALSE;
    features.pNext = &features_11;
    features_11.pNext = &features_12;
    if (facts.has_integer_dot) features_12.pNext = &integer_dot;
    if (facts.fixes_subgroups) {
      subgroups.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES;
      subgroups.subgroupSizeControl = subgroups.computeFullSubgroups = VK_TRUE;
      subgroups.pNext = features_12.pNext;
      features_12.pNext = &subgroups;
    }
    if (facts.has_integer_dot && facts.properties.apiVersion < VK_API_VERSION_1_3) {
      extensions.push_back(VK_KHR_SHADER_INTEGER_DOT_PRODUCT_EXTENSION_NAME);
    }
    if (facts.has_matrices_khr) add(matrices_khr, VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME);
    if (facts.has_matrices_nv) add(matrices_nv, VK_NV_COOPERATIVE_MATRIX_EXTENSION_NAME);
    // Devices that lack parts of Vulkan must be told that one knows. (Its macro is of the beta headers.)
    if (facts.extensions.contains("VK_KHR_portability_subset")) {
      extensions.push_back("VK_KHR_portability_subset");
    }
  }
  Wanted(const Wanted&) = delete;
  Wanted& operator=(const Wanted&) = delete;

  /// Shaders with matrices are of Vulkan's own memory model.
  template <class Features>
  void add(Features& matrices, const char* extension) {
    matrices.cooperativeMatrix = features_12.vulkanMemoryModel = VK_TRUE;
    matrices.pNext = features_12.pNext;
    features_12.pNext = &matrices;
    extensions.push_back(extension);
  }

  VkPhysicalDeviceFeatures2 features{};
  VkPhysicalDeviceVulkan11Features features_11{};
  VkPhysicalDeviceVulkan12Features features_12{};
  VkPhysicalDeviceShaderIntegerDotProductFeatures integer_dot{};
  VkPhysicalDeviceSubgroupSizeControlFeatures subgroups{};
  VkPhysicalDeviceCooperativeMatrixFeaturesKHR matrices_khr =
      structure<VkPhysicalDeviceCooperativeMatrixFeaturesKHR>(
          VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_KHR);
  VkPhysicalDeviceCooperativeMatrixFeaturesNV matrices_nv =
      structure<VkPhysicalDeviceCooperativeMatrixFeaturesNV>(
          VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_NV);
  std::vector<const char*> extensions;
};

VkDevice create_device(const VulkanSymbols& vk, const Facts& facts) {
  const Wanted wanted(facts);
  const float priority = 1;
  VkDeviceQueueCreateInfo queue{};
  queue.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO;
  queue.queueFamilyIndex = facts.queue_family;
  queue.queueCount = 1;
  queue.pQueuePriorities = &priority;
  VkDeviceCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO;
  info.pNext = &wanted.features;
  info.queueCreateInfoCount = 1;
  info.pQueueCreateInfos = &queue;
  info.enabledExtensionCount = static_cast<std::uint32_t>(wanted.extensions.size());
  info.ppEnabledExtensionNames = wanted.extensions.data();
  VkDevice device = VK_NULL_HANDLE;
  check(vk.vkCreateDevice(facts.device, &info, nullptr, &device), "vkCreateDevice");
  return device;
}

void barrier(const VulkanSymbols& vk, VkCommandBuffer commands, VkPipelineStageFlags from,
             VkAccessFlags from_access, VkPipelineStageFlags to, VkAccessFlags to_access) {
  VkMemoryBarrier memory{};
  memory.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER;
  memory.srcAccessMask = from_access;
  memory.dstAccessMask = to_access;
  vk.vkCmdPipelineBarrier(commands, from, to, 0, 1, &memory, 0, nullptr, 0, nullptr);
}

}  // namespace

Session::Session(std::shared_ptr<Instance> instance, Facts facts, CacheFile cache_file)
    : instance_(std::move(instance)),
      facts_(std::move(facts)),
      cache_file_(std::move(cache_file)),
      vk_(instance_->symbols()) {
  VkDevice device = create_device(vk_, facts_);
  device_ = {device, [this](VkDevice handle) {
               if (vk_.vkDestroyDevice != nullptr) vk_.vkDestroyDevice(handle, nullptr);
             }};
  load_device(vk_, device);
  if (instance_->substitution()) instance_->substitution()(vk_);
  vk_.vkGetDeviceQueue(device, facts_.queue_family, 0, &queue_);
  open();
  raise_messages();
}

void Session::open() {
  VkDevice device = device_.get();
  const std::string& kept = cache_file_.contents();
  VkPipelineCacheCreateInfo cache{};
  cache.sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO;
  cache.initialDataSize = kept.size();
  cache.pInitialData = kept.empty() ? nullptr : kept.data();
  VkPipelineCache cache_handle = VK_NULL_HANDLE;
  // Without a cache pipelines are compiled each time: no reason to fail.
  if (vk_.vkCreatePipelineCache(device, &cache, nullptr, &cache_handle) == VK_SUCCESS) {
    pipeline_cache_ = {device, cache_handle, vk_.vkDestroyPipelineCache};
  }

  VkCommandPoolCreateInfo pool{};
  pool.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO;
  pool.flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT;
  pool.queueFamilyIndex = facts_.queue_family;
  VkCommandPool pool_handle = VK_NULL_HANDLE;
  check(vk_.vkCreateCommandPool(device, &pool, nullptr, &pool_handle), "vkCreateCommandPool");
  command_pool_ = {device, pool_handle, vk_.vkDestroyCommandPool};

  VkFenceCreateInfo fence{};
  fence.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO;
  for (Owned<VkFence>& owned : fences_) {
    VkFence handle = VK_NULL_HANDLE;
    check(vk_.vkCreateFence(device, &fence, nullptr, &handle), "vkCreateFence");
    owned = {device, handle, vk_.vkDestroyFence};
  }
  if (has_timestamps(facts_)) {
    VkQueryPoolCreateInfo queries{};
    queries.sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO;
    queries.queryType = VK_QUERY_TYPE_TIMESTAMP;
    queries.queryCount = 2;
    VkQueryPool handle = VK_NULL_HANDLE;
    check(vk_.vkCreateQueryPool(device, &queries, nullptr, &handle), "vkCreateQueryPool(2 timestamps)");
    timestamps_ = {device, handle, vk_.vkDestroyQueryPool};
  }
  once_ = make_commands();
  record_batch_ends();
}

void Session::record_batch_ends() {
  batch_begin_ = make_commands();
  begin(batch_begin_, 0);
  if (timestamps_) vk_.vkCmdResetQueryPool(batch_begin_, timestamps_.get(), 0, 2);
  barrier(vk_, batch_begin_, copy_stages, copy_access, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, shader_access);
  if (timestamps_) {
    vk_.vkCmdWriteTimestamp(batch_begin_, VK_PIPELINE_STAGE_TOP_OF_PIPE_BIT, timestamps_.get(), 0);
  }
  end(batch_begin_);
  batch_end_ = make_commands();
  begin(batch_end_, 0);
  if (timestamps_) {
    vk_.vkCmdWriteTimestamp(batch_end_, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, timestamps_.get(), 1);
  }
  barrier(vk_, batch_end_, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, shader_access, copy_stages, copy_access);
  end(batch_end_);
}

Session::~Session() {
  drain();
  if (!pipeline_cache_ || !lost_.empty()) return;
  std::size_t bytes = 0;
  if (vk_.vkGetPipelineCacheData(device(), pipeline_cache_.get(), &bytes, nullptr) != VK_SUCCESS) return;
  if (!cache_file_.is_worth_keeping(bytes)) return;
  std::string data(bytes, '\0');
  if (vk_.vkGetPipelineCacheData(device(), pipeline_cache_.get(), &bytes, data.data()) != VK_SUCCESS) return;
  data.resize(bytes);
  cache_file_.keep(data);
}

void Session::check(VkResult code, std::string_view call, SourceLocation location) {
  if (code == VK_ERROR_DEVICE_LOST && lost_.empty()) lost_ = failure_text(code, call, location);
  vulkan::check(code, call, location);
}

void Session::require_alive() const {
  if (!lost_.empty()) throw DeviceError(lost_);
}

VkCommandBuffer Session::make_commands() {
  VkCommandBufferAllocateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO;
  info.commandPool = command_pool_.get();
  info.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
  info.commandBufferCount = 1;
  VkCommandBuffer commands = VK_NULL_HANDLE;
  check(vk_.vkAllocateCommandBuffers(device(), &info, &commands), "vkAllocateCommandBuffers");
  return commands;
}

void Session::free_commands(VkCommandBuffer commands) noexcept {
  vk_.vkFreeCommandBuffers(device(), command_pool_.get(), 1, &commands);
}

void Session::begin(VkCommandBuffer commands, VkCommandBufferUsageFlags flags) {
  VkCommandBufferBeginInfo info{};
  info.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO;
  info.flags = flags;
  check(vk_.vkBeginCommandBuffer(commands, &info), "vkBeginCommandBuffer");
}

void Session::end(VkCommandBuffer commands) {
  check(vk_.vkEndCommandBuffer(commands), "vkEndCommandBuffer");
}

void Session::order_copies(VkCommandBuffer commands) const {
  barrier(vk_, commands, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | copy_stages, shader_access | copy_access,
          VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | copy_stages, shader_access | copy_access);
}

void Session::run(const std::function<void(VkCommandBuffer)>& record) {
  begin(once_, VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT);
  record(once_);
  end(once_);
  submit({&once_, 1}, 0);
  wait(0);
}

void Session::submit(std::span<const VkCommandBuffer> commands, std::size_t slot) {
  VkFence fence = fences_.at(slot).get();
  check(vk_.vkResetFences(device(), 1, &fence), "vkResetFences");
  VkSubmitInfo info{};
  info.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO;
  info.commandBufferCount = static_cast<std::uint32_t>(commands.size());
  info.pCommandBuffers = commands.data();
  check(vk_.vkQueueSubmit(queue_, 1, &info, fence), "vkQueueSubmit");
}

void Session::wait(std::size_t slot) {
  VkFence fence = fences_.at(slot).get();
  VkResult code = VK_TIMEOUT;
  while (code == VK_TIMEOUT) code = vk_.vkWaitForFences(device(), 1, &fence, VK_TRUE, wait_nanoseconds);
  check(code, "vkWaitForFences");
}

void Session::drain() noexcept {
  // On a lost device too: it answers in finite time, and what it still runs needs what would be destroyed.
  static_cast<void>(vk_.vkDeviceWaitIdle(device()));
}

double Session::batch_seconds() {
  std::array<std::uint64_t, 2> ticks{};
  check(vk_.vkGetQueryPoolResults(device(), timestamps_.get(), 0, 2, sizeof ticks, ticks.data(),
                                  sizeof ticks[0], VK_QUERY_RESULT_64_BIT | VK_QUERY_RESULT_WAIT_BIT),
        "vkGetQueryPoolResults");
  return seconds_between(ticks[0], ticks[1], facts_.queue.timestampValidBits,
                         static_cast<double>(facts_.properties.limits.timestampPeriod));
}

double seconds_between(std::uint64_t begin, std::uint64_t end, std::uint32_t valid_bits, double period) {
  const std::uint64_t ticks = end - begin;
  if (valid_bits >= 64) return static_cast<double>(static_cast<std::int64_t>(ticks)) * period * 1e-9;
  const std::uint64_t mask = (std::uint64_t{1} << valid_bits) - 1;
  return static_cast<double>(ticks & mask) * period * 1e-9;
}

}  // namespace moat::vulkan
