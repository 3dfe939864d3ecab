// What discovery makes of a driver's answers and failures, on a driver that is only these functions: two
// platforms with devices, one without; and the ceiling derived from them.
#include "adapters/opencl/info.h"
#include "adapters/common/ceiling.h"
#include "adapters/common/identity.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "tests/catch.h"

using namespace moat;
using namespace moat::opencl;

namespace {

// Handles of the imagined driver are addresses of these.
char platform_handles[3];
char device_handles[3];
cl_platform_id platform(std::size_t i) {
  return reinterpret_cast<cl_platform_id>(&platform_handles[i]);
}
cl_device_id device(std::size_t i) {
  return reinterpret_cast<cl_device_id>(&device_handles[i]);
}

// Answers to clGetDeviceInfo, byte by byte; a query that is not here fails.
std::map<cl_uint, std::string> answers;
cl_int platforms_code = CL_SUCCESS;
cl_uint platforms_count = 3;

template <class T>
void answer(cl_uint query, T value) {
  answers[query].assign(reinterpret_cast<const char*>(&value), sizeof value);
}
void answer(cl_uint query, const char* text) {
  answers[query].assign(text, std::strlen(text) + 1);
}

cl_int give(const std::string& bytes, std::size_t size, void* value, std::size_t* needed) {
  if (needed != nullptr) *needed = bytes.size();
  if (value == nullptr) return CL_SUCCESS;
  if (size < bytes.size()) return CL_INVALID_VALUE;
  std::memcpy(value, bytes.data(), bytes.size());
  return CL_SUCCESS;
}

cl_int get_platforms(cl_uint, cl_platform_id* ids, cl_uint* count) {
  if (platforms_code != CL_SUCCESS) return platforms_code;
  if (count != nullptr) *count = platforms_count;
  for (cl_uint i = 0; ids != nullptr && i < platforms_count; ++i) ids[i] = platform(i);
  return CL_SUCCESS;
}

// Platform 0 has devices 0 and 1, platform 1 none, platform 2 device 2.
cl_int get_devices(cl_platform_id of, cl_bitfield, cl_uint, cl_device_id* ids, cl_uint* count) {
  if (of == platform(1)) return CL_DEVICE_NOT_FOUND;
  const bool is_first = of == platform(0);
  if (count != nullptr) *count = is_first ? 2 : 1;
  if (ids != nullptr) ids[0] = device(is_first ? 0 : 2);
  if (ids != nullptr && is_first) ids[1] = device(1);
  return CL_SUCCESS;
}

cl_int get_platform_info(cl_platform_id of, cl_uint query, std::size_t size, void* value,
                         std::size_t* needed) {
  const std::string name = of == platform(1) ? "Empty" : of == platform(2) ? "Oclgrind" : "Full";
  return give((query == CL_PLATFORM_NAME ? name : "OpenCL 3.0") + '\0', size, value, needed);
}

cl_int get_device_info(cl_device_id, cl_uint query, std::size_t size, void* value, std::size_t* needed) {
  const auto found = answers.find(query);
  return found == answers.end() ? CL_INVALID_VALUE : give(found->second, size, value, needed);
}

/// The imagined driver in its normal state.
OpenclSymbols driver() {
  platforms_code = CL_SUCCESS;
  platforms_count = 3;
  answers.clear();
  answer(CL_DEVICE_NAME, "  Imagined GPU \n");
  answer(CL_DEVICE_VENDOR, "Nobody");
  answer(CL_DRIVER_VERSION, "1.2.3");
  answer(CL_DEVICE_TYPE, cl_bitfield{CL_DEVICE_TYPE_GPU});
  answer(CL_DEVICE_MAX_COMPUTE_UNITS, cl_uint{16});
  answer(CL_DEVICE_MAX_WORK_GROUP_SIZE, std::size_t{1024});
  answer(CL_DEVICE_MAX_WORK_ITEM_SIZES, std::array<std::size_t, 3>{1024, 512, 64});
  answer(CL_DEVICE_LOCAL_MEM_TYPE, cl_uint{CL_LOCAL});
  answer(CL_DEVICE_LOCAL_MEM_SIZE, cl_ulong{49152});
  answer(CL_DEVICE_GLOBAL_MEM_SIZE, cl_ulong{1} << 33);
  answer(CL_DEVICE_MAX_MEM_ALLOC_SIZE, cl_ulong{1} << 31);
  answer(CL_DEVICE_GLOBAL_MEM_CACHE_SIZE, cl_ulong{1} << 22);
  answer(CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT, cl_uint{4});
  answer(CL_DEVICE_DOUBLE_FP_CONFIG, cl_bitfield{0});
  answer(CL_DEVICE_EXTENSIONS, "cl_khr_icd cl_khr_fp16 cl_khr_gl_sharing");
  answer(CL_DEVICE_PROFILING_TIMER_RESOLUTION, std::size_t{80});
  answer(CL_DEVICE_PCI_BUS_INFO_KHR, PciBusInfo{0, 0x3b, 0, 1});
  OpenclSymbols symbols;
  symbols.path = "/usr/lib/libImagined.so.1";
  symbols.clGetPlatformIDs = get_platforms;
  symbols.clGetDeviceIDs = get_devices;
  symbols.clGetPlatformInfo = get_platform_info;
  symbols.clGetDeviceInfo = get_device_info;
  return symbols;
}

std::string detail(const DeviceInfo& info, const std::string& key) {
  const auto found = std::find_if(info.details.begin(), info.details.end(),
                                  [&](const auto& item) { return item.first == key; });
  return found == info.details.end() ? "no such detail" : found->second;
}

}  // namespace

