// Every OpenCL object that a device makes is released. Objects are counted here since LeakSanitizer cannot
// tell them from what PoCL keeps (tests/sanitizers/leaks.txt).
#include <array>
#include <map>
#include <tuple>

#include "adapters/opencl/adapter.h"
#include "adapters/opencl/device.h"
#include "base/error.h"
#include "tests/catch.h"
#include "tests/unit/adapters/buffers.h"

using namespace moat;
using namespace moat::opencl;

namespace {

OpenclSymbols driver;                   // what the counting functions call
std::map<const void*, int> references;  // of each object that is not released yet

void add_reference(const void* object) {
  if (object != nullptr) ++references[object];
}

/// A function of the driver that makes an object and returns it.
template <auto Member>
struct Making;
template <class Handle, class... Arguments, Handle (*OpenclSymbols::*Member)(Arguments...)>
struct Making<Member> {
  static Handle call(Arguments... arguments) {
    const Handle made = (driver.*Member)(arguments...);
    add_reference(made);
    return made;
  }
};

/// One that releases an object.
template <auto Member>
struct Releasing;
template <class Handle, cl_int (*OpenclSymbols::*Member)(Handle)>
struct Releasing<Member> {
  static cl_int call(Handle object) {
    if (--references[object] == 0) references.erase(object);
    return (driver.*Member)(object);
  }
};

/// One whose last argument says where to put an event, if anywhere.
template <auto Member>
struct Signalling;
template <class... Arguments, cl_int (*OpenclSymbols::*Member)(Arguments...)>
struct Signalling<Member> {
  static cl_int call(Arguments... arguments) {
    const cl_int code = (driver.*Member)(arguments...);
    cl_event* const event = std::get<sizeof...(Arguments) - 1>(std::tuple(arguments...));
    if (code == CL_SUCCESS && event != nullptr) add_reference(*event);
    return code;
  }
};

cl_int retain_event(cl_event event) {
  add_reference(event);
  return driver.clRetainEvent(event);
}

OpenclSymbols counting() {
  OpenclSymbols symbols = driver;
#define MAKING(name) symbols.name = Making<&OpenclSymbols::name>::call
#define RELEASING(name) symbols.name = Releasing<&OpenclSymbols::name>::call
#define SIGNALLING(name) symbols.name = Signalling<&OpenclSymbols::name>::call
  MAKING(clCreateContext);
  MAKING(clCreateCommandQueue);
  MAKING(clCreateBuffer);
  MAKING(clCreateSubBuffer);
  MAKING(clCreateProgramWithSource);
  MAKING(clCreateKernel);
  RELEASING(clReleaseContext);
  RELEASING(clReleaseCommandQueue);
  RELEASING(clReleaseMemObject);
  RELEASING(clReleaseProgram);
  RELEASING(clReleaseKernel);
  RELEASING(clReleaseEvent);
  SIGNALLING(clEnqueueReadBuffer);
  SIGNALLING(clEnqueueWriteBuffer);
  SIGNALLING(clEnqueueNDRangeKernel);
  SIGNALLING(clEnqueueMarkerWithWaitList);
  symbols.clRetainEvent = retain_event;
  return symbols;
}

std::shared_ptr<Kernel> compile(Device& device, const std::string& entry) {
  return device.compile("__kernel void count(__global int* counter) { counter[0] += 1; }", entry, {});
}

/// What runs do with a device, and what can go wrong.
void use(Device& device) {
  const auto parent = buffer_of(device, std::vector<std::int32_t>(2 * view_alignment));
  const auto view = device.view(*parent, view_alignment, sizeof(std::int32_t));
  const Launch launch{.kernel = compile(device, "count"), .arguments = {view.get()}};
  const auto one = device.prepare({launch});
  const auto two = device.prepare({launch, launch});
  const auto none = device.prepare({});
  for (const std::size_t count : {0, 1, 2, 5000}) {
    const std::array<Executable*, 3> rotation{one.get(), two.get(), none.get()};
    static_cast<void>(device.time(rotation, count));
    static_cast<void>(device.time(std::span(rotation).first(1), count));
  }
  CHECK_THROWS_AS(device.compile("nonsense", "count", {}), CompileError);
  CHECK_THROWS_AS(compile(device, "other"), CompileError);
  CHECK_THROWS_AS(device.prepare({launch, {.kernel = launch.kernel, .arguments = {}}}), DeviceError);
  CHECK_THROWS_AS(device.allocate(std::size_t{1} << 60U), OutOfMemory);
}

}  // namespace

TEST_CASE("every OpenCL object that a device makes is released") {
  driver = std::get<OpenclSymbols>(load_opencl(opencl_loader_files()));
  references.clear();
  const auto symbols = std::make_shared<const OpenclSymbols>(counting());
  const Enumeration found = enumerate(*symbols);
  {
    OpenclDevice device(symbols, found.devices.at(0), {});
    CHECK(references.size() == 2);  // a context and a queue
    use(device);
    // The programs stay for whoever compiles them again.
    CHECK(references.size() == 3);
  }
  CHECK(references.empty());
}
