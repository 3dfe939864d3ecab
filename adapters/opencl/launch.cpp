// Building programs, binding arguments, queueing launches.
#include "adapters/opencl/launch.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace moat::opencl {
namespace {

// Launches that may be queued before the oldest is waited for:
// enough to hide the waiting, and a bound on the runtime's memory.
constexpr std::size_t max_queued_launches = 1024;

std::string build_log(const Session& session, cl_program program) {
  const OpenclSymbols& cl = *session.symbols;
  std::size_t bytes = 0;
  cl_int code = cl.clGetProgramBuildInfo(program, session.device, CL_PROGRAM_BUILD_LOG, 0, nullptr, &bytes);
  std::string log(bytes, '\0');
  if (code == CL_SUCCESS && bytes > 0) {
    code =
        cl.clGetProgramBuildInfo(program, session.device, CL_PROGRAM_BUILD_LOG, bytes, log.data(), nullptr);
  }
  if (code != CL_SUCCESS) return "unavailable: clGetProgramBuildInfo: " + code_text(code);
  return log.substr(0, log.find('\0'));
}

SharedProgram compile_program(const Session& session, const std::string& source, const std::string& options) {
  const OpenclSymbols& cl = *session.symbols;
  const char* text = source.c_str();
  const std::size_t length = source.size();
  cl_int code = CL_SUCCESS;
  Owned<cl_program> program(cl.clCreateProgramWithSource(session.context.get(), 1, &text, &length, &code),
                            cl.clReleaseProgram);
  check(code, "clCreateProgramWithSource");
  code = cl.clBuildProgram(program.get(), 1, &session.device, options.c_str(), nullptr, nullptr);
  if (code == CL_BUILD_PROGRAM_FAILURE || code == CL_INVALID_BUILD_OPTIONS) {
    throw CompileError(failure_text(code, fmt::format("clBuildProgram({})", options)),
                       build_log(session, program.get()));
  }
  check(code, fmt::format("clBuildProgram({})", options));
  return program;
}

class OpenclKernel final : public Kernel {
 public:
  OpenclKernel(std::shared_ptr<Session> session, SharedProgram program, std::string entry)
      : session_(std::move(session)), program_(std::move(program)), entry_(std::move(entry)) {}

  /// A kernel object of its own, so that its arguments stay as they are bound.
  [[nodiscard]] Owned<cl_kernel> instantiate() const {
    cl_int code = CL_SUCCESS;
    Owned<cl_kernel> kernel(session_->symbols->clCreateKernel(program_.get(), entry_.c_str(), &code),
                            session_->symbols->clReleaseKernel);
    const std::string call = fmt::format("clCreateKernel({})", entry_);
    if (code == CL_INVALID_KERNEL_NAME) throw CompileError(failure_text(code, call), "");
    check(code, call);
    return kernel;
  }
  [[nodiscard]] const std::string& entry() const { return entry_; }