TEST_CASE("every device of every platform is found, in order, and platforms without are named") {
  const Enumeration found = enumerate(driver());
  REQUIRE(found.devices.size() == 3);
  CHECK(found.devices[0].device == device(0));
  CHECK(found.devices[1].device == device(1));
  CHECK(found.devices[2].device == device(2));
  CHECK(found.devices[2].platform == platform(2));
  CHECK(found.devices[0].rank == found.devices[1].rank);
  CHECK(found.devices[0].rank.at(2) == -2);  // as ocl-icd sorts platforms: by GPUs, CPUs, devices
  CHECK(found.devices[2].rank.at(2) == -1);
  REQUIRE(found.failures.size() == 1);
  CHECK(found.failures[0] == "platform 'Empty': no devices, clGetDeviceIDs says CL_DEVICE_NOT_FOUND (-1)");
}

TEST_CASE("a loader without platforms says so with its code") {
  const OpenclSymbols symbols = driver();
  SECTION("by its code") {
    platforms_code = CL_PLATFORM_NOT_FOUND_KHR;
    const Enumeration found = enumerate(symbols);
    CHECK(found.devices.empty());
    REQUIRE(found.failures.size() == 1);
    CHECK(found.failures[0].find("loader /usr/lib/libImagined.so.1 found, but clGetPlatformIDs says "
                                 "CL_PLATFORM_NOT_FOUND_KHR (-1001)") == 0);
  }
  SECTION("by a count of zero") {
    platforms_count = 0;
    const Enumeration found = enumerate(symbols);
    CHECK(found.devices.empty());
    REQUIRE(found.failures.size() == 1);
    CHECK(found.failures[0].find("lists no platform") != std::string::npos);
  }
}

TEST_CASE("a device is described by its driver's words, trimmed") {
  const DeviceInfo info = describe(driver(), {platform(0), device(0)});
  CHECK(info.name == "Imagined GPU");
  CHECK(info.vendor == "Nobody");
  CHECK(info.driver == "Full 1.2.3");
  CHECK(info.platform == "Full");
  CHECK_FALSE(info.emulated);
  CHECK(info.traits.kind == DeviceKind::gpu);
  CHECK(info.traits.language == Language::opencl_c);
  CHECK(info.traits.compute_units == 16);
  CHECK(info.traits.max_group_size == 1024);
  CHECK(info.traits.max_group_shape == std::array<std::size_t, 3>{1024, 512, 64});
  CHECK(info.traits.local_memory_bytes == 49152);
  CHECK(info.traits.local_memory_is_dedicated);
  CHECK(info.traits.global_memory_bytes == std::size_t{1} << 33);
  CHECK(info.traits.max_allocation_bytes == std::size_t{1} << 31);
  CHECK(info.traits.last_level_cache_bytes == std::size_t{1} << 22);
  CHECK(info.traits.native_vector_f32 == 4);
  CHECK_FALSE(info.traits.has_f64);
  CHECK(info.traits.has_f16);
  CHECK(info.clock.name == "OpenCL profiling events");
  CHECK(info.clock.resolution_seconds == 80e-9);
  CHECK(detail(info, "extensions") == "cl_khr_fp16");
  CHECK(detail(info, "PCI address") == "0000:3b:00.1");
}

