// A device's copies, kernels, failures and times, on the machine's first OpenCL device (PoCL in CI).
#include "tests/unit/adapters/opencl/device.h"

#include <numeric>

#include "adapters/opencl/device.h"
#include "base/error.h"

using namespace moat;
using namespace moat::opencl;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string add_source = R"(
__kernel void add(__global const float* a, __global const float* b, __global float* c, int n) {
  int i = get_global_id(0);
  if (i < n) c[i] = a[i] + SCALE * b[i];
}
__kernel void count(__global int* counter) {
  if (get_global_id(0) == 0) counter[0] += 1;
}
__kernel void spin(__global float* x, int rounds) {
  float y = x[get_global_id(0)];
  for (int i = 0; i < rounds; ++i) y = y * 0.999f + 0.001f;
  x[get_global_id(0)] = y;
}
)";

std::shared_ptr<Kernel> compile(Device& device, const std::string& entry, std::int64_t scale = 1) {
  const std::vector<std::pair<std::string, std::int64_t>> constants{{"SCALE", scale}};
  return device.compile(add_source, entry, constants);
}

std::unique_ptr<Executable> counting(Device& device, Buffer& counter) {
  return device.prepare({Launch{.kernel = compile(device, "count"), .arguments = {&counter}}});
}

Timing time_one(Device& device, Executable& executable, std::size_t count) {
  Executable* const rotation[] = {&executable};
  return device.time(rotation, count);
}

}  // namespace

TEST_CASE("a kernel with buffers, an integer and a constant computes what it should") {
  const auto device = open_first_device();
  std::vector<float> a(1000);
  std::iota(a.begin(), a.end(), 1.0F);
  const std::vector<float> b(a.rbegin(), a.rend());
  const auto buffer_a = buffer_of(*device, a);
  const auto buffer_b = buffer_of(*device, b);
  const auto buffer_c = buffer_of(*device, std::vector<float>(1000, -1.0F));
  const auto executable = device->prepare(
      {Launch{.kernel = compile(*device, "add", 3),
              .groups = {16, 1, 1},
              .group_shape = {64, 1, 1},
              .arguments = {buffer_a.get(), buffer_b.get(), buffer_c.get(), std::int32_t{999}}}});
  time_one(*device, *executable, 1);
  const auto c = values_of<float>(*device, *buffer_c);
  for (std::size_t i = 0; i < 999; ++i) REQUIRE(c[i] == a[i] + 3 * b[i]);
  CHECK(c[999] == -1.0F);
}

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

TEST_CASE("asking for a kernel that the source lacks fails when it is compiled") {
  const auto device = open_first_device();
  CHECK_THROWS_AS(compile(*device, "subtract"), CompileError);
  CHECK_THROWS_WITH(compile(*device, "subtract"), ContainsSubstring("subtract"));
}

TEST_CASE("a launch that does not fit its kernel or the device is refused before it runs") {
  const auto device = open_first_device();
  const auto buffer = device->allocate(64);
  const auto kernel = compile(*device, "count");
  CHECK_THROWS_WITH(device->prepare({Launch{.kernel = kernel, .arguments = {}}}),
                    ContainsSubstring("takes 1 arguments, the launch has 0"));
  const std::size_t too_many = device->info().traits.max_group_size + 1;
  CHECK_THROWS_AS(device->prepare({Launch{
                      .kernel = kernel, .group_shape = {too_many, 1, 1}, .arguments = {buffer.get()}}}),
                  DeviceError);
}

