// One OpenCL device: its context and queue, and what lives in them. Queues and events stay behind
// Device::time; only this adapter's own files include this header.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/opencl/info.h"
#include "adapters/opencl/launch.h"
#include "adapters/opencl/memory.h"
#include "adapters/opencl/symbols.h"

namespace moat::opencl {

class OpenclDevice final : public Device {
 public:
  /// `clblast_names`: file names of CLBlast to try. Throws DeviceError if the driver refuses.
  OpenclDevice(const std::shared_ptr<const OpenclSymbols>& symbols, const DeviceEntry& entry,
               const std::vector<std::string>& clblast_names);

  [[nodiscard]] cl_device_id handle() const { return session_->device; }

  [[nodiscard]] const DeviceInfo& info() const override { return info_; }
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
    return absent_libraries_;
  }

 private:
  [[nodiscard]] Timing run(std::span<OpenclExecutable* const> rotation, std::size_t count);

  DeviceInfo info_;
  cl_uint clock_mhz_ = 0;
  std::shared_ptr<Session> session_;
  ProgramCache programs_{64};
  std::vector<std::unique_ptr<Library>> libraries_;
  std::vector<std::pair<std::string, std::string>> absent_libraries_;
};

}  // namespace moat::opencl
