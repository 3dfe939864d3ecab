// A device that exists only in this process: real memory, a virtual clock, one library (library.cpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/null/config.h"

namespace moat::null {

/// One allocation.
/// Whoever changes `bytes` counts it, so that an executable knows whether its result still stands.
struct Memory {
  Memory(std::size_t size, std::shared_ptr<std::size_t> used);
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory();
  std::vector<std::byte> bytes;
  std::uint64_t changes = 0;
  std::shared_ptr<std::size_t> device_used_bytes;
};

/// The range [offset, offset + bytes) of an allocation.
struct Range {
  std::shared_ptr<Memory> memory;
  std::size_t offset = 0;
  std::size_t bytes = 0;
  [[nodiscard]] std::span<std::byte> contents() const {
    return std::span(memory->bytes).subspan(offset, bytes);
  }
};

/// All of an allocation, or a view of it.
class NullBuffer final : public Buffer {
 public:
  explicit NullBuffer(Range range) : Buffer(range.bytes), range_(std::move(range)) {}
  [[nodiscard]] const Range& range() const { return range_; }

 private:
  Range range_;
};

class NullExecutable : public Executable {
 public:
  /// `count` executions; returns their time by both virtual clocks.
  [[nodiscard]] virtual Timing run(std::size_t count) = 0;
};

/// The `index`-th device of a configuration.
[[nodiscard]] DeviceInfo describe(const Config& config, std::size_t index);
/// "naive", with the configuration's faults.
[[nodiscard]] std::unique_ptr<Library> make_naive(const Config& config);

class NullDevice final : public Device {
 public:
  NullDevice(Config config, std::size_t index);

  [[nodiscard]] std::optional<Ceiling> ceiling(const Types& types) const override;

 protected:
  [[nodiscard]] std::unique_ptr<Buffer> do_allocate(std::size_t bytes) override;
  [[nodiscard]] std::unique_ptr<Buffer> do_view(Buffer& parent, std::size_t offset,
                                                std::size_t bytes) override;
  void do_write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data) override;
  void do_read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data) override;
  [[nodiscard]] Timing do_time(std::span<Executable* const> rotation, std::size_t count) override;

 private:
  Config config_;
  std::shared_ptr<std::size_t> used_bytes_ = std::make_shared<std::size_t>(0);
};

}  // namespace moat::null
