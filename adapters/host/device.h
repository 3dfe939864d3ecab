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

  [[nodiscard]] const DeviceInfo& info() const override { return info_; }
  /// The memory is touched, so that none of it is found missing later; OutOfMemory if the machine or a
  /// control group could not bear it.
  [[nodiscard]] std::unique_ptr<Buffer> allocate(std::size_t bytes) override;
  [[nodiscard]] std::unique_ptr<Buffer> view(Buffer& parent, std::size_t offset, std::size_t bytes) override;
  void write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data) override;
  void read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data) override;
  [[nodiscard]] std::shared_ptr<Kernel> compile(
      const std::string& source, const std::string& entry,
      std::span<const std::pair<std::string, std::int64_t>> constants) override;
  [[nodiscard]] std::unique_ptr<Executable> prepare(std::vector<Launch> launches) override;
  [[nodiscard]] Timing time(std::span<Executable* const> rotation, std::size_t count) override;
  [[nodiscard]] std::optional<Ceiling> ceiling(const Types& types) const override;
  [[nodiscard]] std::span<const std::unique_ptr<Library>> libraries() override { return libraries_; }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> absent_libraries() const override {
    return absent_;
  }

 private:
  Machine machine_;
  DeviceInfo info_;
  std::shared_ptr<ThreadPool> threads_;
  std::vector<std::unique_ptr<Library>> libraries_;
  std::vector<std::pair<std::string, std::string>> absent_;
  std::string last_runtime_;   // whose threads may still be awake
  std::uint64_t changes_ = 1;  // of what an executable may have loaded: by a copy, or by another executable
  const Executable* last_ = nullptr;  // the one that ran last, if it ran alone
};

}  // namespace moat::host
