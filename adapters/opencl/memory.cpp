// Contexts, queues, buffers and views of them.
#include "adapters/opencl/memory.h"

#include <fmt/format.h>

#include "base/error.h"

namespace moat::opencl {
namespace {

class Allocation final : public OpenclBuffer {
 public:
  Allocation(std::shared_ptr<Session> session, std::size_t bytes) : OpenclBuffer(std::move(session), bytes) {
    const OpenclSymbols& cl = *session_->symbols;
    // Drivers that page or overcommit accept more than there is, and one would measure the paging.
    if (session_->memory_bytes != 0 && bytes > session_->memory_bytes - session_->allocated_bytes) {
      throw OutOfMemory(fmt::format("{} bytes asked for; the device has {}, of which {} are in use here",
                                    bytes, session_->memory_bytes, session_->allocated_bytes));
    }
    cl_int code = CL_SUCCESS;
    memory_.reset(cl.clCreateBuffer(session_->context.get(), CL_MEM_READ_WRITE, bytes, nullptr, &code));
    check_memory(code, fmt::format("clCreateBuffer({} bytes)", bytes));
    // Many drivers allocate on first use: use it now, where a failure can only mean memory.
    const std::byte zero{};
    MOAT_OPENCL_CHECK_MEMORY(cl.clEnqueueWriteBuffer(session_->queue.get(), memory_.get(), CL_TRUE, bytes - 1,
                                                     1, &zero, 0, nullptr, nullptr));
    session_->allocated_bytes += bytes;
    counted_ = bytes;
  }
  ~Allocation() override { session_->allocated_bytes -= counted_; }

 private:
  std::size_t counted_ = 0;
};

class View final : public OpenclBuffer {
 public:
  View(OpenclBuffer& root, std::size_t offset, std::size_t bytes, const std::shared_ptr<Session>& session)
      : OpenclBuffer(session, bytes), root_(root), offset_(offset) {
    const BufferRegion region{offset, bytes};
    cl_int code = CL_SUCCESS;
    memory_.reset(session_->symbols->clCreateSubBuffer(root.handle(), CL_MEM_READ_WRITE,
                                                       CL_BUFFER_CREATE_TYPE_REGION, &region, &code));
    check_memory(code, fmt::format("clCreateSubBuffer({} bytes at offset {})", bytes, offset));
  }
  [[nodiscard]] OpenclBuffer& root() const { return root_; }
  [[nodiscard]] std::size_t offset() const { return offset_; }

 private:
  OpenclBuffer& root_;
  std::size_t offset_;
};

}  // namespace

std::shared_ptr<Session> make_session(std::shared_ptr<const OpenclSymbols> symbols, cl_device_id device,
                                      std::size_t memory_bytes) {
  const OpenclSymbols& cl = *symbols;
  cl_int code = CL_SUCCESS;
  Owned<cl_context> context(cl.clCreateContext(nullptr, 1, &device, nullptr, nullptr, &code),
                            cl.clReleaseContext);
  check(code, "clCreateContext(1 device)");
  Owned<cl_command_queue> queue(
      cl.clCreateCommandQueue(context.get(), device, CL_QUEUE_PROFILING_ENABLE, &code),
      cl.clReleaseCommandQueue);
  check(code, "clCreateCommandQueue(CL_QUEUE_PROFILING_ENABLE)");
  return std::make_shared<Session>(
      Session{std::move(symbols), device, std::move(context), std::move(queue), memory_bytes, 0});
}

OpenclBuffer::OpenclBuffer(std::shared_ptr<Session> session, std::size_t bytes)
    : Buffer(bytes), session_(std::move(session)), memory_(nullptr, session_->symbols->clReleaseMemObject) {}

std::unique_ptr<Buffer> allocate(std::shared_ptr<Session> session, std::size_t bytes) {
  return std::make_unique<Allocation>(std::move(session), bytes);
}

std::unique_ptr<Buffer> view(Buffer& parent, std::size_t offset, std::size_t bytes,
                             const std::shared_ptr<Session>& session) {
  if (auto* outer = dynamic_cast<View*>(&parent)) {
    return std::make_unique<View>(outer->root(), outer->offset() + offset, bytes, session);
  }
  return std::make_unique<View>(static_cast<OpenclBuffer&>(parent), offset, bytes, session);
}

}  // namespace moat::opencl
