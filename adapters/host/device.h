// The host as a device: memory of this process, its libraries and the steady clock.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/host/library.h"
#include "adapters/host/machine.h"

namespace moat::host {

/// Clock resolution included; loads no library.
[[nodiscard]] DeviceInfo describe(const Machine& machine);

class HostDevice final : public Device {
 public:
  /// Loads the libraries and starts the threads.
  explicit HostDevice(const Machine& machine);

  [[nodiscard]] std::optional<Ceiling> ceiling(const Types& types) const override;

 protected:
  /// Writes to every page, so that none of the memory proves missing later. Throws OutOfMemory if the machine
  /// or a control group has too little left.
  [[nodiscard]] std::unique_ptr<Buffer> do_allocate(std::size_t bytes) override;
  [[nodiscard]] std::unique_ptr<Buffer> do_view(Buffer& parent, std::size_t offset,
                                                std::size_t bytes) override;
  void do_write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data) override;
  void do_read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data) override;
  [[nodiscard]] Timing do_time(std::span<Executable* const> rotation, std::size_t count) override;

 private:
  Machine machine_;
  std::shared_ptr<ThreadPool> threads_;
  std::string last_runtime_;   // whose threads may still be awake
  std::uint64_t changes_ = 1;  // of what an executable may have loaded: by a copy, or by another executable
  const Executable* last_ = nullptr;  // the one that ran last, if it ran alone
};

}  // namespace moat::host
