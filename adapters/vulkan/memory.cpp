// Blocks, and the buffers cut from them.
#include "adapters/vulkan/memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/error.h"

namespace moat::vulkan {
namespace {

constexpr std::size_t usual_block_bytes = std::size_t{64} << 20;
// Buffers begin at pages, as views do.
constexpr std::size_t least_alignment = view_alignment;

constexpr VkBufferUsageFlags usage =
    VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT;

std::size_t round_up(std::size_t bytes, std::size_t step) {
  return (bytes + step - 1) / step * step;
}

Owned<VkBuffer> create_buffer(Session& session, std::size_t bytes) {
  VkBufferCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO;
  info.size = bytes;
  info.usage = usage;
  VkBuffer buffer = VK_NULL_HANDLE;
  session.check(session.vk().vkCreateBuffer(session.device(), &info, nullptr, &buffer),
                fmt::format("vkCreateBuffer({} bytes)", bytes));
  return {session.device(), buffer, session.vk().vkDestroyBuffer};
}

VkMemoryRequirements requirements_of(const Session& session, VkBuffer buffer) {
  VkBufferMemoryRequirementsInfo2 info{};
  info.sType = VK_STRUCTURE_TYPE_BUFFER_MEMORY_REQUIREMENTS_INFO_2;
  info.buffer = buffer;
  VkMemoryRequirements2 requirements{};
  requirements.sType = VK_STRUCTURE_TYPE_MEMORY_REQUIREMENTS_2;
  session.vk().vkGetBufferMemoryRequirements2(session.device(), &info, &requirements);
  return requirements.memoryRequirements;
}

VkMemoryPropertyFlags flags_of(const Session& session, std::uint32_t type) {
  return session.facts().memory.memoryTypes[type].propertyFlags;
}

}  // namespace

MemoryPool::MemoryPool(std::shared_ptr<Session> session, std::uint32_t type, bool maps)
    : session_(std::move(session)),
      type_(type),
      maps_(maps),
      is_coherent_((flags_of(*session_, type) & VK_MEMORY_PROPERTY_HOST_COHERENT_BIT) != 0),
      // Blocks of small heaps are smaller, so that rounding loses little.
      block_bytes_(std::min(usual_block_bytes, heap_bytes() / 16 / least_alignment * least_alignment)) {}

std::size_t MemoryPool::heap_bytes() const {
  const VkPhysicalDeviceMemoryProperties& memory = session_->facts().memory;
  return memory.memoryHeaps[memory.memoryTypes[type_].heapIndex].size;
}

MemoryPool::Allocation MemoryPool::allocate(const VkMemoryRequirements& requirements) {
  const std::size_t atom = session_->facts().properties.limits.nonCoherentAtomSize;
  const std::size_t alignment =
      std::max({static_cast<std::size_t>(requirements.alignment), least_alignment, atom});
  const std::size_t bytes = round_up(requirements.size, std::max<std::size_t>(atom, 1));
  const bool shares = bytes <= block_bytes_ / 2;
  for (Block& block : blocks_) {
    if (!shares) break;
    if (const auto offset = block.ranges.allocate(bytes, alignment)) return {&block, *offset};
  }
  Block& block = add_block(shares ? block_bytes_ : bytes);
  return {&block, block.ranges.allocate(bytes, alignment).value()};
}

Block& MemoryPool::add_block(std::size_t bytes) {
  const VkPhysicalDeviceLimits& limits = session_->facts().properties.limits;
  if (blocks_.size() >= limits.maxMemoryAllocationCount) {
    throw OutOfMemory(fmt::format("the driver allows {} allocations, and all are in use", blocks_.size()));
  }
  VkMemoryAllocateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO;
  info.allocationSize = bytes;
  info.memoryTypeIndex = type_;
  const VulkanSymbols& vk = session_->vk();
  VkDeviceMemory memory = VK_NULL_HANDLE;
  session_->check(vk.vkAllocateMemory(session_->device(), &info, nullptr, &memory),
                  fmt::format("vkAllocateMemory({} bytes of type {})", bytes, type_));
  Block block{{session_->device(), memory, vk.vkFreeMemory}, nullptr, Suballocator(bytes)};
  if (maps_) {
    void* mapped = nullptr;
    session_->check(vk.vkMapMemory(session_->device(), memory, 0, VK_WHOLE_SIZE, 0, &mapped), "vkMapMemory");
    block.mapped = static_cast<std::byte*>(mapped);
  }
  return blocks_.emplace_back(std::move(block));
}

void MemoryPool::free(const Allocation& allocation) noexcept {
  allocation.block->ranges.free(allocation.offset);
  if (allocation.block->ranges.is_unused()) {
    blocks_.remove_if([&](const Block& block) { return &block == allocation.block; });
  }
}

VkMappedMemoryRange MemoryPool::range(const Allocation& allocation, std::size_t offset,
                                      std::size_t bytes) const {
  const std::size_t atom = std::max<std::size_t>(1, session_->facts().properties.limits.nonCoherentAtomSize);
  const std::size_t begin = (allocation.offset + offset) / atom * atom;
  VkMappedMemoryRange range{};
  range.sType = VK_STRUCTURE_TYPE_MAPPED_MEMORY_RANGE;
  range.memory = allocation.block->memory.get();
  range.offset = begin;
  range.size = round_up(allocation.offset + offset + bytes, atom) - begin;  // blocks are multiples of atoms
  return range;
}

void MemoryPool::flush(const Allocation& allocation, std::size_t offset, std::size_t bytes) const {
  if (is_coherent_) return;
  const VkMappedMemoryRange changed = range(allocation, offset, bytes);
  session_->check(session_->vk().vkFlushMappedMemoryRanges(session_->device(), 1, &changed),
                  "vkFlushMappedMemoryRanges");
}

void MemoryPool::invalidate(const Allocation& allocation, std::size_t offset, std::size_t bytes) const {
  if (is_coherent_) return;
  const VkMappedMemoryRange changed = range(allocation, offset, bytes);
  session_->check(session_->vk().vkInvalidateMappedMemoryRanges(session_->device(), 1, &changed),
                  "vkInvalidateMappedMemoryRanges");
}

Memory::Memory(std::shared_ptr<Session> session, bool always_stages) : session_(std::move(session)) {
  const Facts& facts = session_->facts();
  // Every buffer of one usage may lie in the same types.
  const Owned<VkBuffer> sample = create_buffer(*session_, 4);
  const std::uint32_t allowed = requirements_of(*session_, sample.get()).memoryTypeBits;
  const auto type = choose_memory_type(facts.memory, facts.properties.deviceType, allowed);
  const auto staging_type = choose_staging_type(facts.memory, allowed);
  if (!type || !staging_type) {
    throw DeviceError(fmt::format("'{}' has no memory {} for storage buffers (memory types {:#x})",
                                  facts.properties.deviceName, type ? "that the host reaches" : "of its own",
                                  allowed));
  }
  stages_ = always_stages || (flags_of(*session_, *type) & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT) == 0;
  pool_ = std::make_unique<MemoryPool>(session_, *type, !stages_);
  staging_pool_ = std::make_unique<MemoryPool>(session_, *staging_type, true);
}

const Storage& Memory::staging() {
  if (!staging_) staging_ = std::make_unique<Storage>(*session_, *staging_pool_, staging_bytes);
  return *staging_;
}

Storage::Storage(Session& session, MemoryPool& pool, std::size_t bytes)
    : pool_(pool), bytes_(round_up(bytes, 4)) {
  buffer_ = create_buffer(session, bytes_);
  allocation_ = pool_.allocate(requirements_of(session, buffer_.get()));
  VkBindBufferMemoryInfo bind{};
  bind.sType = VK_STRUCTURE_TYPE_BIND_BUFFER_MEMORY_INFO;
  bind.buffer = buffer_.get();
  bind.memory = allocation_.block->memory.get();
  bind.memoryOffset = allocation_.offset;
  try {
    session.check(session.vk().vkBindBufferMemory2(session.device(), 1, &bind), "vkBindBufferMemory2");
  } catch (...) {
    pool_.free(allocation_);
    throw;
  }
}

Storage::~Storage() {
  buffer_ = {};
  pool_.free(allocation_);
}

void Storage::write(std::size_t offset, std::span<const std::byte> data) const {
  std::copy(data.begin(), data.end(), allocation_.block->mapped + allocation_.offset + offset);
  pool_.flush(allocation_, offset, data.size());
}

void Storage::read(std::size_t offset, std::span<std::byte> data) const {
  pool_.invalidate(allocation_, offset, data.size());
  std::copy_n(allocation_.block->mapped + allocation_.offset + offset, data.size(), data.begin());
}

}  // namespace moat::vulkan