TEST_CASE("a kernel that the driver runs only in smaller groups than others is not launched in larger ones") {
  auto symbols = std::get<OpenclSymbols>(load_opencl(Configuration{}.opencl_names));
  symbols.clGetKernelWorkGroupInfo = [](cl_kernel, cl_device_id, cl_uint, std::size_t, void* value,
                                        std::size_t*) -> cl_int {
    *static_cast<std::size_t*>(value) = 2;
    return CL_SUCCESS;
  };
  const auto shared = std::make_shared<const OpenclSymbols>(symbols);
  const Enumeration found = enumerate(*shared, Configuration{}.icd_folder);
  OpenclDevice device(shared, found.devices.at(0), {});
  const auto buffer = device.allocate(64);
  const auto kernel = compile(device, "count");
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

TEST_CASE("exactly the asked number of executions runs, cyclically, whatever the number") {
  const auto device = open_first_device();
  // 1024 launches are queued at a time: counts on both sides of the window and of two.
  const std::size_t count = GENERATE(0, 1, 2, 3, 1023, 1024, 1025, 2048, 2049, 3000);
  const auto even = buffer_of(*device, std::vector<std::int32_t>{0});
  const auto odd = buffer_of(*device, std::vector<std::int32_t>{0});
  const auto first = counting(*device, *even);
  const auto second = counting(*device, *odd);
  Executable* const rotation[] = {first.get(), second.get()};
  static_cast<void>(device->time(rotation, count));
  CHECK(values_of<std::int32_t>(*device, *even)[0] == static_cast<std::int32_t>((count + 1) / 2));
  CHECK(values_of<std::int32_t>(*device, *odd)[0] == static_cast<std::int32_t>(count / 2));
}

TEST_CASE("time grows with the number of executions, by the device's clock and by the host's") {
  const auto device = open_first_device();
  const auto x = buffer_of(*device, std::vector<float>(64, 0.5F));
  const auto executable = device->prepare({Launch{.kernel = compile(*device, "spin"),
                                                  .group_shape = {64, 1, 1},
                                                  .arguments = {x.get(), std::int32_t{20000}}}});
  time_one(*device, *executable, 1);  // compiles
  // 40 times the work: only the order is asked for, whatever else the machine does.
  const Timing few = time_one(*device, *executable, 5);
  const Timing many = time_one(*device, *executable, 200);
  CHECK(few.device_seconds > 0);
  CHECK(many.device_seconds > few.device_seconds);
  CHECK(many.host_seconds > few.host_seconds);
  CHECK(many.device_seconds <= many.host_seconds);
}

TEST_CASE("programs are built once per source and constants, and old ones give way") {
  const auto symbols = std::make_shared<const OpenclSymbols>(
      std::get<OpenclSymbols>(load_opencl(Configuration{}.opencl_names)));
  const Enumeration found = enumerate(*symbols, Configuration{}.icd_folder);
  const auto session = make_session(symbols, found.devices.at(0).device, 0);
  ProgramCache cache(2);
  const auto one = cache.build(*session, add_source, "-DSCALE=1");
  CHECK(cache.build(*session, add_source, "-DSCALE=1") == one);
  const auto two = cache.build(*session, add_source, "-DSCALE=2");
  CHECK(two != one);
  CHECK(cache.build(*session, add_source, "-DSCALE=1") == one);
  static_cast<void>(cache.build(*session, add_source, "-DSCALE=3"));  // two is the oldest use
  CHECK(cache.build(*session, add_source, "-DSCALE=1") == one);
  CHECK(cache.build(*session, add_source, "-DSCALE=2") != two);
}

TEST_CASE("devices, buffers and executables can be made and destroyed 200 times") {
  for (int i = 0; i < 200; ++i) {
    const auto device = open_first_device();
    const auto counter = buffer_of(*device, std::vector<std::int32_t>{i});
    const auto executable = counting(*device, *counter);
    time_one(*device, *executable, 2);
    REQUIRE(values_of<std::int32_t>(*device, *counter)[0] == i + 2);
  }
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
    time_one(*device, *counting(*device, *counter), 3);
    CHECK(values_of<std::int32_t>(*device, *counter)[0] == 3);
  }
}

TEST_CASE("an index past the last device is refused with the last one's name") {
  const auto adapter = make_opencl_adapter();
  const std::size_t count = adapter->discover().devices.size();
  CHECK_THROWS_AS(adapter->open(count), UsageError);
}
