// What is made of drivers' answers: descriptions, choices of memory, and the ceiling derived from them.
#include "adapters/vulkan/info.h"
#include "adapters/common/ceiling.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "tests/unit/adapters/vulkan/device.h"

using namespace moat;
using namespace moat::vulkan;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr VkMemoryPropertyFlags local = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT;
constexpr VkMemoryPropertyFlags visible = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT;
constexpr VkMemoryPropertyFlags coherent = VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
constexpr VkMemoryPropertyFlags cached = VK_MEMORY_PROPERTY_HOST_CACHED_BIT;

struct Heap {
  VkDeviceSize bytes;
  VkMemoryHeapFlags flags;
};
struct Type {
  VkMemoryPropertyFlags flags;
  std::uint32_t heap;
};

VkPhysicalDeviceMemoryProperties memory_of(const std::vector<Heap>& heaps, const std::vector<Type>& types) {
  VkPhysicalDeviceMemoryProperties memory{};
  for (const Heap& heap : heaps) memory.memoryHeaps[memory.memoryHeapCount++] = {heap.bytes, heap.flags};
  for (const Type& type : types) memory.memoryTypes[memory.memoryTypeCount++] = {type.flags, type.heap};
  return memory;
}

/// A discrete GPU with 8 GiB of its own, as a driver would describe it.
Facts gpu() {
  Facts facts;
  std::snprintf(facts.properties.deviceName, VK_MAX_PHYSICAL_DEVICE_NAME_SIZE, " Imagined GPU ");
  facts.properties.apiVersion = VK_API_VERSION_1_3;
  facts.properties.deviceType = VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU;
  facts.properties.vendorID = 0x1ed5;
  VkPhysicalDeviceLimits& limits = facts.properties.limits;
  limits.maxComputeWorkGroupInvocations = 1024;
  limits.maxComputeSharedMemorySize = 48 << 10;
  limits.maxStorageBufferRange = 0xfffffffc;
  limits.timestampPeriod = 40;
  for (std::size_t i = 0; i < 3; ++i) {
    limits.maxComputeWorkGroupSize[i] = 100 + static_cast<std::uint32_t>(i);
    limits.maxComputeWorkGroupCount[i] = 65535;
  }
  std::snprintf(facts.properties_12.driverName, VK_MAX_DRIVER_NAME_SIZE, "imagined");
  std::snprintf(facts.properties_12.driverInfo, VK_MAX_DRIVER_INFO_SIZE, "1.2.3");
  facts.properties_11.maxMemoryAllocationSize = VkDeviceSize{2} << 30;
  facts.properties_11.subgroupSize = 32;
  facts.properties_11.subgroupSupportedStages = VK_SHADER_STAGE_COMPUTE_BIT;
  facts.properties_11.subgroupSupportedOperations =
      VK_SUBGROUP_FEATURE_BASIC_BIT | VK_SUBGROUP_FEATURE_BALLOT_BIT | VK_SUBGROUP_FEATURE_ARITHMETIC_BIT;
  facts.fixes_subgroups = true;
  facts.features_12.subgroupBroadcastDynamicId = VK_TRUE;
  facts.memory =
      memory_of({{VkDeviceSize{8} << 30, VK_MEMORY_HEAP_DEVICE_LOCAL_BIT}, {VkDeviceSize{16} << 30, 0}},
                {{local, 0}, {visible | coherent, 1}});
  facts.queue.timestampValidBits = 36;
  return facts;
}

std::map<std::string, std::string> details_of(const Facts& facts) {
  const DeviceInfo info = describe("libvulkan.so.1", facts);
  return {info.details.begin(), info.details.end()};
}

}  // namespace

