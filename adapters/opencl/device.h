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
  /// `clblast`: how CLBlast's files are named. Throws DeviceError if the driver refuses.
  OpenclDevice(const std::shared_ptr<const OpenclSymbols>& symbols, const DeviceEntry& entry,
               const LibraryFiles& clblast);

  [[nodiscard]] std::optional<Ceiling> ceiling(const Types& types) const override;

 protected:
  [[nodiscard]] std::unique_ptr<Buffer> do_allocate(std::size_t bytes) override;
  [[nodiscard]] std::unique_ptr<Buffer> do_view(Buffer& parent, std::size_t offset,
                                                std::size_t bytes) override;
  void do_write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data) override;
  void do_read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data) override;
  [[nodiscard]] std::shared_ptr<Kernel> do_compile(
      const std::string& source, const std::string& entry,
      std::span<const std::pair<std::string, std::int64_t>> constants) override;
  [[nodiscard]] std::unique_ptr<Executable> do_prepare(std::vector<Launch> launches) override;
  [[nodiscard]] Timing do_time(std::span<Executable* const> rotation, std::size_t count) override;

 private:
  [[nodiscard]] Timing run(std::span<OpenclExecutable* const> rotation, std::size_t count);

  cl_uint clock_mhz_ = 0;
  std::shared_ptr<Session> session_;
  ProgramCache programs_{64};
};

}  // namespace moat::opencl