 private:
  std::shared_ptr<Session> session_;
  SharedProgram program_;
  std::string entry_;
};

/// A launch whose arguments are bound: executing it is one call.
struct BoundLaunch {
  Owned<cl_kernel> kernel;
  std::array<std::size_t, 3> items;
  std::array<std::size_t, 3> group_shape;
};

void bind_argument(const OpenclSymbols& cl, cl_kernel kernel, cl_uint index, cl_mem memory) {
  // NOLINTNEXTLINE(bugprone-sizeof-expression): the argument is the handle itself
  MOAT_OPENCL_CHECK(cl.clSetKernelArg(kernel, index, sizeof memory, &memory));
}
void bind_argument(const OpenclSymbols& cl, cl_kernel kernel, cl_uint index, std::int32_t integer) {
  MOAT_OPENCL_CHECK(cl.clSetKernelArg(kernel, index, sizeof integer, &integer));
}

/// The limits of this kernel; Device has checked those of all.
/// Drivers find these two only when the kernel is launched, or worse.
void require_fit(const OpenclKernel& code, cl_kernel kernel, const Launch& launch, const Session& session) {
  const OpenclSymbols& cl = *session.symbols;
  cl_uint arguments = 0;
  MOAT_OPENCL_CHECK(cl.clGetKernelInfo(kernel, CL_KERNEL_NUM_ARGS, sizeof arguments, &arguments, nullptr));
  if (arguments != launch.arguments.size()) {
    throw DeviceError(fmt::format("kernel {} takes {} arguments, the launch has {}", code.entry(), arguments,
                                  launch.arguments.size()));
  }
  std::size_t limit = 0;
  MOAT_OPENCL_CHECK(cl.clGetKernelWorkGroupInfo(kernel, session.device, CL_KERNEL_WORK_GROUP_SIZE,
                                                sizeof limit, &limit, nullptr));
  const auto& shape = launch.group_shape;
  if (shape[0] * shape[1] * shape[2] > limit) {
    throw DeviceError(
        fmt::format("kernel {} runs on this device with at most {} work-items in a group, "
                    "the launch has {} x {} x {}",
                    code.entry(), limit, shape[0], shape[1], shape[2]));
  }
}

BoundLaunch bind(const Launch& launch, const Session& session) {
  const auto& code = static_cast<const OpenclKernel&>(*launch.kernel);
  BoundLaunch bound{.kernel = code.instantiate(), .items = {}, .group_shape = launch.group_shape};
  require_fit(code, bound.kernel.get(), launch, session);
  for (std::size_t i = 0; i < 3; ++i) bound.items[i] = launch.groups[i] * launch.group_shape[i];
  cl_uint index = 0;
  for (const auto& argument : launch.arguments) {
    if (const auto* integer = std::get_if<std::int32_t>(&argument)) {
      bind_argument(*session.symbols, bound.kernel.get(), index++, *integer);
    } else {
      bind_argument(*session.symbols, bound.kernel.get(), index++, handle_of(*std::get<Buffer*>(argument)));
    }
  }
  return bound;
}

class LaunchExecutable final : public OpenclExecutable {
 public:
  LaunchExecutable(std::shared_ptr<Session> session, std::vector<BoundLaunch> launches)
      : session_(std::move(session)), launches_(std::move(launches)) {}

  void enqueue(Owned<cl_event>* first, Owned<cl_event>* last) override {
    const OpenclSymbols& cl = *session_->symbols;
    for (std::size_t i = 0; i < launches_.size(); ++i) {
      const bool is_first = i == 0 && first != nullptr;
      const bool is_last = i + 1 == launches_.size() && last != nullptr;
      cl_event event = nullptr;
      const BoundLaunch& launch = launches_[i];
      MOAT_OPENCL_CHECK(cl.clEnqueueNDRangeKernel(session_->queue.get(), launch.kernel.get(), 3, nullptr,
                                                  launch.items.data(), launch.group_shape.data(), 0, nullptr,
                                                  is_first || is_last ? &event : nullptr));
      if (is_first) *first = Owned<cl_event>(event, cl.clReleaseEvent);
      if (is_first && is_last) MOAT_OPENCL_CHECK(cl.clRetainEvent(event));
      if (is_last) *last = Owned<cl_event>(event, cl.clReleaseEvent);
    }
  }

  [[nodiscard]] std::size_t window() const override {
    return std::max<std::size_t>(1, max_queued_launches / std::max<std::size_t>(1, launches_.size()));
  }

 private:
  std::shared_ptr<Session> session_;
  std::vector<BoundLaunch> launches_;
};

}  // namespace

SharedProgram ProgramCache::build(const Session& session, const std::string& source,
                                  const std::string& options) {
  return programs_.get({source, options}, [&] { return compile_program(session, source, options); });
}

std::shared_ptr<Kernel> make_kernel(std::shared_ptr<Session> session, SharedProgram program,
                                    std::string entry) {
  auto kernel = std::make_shared<OpenclKernel>(std::move(session), std::move(program), std::move(entry));
  static_cast<void>(kernel->instantiate());  // a wrong name fails here, not at the launch
  return kernel;
}

std::unique_ptr<Executable> make_executable(std::shared_ptr<Session> session,
                                            std::span<const Launch> launches) {
  std::vector<BoundLaunch> bound;
  bound.reserve(launches.size());
  for (const Launch& launch : launches) bound.push_back(bind(launch, *session));
  return std::make_unique<LaunchExecutable>(std::move(session), std::move(bound));
}

}  // namespace moat::opencl
