// A device's copies, kernels, failures and times, on the machine's first OpenCL device (PoCL in CI).
#include "tests/unit/adapters/opencl/device.h"

#include <array>
#include <numeric>

#include "adapters/opencl/device.h"
#include "base/error.h"

using namespace moat;
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
  return device.prepare({Launch{compile(device, "count"), {1, 1, 1}, {1, 1, 1}, {&counter}}});
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
  const auto executable =
      device->prepare({Launch{compile(*device, "add", 3),
                              {16, 1, 1},
                              {64, 1, 1},
                              {buffer_a.get(), buffer_b.get(), buffer_c.get(), std::int32_t{999}}}});
  time_one(*device, *executable, 1);
  const auto c = values_of<float>(*device, *buffer_c);
  for (std::size_t i = 0; i < 999; ++i) REQUIRE(c[i] == a[i] + 3 * b[i]);
  CHECK(c[999] == -1.0F);
}

TEST_CASE("copies past the end of a buffer are refused") {
  const auto device = open_first_device();
  const auto buffer = device->allocate(16);
  std::vector<std::byte> data(17);
  CHECK_THROWS_AS(device->write(*buffer, 0, data), std::out_of_range);
  CHECK_THROWS_AS(device->read(*buffer, 0, data), std::out_of_range);
  CHECK_THROWS_AS(device->read(*buffer, 16, std::span(data).first(1)), std::out_of_range);
  CHECK_THROWS_AS(device->read(*buffer, ~std::size_t{0}, std::span(data).first(2)), std::out_of_range);
  CHECK_NOTHROW(device->read(*buffer, 15, std::span(data).first(1)));
  CHECK_NOTHROW(device->read(*buffer, 16, {}));
}

TEST_CASE("a view is the part of its parent that it says") {
  const auto device = open_first_device();
  const std::size_t page = view_alignment / sizeof(std::int32_t);
  std::vector<std::int32_t> values(4 * page);
  std::iota(values.begin(), values.end(), 0);
  const auto parent = buffer_of(*device, values);
  const auto middle = device->view(*parent, view_alignment, 2 * view_alignment);
  const auto inner = device->view(*middle, view_alignment, 8);
  CHECK(middle->bytes() == 2 * view_alignment);
  CHECK(values_of<std::int32_t>(*device, *middle).front() == static_cast<std::int32_t>(page));
  CHECK(values_of<std::int32_t>(*device, *inner) ==
        std::vector<std::int32_t>{values[2 * page], values[2 * page + 1]});

  const auto executable = counting(*device, *inner);
  time_one(*device, *executable, 5);
  ++values[2 * page];
  values[2 * page] += 4;
  CHECK(values_of<std::int32_t>(*device, *parent) == values);

  CHECK_THROWS_AS(device->view(*parent, 3 * view_alignment, view_alignment + 1), std::out_of_range);
  CHECK_THROWS_AS(device->view(*parent, 64, 8), std::invalid_argument);
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
  CHECK_THROWS_WITH(device->prepare({Launch{kernel, {1, 1, 1}, {1, 1, 1}, {}}}),
                    ContainsSubstring("takes 1 arguments, the launch has 0"));
  const std::size_t too_many = device->info().traits.max_group_size + 1;
  CHECK_THROWS_WITH(device->prepare({Launch{kernel, {1, 1, 1}, {too_many, 1, 1}, {buffer.get()}}}),
                    ContainsSubstring("work-items in a group"));
}

TEST_CASE("an executable without launches takes no device time") {
  const auto device = open_first_device();
  const auto nothing = device->prepare({});
  const std::array<Executable*, 1> rotation{nothing.get()};
  CHECK(device->time(rotation, 3).device_seconds == 0);
}

TEST_CASE("another device's buffers and kernels are refused") {
  const auto device = open_first_device();
  const auto other = open_first_device();
  const auto buffer = other->allocate(64);
  const auto own = device->allocate(64);
  std::vector<std::byte> data(4);
  CHECK_THROWS_AS(device->write(*buffer, 0, data), DeviceError);
  CHECK_THROWS_AS(device->prepare({Launch{compile(*device, "count"), {1, 1, 1}, {1, 1, 1}, {buffer.get()}}}),
                  DeviceError);
  CHECK_THROWS_AS(device->prepare({Launch{compile(*other, "count"), {1, 1, 1}, {1, 1, 1}, {own.get()}}}),
                  DeviceError);
}

