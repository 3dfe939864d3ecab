// Device memory in blocks, buffers cut from them, views, and copies: through a mapping where the host reaches
// the memory, else through a staging buffer. Only this adapter's own files include this header.
#pragma once

#include <list>
#include <memory>

#include "adapters/adapter.h"
#include "adapters/vulkan/session.h"
#include "adapters/vulkan/suballocator.h"

namespace moat::vulkan {

/// One vkAllocateMemory, mapped for as long as it lives if it can be.
struct Block {
  Owned<VkDeviceMemory> memory;
  std::byte* mapped = nullptr;
  Suballocator ranges;
};

/// The blocks of one memory type. Small buffers share blocks, since drivers limit the number of allocations;
/// long ones have blocks of their own.
class MemoryPool {
 public:
  struct Allocation {
    Block* block = nullptr;
    std::size_t offset = 0;
  };

  MemoryPool(std::shared_ptr<Session> session, std::uint32_t type, bool maps);

  /// Throws OutOfMemory.
  [[nodiscard]] Allocation allocate(const VkMemoryRequirements& requirements);
  void free(const Allocation& allocation) noexcept;

  [[nodiscard]] std::size_t heap_bytes() const;
  /// Makes what the host wrote seen by the device, or what the device wrote by the host, where the memory
  /// does not do so by itself.
  void flush(const Allocation& allocation, std::size_t offset, std::size_t bytes) const;
  void invalidate(const Allocation& allocation, std::size_t offset, std::size_t bytes) const;

 private:
  Block& add_block(std::size_t bytes);
  [[nodiscard]] VkMappedMemoryRange range(const Allocation& allocation, std::size_t offset,
                                          std::size_t bytes) const;

  std::shared_ptr<Session> session_;
  std::uint32_t type_;
  bool maps_;
  bool is_coherent_;
  std::size_t block_bytes_;
  std::list<Block> blocks_;
};

/// A VkBuffer and its allocation in memory.
class Storage {
 public:
  /// `bytes` rounded up to whole 32-bit words, so that kernels may read narrower elements as parts of words.
  Storage(Session& session, MemoryPool& pool, std::size_t bytes);
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  ~Storage();

  [[nodiscard]] VkBuffer handle() const { return buffer_.get(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// Copies by the host; only where the pool is mapped.
  void write(std::size_t offset, std::span<const std::byte> data) const;
  void read(std::size_t offset, std::span<std::byte> data) const;

 private:
  MemoryPool& pool_;
  std::size_t bytes_;
  MemoryPool::Allocation allocation_;
  Owned<VkBuffer> buffer_;
};

/// What a device's buffers share: memory for them, how much of it is in use, and the way to copy.
class Memory {
 public:
  /// `always_stages`: as if the host could not reach the device's memory.
  Memory(std::shared_ptr<Session> session, bool always_stages);

  [[nodiscard]] Session& session() const { return *session_; }
  [[nodiscard]] MemoryPool& pool() { return *pool_; }
  [[nodiscard]] bool stages() const { return stages_; }
  /// Between host and device, staging_bytes long; made when it is first needed.
  [[nodiscard]] const Storage& staging();
  std::size_t used_bytes = 0;  // in buffers that live

 private:
  std::shared_ptr<Session> session_;
  bool stages_ = false;
  std::unique_ptr<MemoryPool> pool_;
  std::unique_ptr<MemoryPool> staging_pool_;
  std::unique_ptr<Storage> staging_;
};

// Copies through staging go piece by piece.
inline constexpr std::size_t staging_bytes = std::size_t{16} << 20;

class VulkanBuffer final : public Buffer {
 public:
  /// An allocation of its own.
  VulkanBuffer(std::shared_ptr<Memory> memory, std::size_t bytes);
  /// A part of `parent`.
  VulkanBuffer(const VulkanBuffer& parent, std::size_t offset, std::size_t bytes);
  ~VulkanBuffer() override;
  [[nodiscard]] const Storage& storage() const { return *storage_; }
  /// Of its first byte in the storage.
  [[nodiscard]] std::size_t offset() const { return offset_; }
  /// What a kernel is given: whole 32-bit words, never past the storage's end.
  [[nodiscard]] VkDescriptorBufferInfo descriptor() const;

 private:
  std::shared_ptr<Memory> memory_;
  std::shared_ptr<Storage> storage_;
  std::size_t offset_ = 0;
  std::size_t counted_bytes_ = 0;  // against the device's memory; none for a view
};

/// Throws OutOfMemory past what one buffer, or all of them, may have.
[[nodiscard]] std::unique_ptr<Buffer> allocate(const std::shared_ptr<Memory>& memory, std::size_t bytes);
void write(Memory& memory, Buffer& buffer, std::size_t offset, std::span<const std::byte> data);
void read(Memory& memory, const Buffer& buffer, std::size_t offset, std::span<std::byte> data);

/// One of the device's own buffers, which Device has checked that it is.
[[nodiscard]] inline const VulkanBuffer& own_buffer(const Buffer& buffer) {
  return static_cast<const VulkanBuffer&>(buffer);
}

}  // namespace moat::vulkan
