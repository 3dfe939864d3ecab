// The contract's buffers: limits, views, and copies by mapping or by staging.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/vulkan/memory.h"
#include "base/error.h"

namespace moat::vulkan {
namespace {

/// Throws OutOfMemory for what the device cannot have, with the limit.
void require_room(const Memory& memory, std::size_t heap_bytes, std::size_t bytes) {
  const Facts& facts = memory.session().facts();
  const std::size_t allocation = facts.properties_11.maxMemoryAllocationSize;
  if (bytes > allocation) {
    throw OutOfMemory(fmt::format(
        "{} bytes asked for; the driver allocates {} at once (maxMemoryAllocationSize)", bytes, allocation));
  }
  // Drivers that page or overcommit accept more than there is, and one would measure the paging.
  if (bytes > heap_bytes - std::min(heap_bytes, memory.used_bytes)) {
    throw OutOfMemory(fmt::format("{} bytes asked for; the device has {}, of which {} are in use here", bytes,
                                  heap_bytes, memory.used_bytes));
  }
}

void copy(Session& session, VkBuffer from, VkBuffer to, const VkBufferCopy& region) {
  session.run([&](VkCommandBuffer commands) {
    session.order_copies(commands);
    session.vk().vkCmdCopyBuffer(commands, from, to, 1, &region);
    session.order_copies(commands);
  });
}

}  // namespace

VulkanBuffer::VulkanBuffer(std::shared_ptr<Memory> memory, std::size_t bytes)
    : Buffer(bytes),
      memory_(std::move(memory)),
      storage_(std::make_shared<Storage>(memory_->session(), memory_->pool(), bytes)),
      counted_bytes_(storage_->bytes()) {
  memory_->used_bytes += counted_bytes_;
}

VulkanBuffer::VulkanBuffer(const VulkanBuffer& parent, std::size_t offset, std::size_t bytes)
    : Buffer(bytes), memory_(parent.memory_), storage_(parent.storage_), offset_(parent.offset_ + offset) {}

VulkanBuffer::~VulkanBuffer() {
  memory_->used_bytes -= counted_bytes_;
}

VkDescriptorBufferInfo VulkanBuffer::descriptor() const {
  // The storage is whole words and views begin at pages, so the rounded end is never past it.
  return {.buffer = storage_->handle(), .offset = offset_, .range = (bytes() + 3) / 4 * 4};
}

std::unique_ptr<Buffer> allocate(const std::shared_ptr<Memory>& memory, std::size_t bytes) {
  require_room(*memory, memory->pool().heap_bytes(), bytes);
  return std::make_unique<VulkanBuffer>(memory, bytes);
}

void write(Memory& memory, Buffer& buffer, std::size_t offset, std::span<const std::byte> data) {
  const VulkanBuffer& own = own_buffer(buffer);
  const std::size_t begin = own.offset() + offset;
  if (!memory.stages()) return own.storage().write(begin, data);
  const Storage& staging = memory.staging();
  for (std::size_t done = 0; done < data.size();) {
    const auto piece = data.subspan(done, std::min(staging_bytes, data.size() - done));
    staging.write(0, piece);
    copy(memory.session(), staging.handle(), own.storage().handle(),
         {.srcOffset = 0, .dstOffset = begin + done, .size = piece.size()});
    done += piece.size();
  }
}

void read(Memory& memory, const Buffer& buffer, std::size_t offset, std::span<std::byte> data) {
  const VulkanBuffer& own = own_buffer(buffer);
  const std::size_t begin = own.offset() + offset;
  if (!memory.stages()) return own.storage().read(begin, data);
  const Storage& staging = memory.staging();
  for (std::size_t done = 0; done < data.size();) {
    const auto piece = data.subspan(done, std::min(staging_bytes, data.size() - done));
    copy(memory.session(), own.storage().handle(), staging.handle(),
         {.srcOffset = begin + done, .dstOffset = 0, .size = piece.size()});
    staging.read(0, piece);
    done += piece.size();
  }
}

}  // namespace moat::vulkan
