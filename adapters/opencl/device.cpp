// Opening a device, copying, and the timing of what runs on it.
#include "adapters/opencl/device.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "adapters/common/ceiling.h"
#include "adapters/opencl/library.h"

namespace moat::opencl {
namespace {

cl_ulong profiled(const OpenclSymbols& cl, cl_event event, cl_uint query) {
  cl_ulong nanoseconds = 0;
  MOAT_OPENCL_CHECK(cl.clGetEventProfilingInfo(event, query, sizeof nanoseconds, &nanoseconds, nullptr));
  return nanoseconds;
}

/// A command that failed on the device tells so only through its event.
void require_completed(const OpenclSymbols& cl, cl_event event) {
  cl_int status = CL_COMPLETE;
  MOAT_OPENCL_CHECK(
      cl.clGetEventInfo(event, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof status, &status, nullptr));
  if (status < 0) check(status, "the last command's execution");
}

}  // namespace

OpenclDevice::OpenclDevice(const std::shared_ptr<const OpenclSymbols>& symbols, const DeviceEntry& entry,
                           const LibraryFiles& clblast)
    : Device(describe(*symbols, entry)),
      session_(make_session(symbols, entry.device, info().traits.global_memory_bytes)) {
  // Stays 0, unknown, where the driver does not say.
  static_cast<void>(symbols->clGetDeviceInfo(entry.device, CL_DEVICE_MAX_CLOCK_FREQUENCY, sizeof clock_mhz_,
                                             &clock_mhz_, nullptr));
  add_library("library/clblast", make_clblast(session_, load_clblast(clblast), info().traits));
}

std::unique_ptr<Buffer> OpenclDevice::do_allocate(std::size_t bytes) {
  return opencl::allocate(session_, bytes);
}

std::unique_ptr<Buffer> OpenclDevice::do_view(Buffer& parent, std::size_t offset, std::size_t bytes) {
  return opencl::view(parent, offset, bytes, session_);
}

void OpenclDevice::do_write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data) {
  MOAT_OPENCL_CHECK_MEMORY(session_->symbols->clEnqueueWriteBuffer(session_->queue.get(), handle_of(buffer),
                                                                   CL_TRUE, offset, data.size(), data.data(),
                                                                   0, nullptr, nullptr));
}

void OpenclDevice::do_read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data) {
  MOAT_OPENCL_CHECK(session_->symbols->clEnqueueReadBuffer(session_->queue.get(), handle_of(buffer), CL_TRUE,
                                                           offset, data.size(), data.data(), 0, nullptr,
                                                           nullptr));
}

std::shared_ptr<Kernel> OpenclDevice::do_compile(
    const std::string& source, const std::string& entry,
    std::span<const std::pair<std::string, std::int64_t>> constants) {
  // No option loosens the arithmetic: contraction to FMA is OpenCL C's default and all that is wanted.
  std::string options = "-cl-std=CL1.2";
  for (const auto& [name, value] : constants) options += fmt::format(" -D{}={}", name, value);
  return make_kernel(session_, programs_.build(*session_, source, options), entry);
}

std::unique_ptr<Executable> OpenclDevice::do_prepare(std::vector<Launch> launches) {
  return make_executable(session_, launches);
}

Timing OpenclDevice::do_time(std::span<Executable* const> rotation, std::size_t count) {
  std::vector<OpenclExecutable*> own;
  own.reserve(rotation.size());
  for (Executable* executable : rotation) own.push_back(static_cast<OpenclExecutable*>(executable));
  try {
    return run(own, count);
  } catch (...) {
    session_->symbols->clFinish(session_->queue.get());  // nothing of this batch may run into the next
    throw;
  }
}

Timing OpenclDevice::run(std::span<OpenclExecutable* const> rotation, std::size_t count) {
  const OpenclSymbols& cl = *session_->symbols;
  std::size_t window = rotation.front()->window();
  for (const OpenclExecutable* executable : rotation) window = std::min(window, executable->window());
  Owned<cl_event> first(nullptr, cl.clReleaseEvent);
  Owned<cl_event> behind(nullptr, cl.clReleaseEvent);  // ends the window before the current one
  Owned<cl_event> last(nullptr, cl.clReleaseEvent);
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < count; ++i) {
    const bool ends_window = (i + 1) % window == 0 && i + 1 != count;
    const bool wants_event = ends_window || i + 1 == count;
    rotation[i % rotation.size()]->enqueue(i == 0 ? &first : nullptr, wants_event ? &last : nullptr);
    if (ends_window) {
      if (behind) {
        cl_event oldest = behind.get();
        MOAT_OPENCL_CHECK(cl.clWaitForEvents(1, &oldest));
      }
      behind = std::move(last);
    }
  }
  MOAT_OPENCL_CHECK(cl.clFinish(session_->queue.get()));
  const auto end = std::chrono::steady_clock::now();
  const double host_seconds = std::chrono::duration<double>(end - begin).count();
  if (!last) return {.device_seconds = 0, .host_seconds = host_seconds};  // executables without a launch
  require_completed(cl, last.get());
  // Signed, so that a clock that runs backwards is seen as what it is.
  const auto nanoseconds = static_cast<std::int64_t>(profiled(cl, last.get(), CL_PROFILING_COMMAND_END) -
                                                     profiled(cl, first.get(), CL_PROFILING_COMMAND_START));
  return {.device_seconds = static_cast<double>(nanoseconds) * 1e-9, .host_seconds = host_seconds};
}

std::optional<Ceiling> OpenclDevice::ceiling(const Types& types) const {
  return ceiling_of(info().traits, clock_mhz_, types);
}

}  // namespace moat::opencl
