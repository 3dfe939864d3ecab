// What a device says of failures, and what it keeps, on the machine's first OpenCL device (PoCL in CI).
#include "tests/unit/adapters/opencl/device.h"

#include "adapters/opencl/device.h"
#include "base/error.h"

using namespace moat;
using namespace moat::opencl;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string count_source = R"(
__kernel void count(__global int* counter) {
  if (get_global_id(0) == 0) counter[0] += SCALE;
}
)";

std::shared_ptr<Kernel> compile_count(Device& device) {
  const std::vector<std::pair<std::string, std::int64_t>> constants{{"SCALE", 1}};
  return device.compile(count_source, "count", constants);
}

}  // namespace

TEST_CASE("a kernel that does not compile fails with the compiler's log") {
  const auto device = open_first_device();
  try {
    static_cast<void>(
        device->compile("__kernel void broken(__global float* x) { x[0] = nonsense; }", "broken", {}));
    FAIL("it compiled");
  } catch (const CompileError& error) {
    CHECK(error.log().find("nonsense") != std::string::npos);
    CHECK(std::string(error.what()).find("CL_BUILD_PROGRAM_FAILURE") != std::string::npos);
  }
}

TEST_CASE("a launch with other arguments than its kernel's is told how many there are") {
  const auto device = open_first_device();
  CHECK_THROWS_WITH(device->prepare({Launch{.kernel = compile_count(*device), .arguments = {}}}),
                    ContainsSubstring("takes 1 arguments, the launch has 0"));
}

TEST_CASE("a kernel that the driver runs only in smaller groups than others is not launched in larger ones") {
  auto symbols = std::get<OpenclSymbols>(load_opencl(opencl_loader_files()));
  symbols.clGetKernelWorkGroupInfo = [](cl_kernel, cl_device_id, cl_uint, std::size_t, void* value,
                                        std::size_t*) -> cl_int {
    *static_cast<std::size_t*>(value) = 2;
    return CL_SUCCESS;
  };
  const auto shared = std::make_shared<const OpenclSymbols>(symbols);
  const Enumeration found = enumerate(*shared);
  OpenclDevice device(shared, found.devices.at(0), {});
  const auto buffer = device.allocate(64);
  const auto kernel = compile_count(device);
  const auto launch_of = [&](std::size_t items) {
    return std::vector{Launch{.kernel = kernel, .group_shape = {items, 1, 1}, .arguments = {buffer.get()}}};
  };
  CHECK_NOTHROW(device.prepare(launch_of(2)));
  CHECK_THROWS_WITH(device.prepare(launch_of(3)), ContainsSubstring("at most 2 work-items in a group"));
}

TEST_CASE("memory in use counts against what is left, and comes back") {
  const auto device = open_first_device();
  const std::size_t most =
      std::min(device->info().traits.max_allocation_bytes, device->info().traits.global_memory_bytes);
  std::vector<std::unique_ptr<Buffer>> buffers;
  const auto fill = [&] {
    // 16 is more than the allocations that fit, since OpenCL promises a quarter of the memory in one.
    for (int i = 0; i < 16; ++i) buffers.push_back(device->allocate(most));
  };
  CHECK_THROWS_AS(fill(), OutOfMemory);
  const std::size_t fitted = buffers.size();
  CHECK(fitted >= 1);
  buffers.clear();
  CHECK_THROWS_AS(fill(), OutOfMemory);
  CHECK(buffers.size() == fitted);
}

TEST_CASE("programs are built once per source and constants, and old ones give way") {
  const auto symbols =
      std::make_shared<const OpenclSymbols>(std::get<OpenclSymbols>(load_opencl(opencl_loader_files())));
  const Enumeration found = enumerate(*symbols);
  const auto session = make_session(symbols, found.devices.at(0).device, 0);
  ProgramCache cache(2);
  const auto one = cache.build(*session, count_source, "-DSCALE=1");
  CHECK(cache.build(*session, count_source, "-DSCALE=1") == one);
  const auto two = cache.build(*session, count_source, "-DSCALE=2");
  CHECK(two != one);
  CHECK(cache.build(*session, count_source, "-DSCALE=1") == one);
  static_cast<void>(cache.build(*session, count_source, "-DSCALE=3"));  // two is the oldest use
  CHECK(cache.build(*session, count_source, "-DSCALE=1") == one);
  CHECK(cache.build(*session, count_source, "-DSCALE=2") != two);
}

TEST_CASE("every device that is discovered opens under its name and computes") {
  const auto adapter = make_opencl_adapter();
  const Discovery found = adapter->discover();
  REQUIRE_FALSE(found.devices.empty());
  for (std::size_t i = 0; i < found.devices.size(); ++i) {
    const auto device = adapter->open(i);
    CAPTURE(i, found.devices[i].name);
    CHECK(device->info().name == found.devices[i].name);
    const auto counter = buffer_of(*device, std::vector<std::int32_t>{0});
    const auto executable =
        device->prepare({Launch{.kernel = compile_count(*device), .arguments = {counter.get()}}});
    Executable* const rotation[] = {executable.get()};
    static_cast<void>(device->time(rotation, 3));
    CHECK(values_of<std::int32_t>(*device, *counter)[0] == 3);
  }
}
