// The context and queue of an open device, and the buffers that live in them.
// Only this adapter's own files include this header.
#pragma once

#include <memory>

#include "adapters/adapter.h"
#include "adapters/opencl/check.h"
#include "adapters/opencl/symbols.h"

namespace moat::opencl {

/// The context and the in-order profiling queue that everything of a device shares and keeps alive.
struct Session {
  std::shared_ptr<const OpenclSymbols> symbols;
  cl_device_id device = nullptr;
  Owned<cl_context> context;
  Owned<cl_command_queue> queue;
  std::size_t memory_bytes = 0;     // of the device; 0 if unknown
  std::size_t allocated_bytes = 0;  // in buffers that live
};

/// Throws DeviceError if the driver refuses.
[[nodiscard]] std::shared_ptr<Session> make_session(std::shared_ptr<const OpenclSymbols> symbols,
                                                    cl_device_id device, std::size_t memory_bytes);

class OpenclBuffer : public Buffer {
 public:
  [[nodiscard]] cl_mem handle() const { return memory_.get(); }

 protected:
  OpenclBuffer(std::shared_ptr<Session> session, std::size_t bytes);

  std::shared_ptr<Session> session_;
  Owned<cl_mem> memory_;
};

/// Memory that exists, not only an address for it: throws OutOfMemory here rather than at first use.
[[nodiscard]] std::unique_ptr<Buffer> allocate(std::shared_ptr<Session> session, std::size_t bytes);

/// A sub-buffer; views of views refer to the memory itself, since OpenCL nests them only once.
[[nodiscard]] std::unique_ptr<Buffer> view(Buffer& parent, std::size_t offset, std::size_t bytes,
                                           const std::shared_ptr<Session>& session);

/// Of one of the device's own buffers, which Device has checked that it is.
[[nodiscard]] inline cl_mem handle_of(const Buffer& buffer) {
  return static_cast<const OpenclBuffer&>(buffer).handle();
}

}  // namespace moat::opencl