TEST_CASE("a driver's answers become the device's description") {
  const DeviceInfo info = describe("/usr/lib/libvulkan.so.1", gpu());
  CHECK(info.name == "Imagined GPU");
  CHECK(info.vendor == "Moore Threads");
  CHECK(info.driver == "imagined 1.2.3");
  CHECK(info.platform == "Vulkan");
  CHECK(info.architecture.empty());
  CHECK(info.clock.name == "Vulkan timestamps");
  CHECK(info.clock.resolution_seconds > 39e-9);
  CHECK(info.traits.language == Language::glsl);
  CHECK(info.traits.kind == DeviceKind::gpu);
  CHECK(info.traits.max_group_shape == std::array<std::size_t, 3>{100, 101, 102});
  CHECK(info.traits.max_groups == std::array<std::size_t, 3>{65535, 65535, 65535});
  CHECK(info.traits.local_memory_is_dedicated);
  CHECK(info.traits.global_memory_bytes == std::size_t{8} << 30);
  CHECK(info.traits.max_allocation_bytes == std::size_t{2} << 30);
  CHECK(info.traits.subgroup_size == 32);
  CHECK_FALSE(info.traits.has_f16);
}

TEST_CASE("each detail that a driver does not tell says so") {
  const auto details = details_of(gpu());
  CHECK_THAT(details.at("PCI address"),
             ContainsSubstring("unavailable: the driver has no VK_EXT_pci_bus_info"));
  CHECK_THAT(details.at("compute units"), ContainsSubstring("unavailable: "));
  CHECK_THAT(details.at("firmware"), ContainsSubstring("unavailable: "));
  CHECK(details.at("memory heaps") == "8192 MiB of the device, 16384 MiB of the host");
  CHECK(details.at("device UUID") == "00000000-0000-0000-0000-000000000000");
  CHECK(details.at("subgroups") == "32 work-items: basic, arithmetic, ballot");
  CHECK(details.at("cooperative matrix") == "no");
  CHECK(details.at("integer dot product") == "no");
}

TEST_CASE("extensions and features show in details and traits") {
  Facts facts = gpu();
  facts.pci.emplace();
  facts.pci->pciBus = 0x3b;
  facts.has_integer_dot = true;
  facts.integer_dot.integerDotProduct4x8BitPackedSignedAccelerated = VK_TRUE;
  facts.extensions = {"VK_KHR_cooperative_matrix"};
  facts.compute_units = 46;
  facts.features_11.storageBuffer16BitAccess = VK_TRUE;
  facts.properties.vendorID = 0xbeef;
  const auto details = details_of(facts);
  CHECK(details.at("PCI address") == "0000:3b:00.0");
  CHECK_THAT(details.at("integer dot product"), ContainsSubstring("yes, accelerated"));
  CHECK_THAT(details.at("cooperative matrix"), ContainsSubstring("VK_KHR_cooperative_matrix"));
  const DeviceInfo info = describe("", facts);
  CHECK(info.vendor == "vendor 0xbeef");
  CHECK(info.traits.compute_units == 46);
  CHECK(info.traits.has_integer_dot);
  CHECK_FALSE(info.traits.has_16_bit_storage);  // of no use without 16-bit integers
  facts.features.shaderInt16 = VK_TRUE;
  CHECK(describe("", facts).traits.has_16_bit_storage);
}

TEST_CASE("a dot product that the device takes apart again is of no use") {
  Facts facts = gpu();
  facts.has_integer_dot = true;
  CHECK_FALSE(describe("", facts).traits.has_integer_dot);
  CHECK_THAT(details_of(facts).at("integer dot product"), ContainsSubstring("not accelerated"));
}

TEST_CASE("subgroups count only with all operations that kernels use") {
  Facts facts = gpu();
  facts.properties_11.subgroupSupportedOperations = VK_SUBGROUP_FEATURE_BASIC_BIT;
  CHECK(describe("", facts).traits.subgroup_size == 0);
  facts = gpu();
  facts.features_12.subgroupBroadcastDynamicId = VK_FALSE;
  CHECK(describe("", facts).traits.subgroup_size == 0);
  CHECK_THAT(details_of(facts).at("subgroups"), ContainsSubstring("too little"));
}