TEST_CASE("asking for more memory than there is throws OutOfMemory and leaves the device usable") {
  const auto device = open_first_device();
  const auto& traits = device->info().traits;
  CHECK_THROWS_AS(device->allocate(traits.global_memory_bytes + 1), OutOfMemory);
  CHECK_THROWS_AS(device->allocate(~std::size_t{0}), OutOfMemory);
  if (traits.max_allocation_bytes < traits.global_memory_bytes) {
    CHECK_THROWS_AS(device->allocate(traits.max_allocation_bytes + 1), OutOfMemory);
  }
  CHECK_THROWS_AS(device->allocate(0), std::invalid_argument);
  const auto counter = buffer_of(*device, std::vector<std::int32_t>{0});
  time_one(*device, *counting(*device, *counter), 1);
  CHECK(values_of<std::int32_t>(*device, *counter)[0] == 1);
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

TEST_CASE("launches of one executable see each other's writes") {
  const auto device = open_first_device();
  const std::vector<float> ones(64, 1.0F);
  const auto a = buffer_of(*device, ones);
  const auto b = buffer_of(*device, ones);
  const auto kernel = compile(*device, "add");
  const Launch a_plus_b_to_b{kernel, {1, 1, 1}, {64, 1, 1}, {a.get(), b.get(), b.get(), std::int32_t{64}}};
  const Launch b_plus_a_to_a{kernel, {1, 1, 1}, {64, 1, 1}, {b.get(), a.get(), a.get(), std::int32_t{64}}};
  const auto executable = device->prepare({a_plus_b_to_b, b_plus_a_to_a});
  time_one(*device, *executable, 3);  // Fibonacci: 1 1 2 3 5 8 13 21
  CHECK(values_of<float>(*device, *b)[63] == 13.0F);
  CHECK(values_of<float>(*device, *a)[63] == 21.0F);
}

TEST_CASE("time grows with the number of executions, by the device's clock and by the host's") {
  const auto device = open_first_device();
  const auto x = buffer_of(*device, std::vector<float>(64, 0.5F));
  const auto executable = device->prepare(
      {Launch{compile(*device, "spin"), {1, 1, 1}, {64, 1, 1}, {x.get(), std::int32_t{20000}}}});
  time_one(*device, *executable, 1);  // compiles
  // 40 times the work: only the order is asked for, whatever else the machine does.
  const Timing few = time_one(*device, *executable, 5);
  const Timing many = time_one(*device, *executable, 200);
  CHECK(few.device_seconds > 0);
  CHECK(many.device_seconds > few.device_seconds);
  CHECK(many.host_seconds > few.host_seconds);
  CHECK(many.device_seconds <= many.host_seconds);
}

TEST_CASE("nothing, or another adapter's executable, is not timed") {
  const auto device = open_first_device();
  CHECK_THROWS_AS(device->time({}, 1), std::invalid_argument);
  Executable foreign;
  CHECK_THROWS_AS(time_one(*device, foreign, 1), DeviceError);
}

TEST_CASE("programs are built once per source and constants, and old ones give way") {
  const auto device = open_first_device();
  const auto session = moat::opencl::make_session(
      std::make_shared<const moat::opencl::OpenclSymbols>(std::get<moat::opencl::OpenclSymbols>(
          moat::opencl::load_opencl(moat::opencl::Configuration{}.opencl_names))),
      static_cast<const moat::opencl::OpenclDevice&>(*device).handle(), 0);
  moat::opencl::ProgramCache cache(2);
  const auto one = cache.build(*session, add_source, "-DSCALE=1");
  CHECK(cache.build(*session, add_source, "-DSCALE=1") == one);
  const auto two = cache.build(*session, add_source, "-DSCALE=2");
  CHECK(two != one);
  CHECK(cache.build(*session, add_source, "-DSCALE=1") == one);
  static_cast<void>(cache.build(*session, add_source, "-DSCALE=3"));  // two is the oldest use
  CHECK(cache.size() == 2);
  CHECK(cache.build(*session, add_source, "-DSCALE=1") == one);
  CHECK(cache.build(*session, add_source, "-DSCALE=2") != two);
}

TEST_CASE("an executable outlives its device") {
  std::unique_ptr<Executable> executable;
  std::unique_ptr<Buffer> buffer;
  {
    const auto device = open_first_device();
    buffer = buffer_of(*device, std::vector<std::int32_t>{0});
    executable = counting(*device, *buffer);
  }
  executable.reset();
  buffer.reset();
  SUCCEED("sanitizers see to the rest");
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