TEST_CASE("double arithmetic is known by its configuration or by its extension") {
  const OpenclSymbols symbols = driver();
  answer(CL_DEVICE_DOUBLE_FP_CONFIG, cl_bitfield{63});
  CHECK(describe(symbols, {platform(0), device(0)}).traits.has_f64);
  answers.erase(CL_DEVICE_DOUBLE_FP_CONFIG);
  CHECK_FALSE(describe(symbols, {platform(0), device(0)}).traits.has_f64);
  answer(CL_DEVICE_EXTENSIONS, "cl_khr_icd cl_khr_fp64");
  CHECK(describe(symbols, {platform(0), device(0)}).traits.has_f64);
  CHECK_FALSE(describe(symbols, {platform(0), device(0)}).traits.has_f16);
}

TEST_CASE("an architecture is a CPU's vector width, or what the driver's extension says, or unknown") {
  const OpenclSymbols symbols = driver();
  CHECK(describe(symbols, {platform(0), device(0)}).architecture.empty());
  answer(CL_DEVICE_COMPUTE_CAPABILITY_MAJOR_NV, cl_uint{8});
  CHECK(describe(symbols, {platform(0), device(0)}).architecture.empty());
  answer(CL_DEVICE_COMPUTE_CAPABILITY_MINOR_NV, cl_uint{6});
  CHECK(describe(symbols, {platform(0), device(0)}).architecture == "sm_86");
  answer(CL_DEVICE_TYPE, cl_bitfield{CL_DEVICE_TYPE_CPU});
  CHECK(describe(symbols, {platform(0), device(0)}).architecture == "cpu, 4 floats wide");
}

TEST_CASE("a simulator's numbers are marked as emulated, and it is no physical device") {
  const DeviceInfo info = describe(driver(), {platform(2), device(2)});
  CHECK(info.emulated);
  CHECK(info.identities.empty());
}

TEST_CASE("a physical device is known by its PCI address and its UUID, as far as the driver tells them") {
  using Identities = std::vector<std::string>;
  const OpenclSymbols symbols = driver();
  const auto identities = [&] { return describe(symbols, {platform(0), device(0)}).identities; };
  CHECK(identities() == Identities{"pci:0000:3b:00.1"});
  answer(CL_DEVICE_UUID_KHR,
         std::array<std::uint8_t, 16>{0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa, 0xb, 0xc, 0xd, 0xe, 0xf});
  CHECK(identities() == Identities{"pci:0000:3b:00.1", "uuid:ff0102030405060708090a0b0c0d0e0f"});
  answers.erase(CL_DEVICE_PCI_BUS_INFO_KHR);
  CHECK(identities() == Identities{"uuid:ff0102030405060708090a0b0c0d0e0f"});
  SECTION("zeros are no address and no UUID") {
    answer(CL_DEVICE_PCI_BUS_INFO_KHR, PciBusInfo{0, 0, 0, 0});
    answer(CL_DEVICE_UUID_KHR, std::array<std::uint8_t, 16>{});
    CHECK(identities().empty());
  }
  SECTION("a CPU is the machine's") {
    answer(CL_DEVICE_TYPE, cl_bitfield{CL_DEVICE_TYPE_CPU});
    CHECK(identities() == Identities{"cpu"});
  }
}

