// A device that stands before another and hands everything on to it: tests override what they watch or
// change.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "adapters/adapter.h"

namespace moat::test {

class FrontDevice : public Device {
 public:
  /// `info` is what it says of itself, which may differ from what `inner` says.
  FrontDevice(DeviceInfo info, Device& inner) : Device(std::move(info), inner), inner_(inner) {}
  [[nodiscard]] std::optional<Ceiling> ceiling(const Types& types) const override {
    return inner_.ceiling(types);
  }

 protected:
  [[nodiscard]] std::unique_ptr<Buffer> do_allocate(std::size_t bytes) override {
    return inner_.allocate(bytes);
  }
  [[nodiscard]] std::unique_ptr<Buffer> do_view(Buffer& parent, std::size_t offset,
                                                std::size_t bytes) override {
    return inner_.view(parent, offset, bytes);
  }
  void do_write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data) override {
    inner_.write(buffer, offset, data);
  }
  void do_read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data) override {
    inner_.read(buffer, offset, data);
  }
  [[nodiscard]] Timing do_time(std::span<Executable* const> rotation, std::size_t count) override {
    return inner_.time(rotation, count);
  }

 private:
  Device& inner_;
};

}  // namespace moat::test