TEST_CASE("buffers lie in the device's own memory, mapped where that is the host's too") {
  constexpr auto discrete = VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU;
  constexpr auto integrated = VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU;
  const std::vector<Heap> heaps{{VkDeviceSize{8} << 30, VK_MEMORY_HEAP_DEVICE_LOCAL_BIT},
                                {VkDeviceSize{16} << 30, 0},
                                {VkDeviceSize{256} << 20, VK_MEMORY_HEAP_DEVICE_LOCAL_BIT}};
  const auto memory = memory_of(heaps, {{visible | coherent, 1},
                                        {local | visible | coherent, 2},
                                        {local | visible | coherent, 0},
                                        {local, 0},
                                        {visible | coherent | cached, 1},
                                        {local | visible | coherent | cached, 0},
                                        {local | VK_MEMORY_PROPERTY_PROTECTED_BIT, 0}});
  CHECK(choose_memory_type(memory, discrete, ~0U) == 3);
  CHECK(choose_memory_type(memory, integrated, ~0U) == 5);
  CHECK(choose_memory_type(memory, integrated, ~0U & ~(1U << 5)) == 2);
  CHECK(choose_memory_type(memory, discrete, 1U << 1) == 1);
  CHECK_FALSE(choose_memory_type(memory, discrete, 1U));
  CHECK_FALSE(choose_memory_type(memory, discrete, 1U << 6));
  CHECK(choose_staging_type(memory, ~0U) == 4);
  CHECK(choose_staging_type(memory, 1U) == 0);
  CHECK_FALSE(choose_staging_type(memory, 1U << 3));
}

TEST_CASE("a CPU's compute units are its threads, and a ceiling follows; unknown ones give none") {
  Facts facts = gpu();
  facts.properties.deviceType = VK_PHYSICAL_DEVICE_TYPE_CPU;
  const DeviceInfo info = describe("", facts);
  CHECK(info.architecture == "cpu, 32 lanes wide");
  CHECK(info.traits.compute_units >= 1);
  CHECK_FALSE(info.traits.local_memory_is_dedicated);
  const auto ceiling = ceiling_of(info.traits, 0, default_types(moat::Type::f32));
  REQUIRE(ceiling);
  CHECK(ceiling->operations_per_second == info.traits.compute_units * 6500e6 * 128);
  CHECK_THAT(ceiling->source, ContainsSubstring("compute units x 6500 MHz"));
}

TEST_CASE("the device of this machine describes itself") {
  const auto device = open_first_device();
  const DeviceInfo& info = device->info();
  CHECK(info.traits.language == Language::glsl);
  CHECK(info.traits.max_allocation_bytes <= info.traits.global_memory_bytes);
  CHECK(info.traits.max_groups[0] >= 65535);  // Vulkan's least
  for (const auto& [key, value] : info.details) {
    CAPTURE(key);
    CHECK_FALSE(value.empty());
  }
}

TEST_CASE("devices rank as the loader sorts them: by kind, then by address") {
  const auto rank_of = [](VkPhysicalDeviceType kind, std::optional<std::uint32_t> bus) {
    Facts facts = gpu();
    facts.properties.deviceType = kind;
    facts.pci.reset();
    if (bus) {
      facts.pci.emplace();
      facts.pci->pciBus = *bus;
    }
    return describe("loader", facts).rank;
  };
  const std::vector<std::vector<std::int64_t>> sorted{
      rank_of(VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, 1),
      rank_of(VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, 65),
      rank_of(VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, std::nullopt),
      rank_of(VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU, 0),
      rank_of(VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU, 0),
      rank_of(VK_PHYSICAL_DEVICE_TYPE_OTHER, 0),
      rank_of(VK_PHYSICAL_DEVICE_TYPE_CPU, std::nullopt)};
  CHECK(std::is_sorted(sorted.begin(), sorted.end()));
  CHECK(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end());
}