TEST_CASE("an address that several devices of one driver have is a card's, and names none of them") {
  std::vector<DeviceInfo> devices(4);
  for (DeviceInfo& device : devices) {
    device.driver = "one driver";
    device.identities = {"pci:0000:65:00.0"};
  }
  devices[1].identities.emplace_back("uuid:01");
  devices[2].identities = {"pci:0000:66:00.0"};
  devices[3].driver = "another driver";  // of the same card
  drop_shared_addresses(devices);
  CHECK(devices[0].identities.empty());
  CHECK(devices[1].identities == std::vector<std::string>{"uuid:01"});
  CHECK(devices[2].identities == std::vector<std::string>{"pci:0000:66:00.0"});
  CHECK(devices[3].identities == std::vector<std::string>{"pci:0000:65:00.0"});
}

TEST_CASE("a device that answers nothing is still listed, with the reasons") {
  const OpenclSymbols symbols = driver();
  answers.clear();
  const DeviceInfo info = describe(symbols, {platform(0), device(0)});
  CHECK(info.name == "unavailable: clGetDeviceInfo(CL_DEVICE_NAME): CL_INVALID_VALUE (-30)");
  CHECK(info.traits.global_memory_bytes == 0);
  CHECK(info.traits.max_group_size == 1);
  CHECK(info.traits.native_vector_f32 == 1);
  CHECK(info.clock.resolution_seconds == 1e-6);
  CHECK(detail(info, "maximum clock") ==
        "unavailable: clGetDeviceInfo(CL_DEVICE_MAX_CLOCK_FREQUENCY): CL_INVALID_VALUE (-30)");
}

TEST_CASE("the ceiling is compute units times clock times operations per cycle, in numbers and in words") {
  Traits traits;
  traits.kind = DeviceKind::gpu;
  traits.compute_units = 100;
  const auto slow = ceiling_of(traits, 1000, default_types(Type::f32));
  REQUIRE(slow);
  CHECK(slow->operations_per_second == 100 * 3500e6 * 4096);
  CHECK(slow->source.find("100 compute units x 3500 MHz (the driver says 1000) x 4096 f32") !=
        std::string::npos);
  const auto fast = ceiling_of(traits, 4000, default_types(Type::f32));
  REQUIRE(fast);
  CHECK(fast->operations_per_second == 100 * 4000e6 * 4096);
}

TEST_CASE("no published peak is above the ceiling") {
  struct Peak {
    DeviceKind kind;
    std::uint32_t compute_units;
    cl_uint clock_mhz;
    Type type;
    double operations_per_second;
  };
  // Data sheets' dense figures:
  // H100 SXM, MI300X (both with matrix units), a 64-core Xeon 8592+ at its 3.9 GHz with AMX.
  const auto peak = GENERATE(Peak{DeviceKind::gpu, 132, 1980, Type::f16, 989e12},
                             Peak{DeviceKind::gpu, 132, 1980, Type::f64, 67e12},
                             Peak{DeviceKind::gpu, 132, 1980, Type::i8, 1979e12},
                             Peak{DeviceKind::gpu, 304, 2100, Type::bf16, 1307e12},
                             Peak{DeviceKind::gpu, 304, 2100, Type::f32, 163.4e12},
                             Peak{DeviceKind::cpu, 64, 0, Type::bf16, 64 * 3.9e9 * 1024},
                             Peak{DeviceKind::cpu, 64, 1900, Type::f32, 64 * 3.9e9 * 64});
  Traits traits;
  traits.kind = peak.kind;
  traits.compute_units = peak.compute_units;
  const auto ceiling = ceiling_of(traits, peak.clock_mhz, default_types(peak.type));
  REQUIRE(ceiling);
  CHECK(ceiling->operations_per_second > peak.operations_per_second);
}

TEST_CASE("there is no ceiling where compute units have no known size") {
  Traits traits;
  traits.kind = DeviceKind::accelerator;
  traits.compute_units = 4;
  CHECK_FALSE(ceiling_of(traits, 500, default_types(Type::f32)));
  traits.kind = DeviceKind::gpu;
  traits.compute_units = 0;
  CHECK_FALSE(ceiling_of(traits, 500, default_types(Type::f32)));
}
