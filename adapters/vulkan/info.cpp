// A driver's answers as a DeviceInfo; each that is missing becomes words.
#include "adapters/vulkan/info.h"
#include "adapters/common/compiled_kernels.h"
#include "adapters/common/control_group.h"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "adapters/common/identity.h"
#include "adapters/vulkan/matrices.h"
#include "base/system_text.h"
#include "base/text.h"

namespace moat::vulkan {
namespace {

struct VendorName {
  std::uint32_t id;
  std::string_view name;
};

// PCI-SIG's vendors, and those that Khronos has given numbers (VkVendorId).
constexpr std::array vendor_names{
    VendorName{0x1002, "AMD"},       VendorName{0x10de, "NVIDIA"},        VendorName{0x8086, "Intel"},
    VendorName{0x13b5, "ARM"},       VendorName{0x5143, "Qualcomm"},      VendorName{0x1010, "Imagination"},
    VendorName{0x106b, "Apple"},     VendorName{0x1ed5, "Moore Threads"}, VendorName{0x14e4, "Broadcom"},
    VendorName{0x1414, "Microsoft"}, VendorName{0x15ad, "VMware"},        VendorName{0x1ae0, "Google"},
    VendorName{0x144d, "Samsung"},   VendorName{0x19e5, "Huawei"},        VendorName{0x0014, "Loongson"},
    VendorName{0x1af4, "Virtio"},    VendorName{0x10001, "Vivante"},      VendorName{0x10002, "VeriSilicon"},
    VendorName{0x10003, "Kazan"},    VendorName{0x10004, "Codeplay"},     VendorName{0x10005, "Mesa"},
    VendorName{0x10006, "PoCL"}};

std::string vendor_of(std::uint32_t id) {
  for (const VendorName& vendor : vendor_names) {
    if (vendor.id == id) return std::string(vendor.name);
  }
  return fmt::format("vendor 0x{:04x}", id);
}

std::string or_unnamed(const std::string& text) {
  return text.empty() ? "unnamed" : text;
}

DeviceKind kind_of(VkPhysicalDeviceType type) {
  if (type == VK_PHYSICAL_DEVICE_TYPE_CPU) return DeviceKind::cpu;
  return type == VK_PHYSICAL_DEVICE_TYPE_OTHER ? DeviceKind::accelerator : DeviceKind::gpu;
}

std::string_view type_name(VkPhysicalDeviceType type) {
  switch (type) {
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
      return "integrated GPU";
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
      return "discrete GPU";
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
      return "virtual GPU";
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
      return "CPU";
    default:
      return "other";
  }
}

/// Hardware threads that this process may use; 0 if the system does not say.
std::uint32_t threads_of_process() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<std::uint32_t>(CPU_COUNT(&set)) : 0;
}

/// 0 if no work-items of a kernel can exchange registers in the ways that kernels here do, or if a GPU's
/// compiler may choose another size than it tells, or leave subgroups half empty.
std::uint32_t usable_subgroup_size(const Facts& facts) {
  constexpr VkSubgroupFeatureFlags needed =
      VK_SUBGROUP_FEATURE_BASIC_BIT | VK_SUBGROUP_FEATURE_BALLOT_BIT | VK_SUBGROUP_FEATURE_ARITHMETIC_BIT;
  const auto& about = facts.properties_11;
  const bool is_usable = (about.subgroupSupportedStages & VK_SHADER_STAGE_COMPUTE_BIT) != 0 &&
                         (about.subgroupSupportedOperations & needed) == needed &&
                         facts.features_12.subgroupBroadcastDynamicId == VK_TRUE &&
                         (facts.fixes_subgroups || kind_of(facts.properties.deviceType) == DeviceKind::cpu);
  return is_usable ? about.subgroupSize : 0;
}

/// Of the heap that buffers come from.
std::size_t device_memory(const Facts& facts) {
  const auto type = choose_memory_type(facts.memory, facts.properties.deviceType, ~0U);
  return type ? facts.memory.memoryHeaps[facts.memory.memoryTypes[*type].heapIndex].size : 0;
}

/// Mesa's llvmpipe ends all loops of a work-item together after so many rounds (LP_MAX_TGSI_LOOP_ITERATIONS),
/// and reports nothing.
std::uint32_t loop_rounds(const Facts& facts) {
  constexpr std::uint32_t of_llvmpipe = 65535;
  return facts.properties_12.driverID == VK_DRIVER_ID_MESA_LLVMPIPE ? of_llvmpipe : 0;
}

Traits traits_of(const Facts& facts) {
  const VkPhysicalDeviceLimits& limits = facts.properties.limits;
  Traits traits;
  traits.language = Language::glsl;
  traits.kind = kind_of(facts.properties.deviceType);
  const std::uint32_t units = traits.kind == DeviceKind::cpu ? threads_of_process() : facts.compute_units;
  traits.compute_units = std::max(1U, units);
  traits.max_group_size = limits.maxComputeWorkGroupInvocations;
  for (std::size_t i = 0; i < 3; ++i) {
    traits.max_group_shape[i] = limits.maxComputeWorkGroupSize[i];
    traits.max_groups[i] = limits.maxComputeWorkGroupCount[i];
  }
  traits.local_memory_bytes = limits.maxComputeSharedMemorySize;
  traits.local_memory_is_dedicated = traits.kind != DeviceKind::cpu;
  traits.global_memory_bytes = device_memory(facts);
  if (traits.kind == DeviceKind::cpu) traits.global_memory_bytes = granted_memory(traits.global_memory_bytes);
  traits.max_allocation_bytes = std::min(
      static_cast<std::size_t>(facts.properties_11.maxMemoryAllocationSize), traits.global_memory_bytes);
  traits.max_argument_bytes = limits.maxStorageBufferRange;
  traits.has_f64 = facts.features.shaderFloat64 == VK_TRUE;
  traits.has_f16 = facts.features_12.shaderFloat16 == VK_TRUE;
  traits.has_16_bit_storage =
      facts.features_11.storageBuffer16BitAccess == VK_TRUE && facts.features.shaderInt16 == VK_TRUE;
  traits.has_8_bit_storage =
      facts.features_12.storageBuffer8BitAccess == VK_TRUE && facts.features_12.shaderInt8 == VK_TRUE;
  traits.has_i64 = facts.features.shaderInt64 == VK_TRUE;
  traits.has_integer_dot =
      facts.has_integer_dot && facts.integer_dot.integerDotProduct4x8BitPackedSignedAccelerated == VK_TRUE;
  traits.subgroup_size = usable_subgroup_size(facts);
  traits.loop_rounds = loop_rounds(facts);
  traits.matrix_shapes = facts.matrix_shapes;
  return traits;
}

std::string version_text(std::uint32_t version) {
  return fmt::format("{}.{}.{}", VK_API_VERSION_MAJOR(version), VK_API_VERSION_MINOR(version),
                     VK_API_VERSION_PATCH(version));
}

std::string uuid_text(std::span<const std::uint8_t, VK_UUID_SIZE> uuid) {
  std::string text;
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", uuid[i]);
  }
  return text;
}

std::string heaps_text(const VkPhysicalDeviceMemoryProperties& memory) {
  std::vector<std::string> heaps;
  for (std::uint32_t i = 0; i < memory.memoryHeapCount; ++i) {
    const bool is_local = (memory.memoryHeaps[i].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) != 0;
    heaps.push_back(fmt::format("{} MiB {}", memory.memoryHeaps[i].size >> 20,
                                is_local ? "of the device" : "of the host"));
  }
  return heaps.empty() ? "none" : join(heaps, ", ");
}

std::string subgroups_text(const Facts& facts) {
  constexpr std::array<std::pair<VkSubgroupFeatureFlags, std::string_view>, 9> operations{
      {{VK_SUBGROUP_FEATURE_BASIC_BIT, "basic"},
       {VK_SUBGROUP_FEATURE_VOTE_BIT, "vote"},
       {VK_SUBGROUP_FEATURE_ARITHMETIC_BIT, "arithmetic"},
       {VK_SUBGROUP_FEATURE_BALLOT_BIT, "ballot"},
       {VK_SUBGROUP_FEATURE_SHUFFLE_BIT, "shuffle"},
       {VK_SUBGROUP_FEATURE_SHUFFLE_RELATIVE_BIT, "relative shuffle"},
       {VK_SUBGROUP_FEATURE_CLUSTERED_BIT, "clustered"},
       {VK_SUBGROUP_FEATURE_QUAD_BIT, "quad"},
       {VK_SUBGROUP_FEATURE_PARTITIONED_BIT_NV, "partitioned"}}};
  std::vector<std::string> names;
  for (const auto& [bit, name] : operations) {
    if ((facts.properties_11.subgroupSupportedOperations & bit) != 0) names.emplace_back(name);
  }
  return fmt::format("{} work-items: {}{}", facts.properties_11.subgroupSize, join(names, ", "),
                     usable_subgroup_size(facts) == 0 ? "; too little for the kernels here" : "");
}

std::string integer_dot_text(const Facts& facts) {
  if (!facts.has_integer_dot) return "no";
  return facts.integer_dot.integerDotProduct4x8BitPackedSignedAccelerated == VK_TRUE
             ? "yes, accelerated for four signed bytes"
             : "yes, but not accelerated for four signed bytes; the kernels here multiply one by one";
}

std::string compute_units_text(const Facts& facts) {
  if (facts.properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU) return "hardware threads of this process";
  return facts.compute_units != 0 ? "by the vendor's extension"
                                  : "unavailable: no extension of this driver tells them; taken for 1";
}

std::string pci_text(const Facts& facts) {
  if (!facts.pci) return "unavailable: the driver has no VK_EXT_pci_bus_info";
  return fmt::format("{:04x}:{:02x}:{:02x}.{:x}", facts.pci->pciDomain, facts.pci->pciBus,
                     facts.pci->pciDevice, facts.pci->pciFunction);
}

std::string yes_or_no(bool answer) {
  return answer ? "yes" : "no";
}

/// A CPU's UUID is its driver's version, so it is not told.
std::vector<std::string> identities_of(const Facts& facts, const Traits& traits) {
  if (traits.kind == DeviceKind::cpu) return {cpu_identity};
  std::vector<std::string> identities;
  const auto add = [&](std::optional<std::string> identity) {
    if (identity) identities.push_back(std::move(*identity));
  };
  if (facts.pci) {
    add(pci_identity(facts.pci->pciDomain, facts.pci->pciBus, facts.pci->pciDevice, facts.pci->pciFunction));
  }
  add(uuid_identity(std::to_array(facts.properties_11.deviceUUID)));
  return identities;
}

std::vector<std::pair<std::string, std::string>> details_of(const std::string& loader, const Facts& facts,
                                                            const Traits& traits) {
  const VkPhysicalDeviceProperties& about = facts.properties;
  return {
      {"Vulkan version", version_text(about.apiVersion)},
      {"driver version", fmt::format("0x{:08x}", about.driverVersion)},
      {"loader", loader},
      {"device type", std::string(type_name(about.deviceType))},
      {"device id", fmt::format("0x{:04x}", about.deviceID)},
      {"device UUID", uuid_text(facts.properties_11.deviceUUID)},
      {"driver UUID", uuid_text(facts.properties_11.driverUUID)},
      {"PCI address", pci_text(facts)},
      {"memory heaps", heaps_text(facts.memory)},
      {"compute units", compute_units_text(facts)},
      {"subgroups", subgroups_text(facts)},
      {"half-precision arithmetic", yes_or_no(traits.has_f16)},
      {"16-bit storage", yes_or_no(traits.has_16_bit_storage)},
      {"8-bit storage", yes_or_no(traits.has_8_bit_storage)},
      {"integer dot product", integer_dot_text(facts)},
      {"cooperative matrix", matrices_text(facts)},
      {"timestamps", has_timestamps(facts)
                         ? fmt::format("{} valid bits of {} ns", facts.queue.timestampValidBits,
                                       about.limits.timestampPeriod)
                         : "unavailable: the queue has no valid timestamp bits"},
      {"push constants", fmt::format("{} bytes", about.limits.maxPushConstantsSize)},
      {"firmware", "unavailable: Vulkan has no query for it"},
      {"power cap", "unavailable: Vulkan has no query for it"},
      {"temperature", "unavailable: Vulkan has no query for it"},
  };
}

bool has_all(VkMemoryPropertyFlags flags, VkMemoryPropertyFlags wanted) {
  return (flags & wanted) == wanted;
}

// Memory of these kinds is for other uses, or slow.
constexpr VkMemoryPropertyFlags special_memory =
    VK_MEMORY_PROPERTY_PROTECTED_BIT | VK_MEMORY_PROPERTY_LAZILY_ALLOCATED_BIT |
    VK_MEMORY_PROPERTY_DEVICE_COHERENT_BIT_AMD | VK_MEMORY_PROPERTY_DEVICE_UNCACHED_BIT_AMD |
    VK_MEMORY_PROPERTY_RDMA_CAPABLE_BIT_NV;

/// The allowed type with the most points, the first of equals; `points` below 0 refuses a type.
template <class Points>
std::optional<std::uint32_t> best_type(const VkPhysicalDeviceMemoryProperties& memory, std::uint32_t allowed,
                                       Points points) {
  std::optional<std::uint32_t> best;
  double best_points = -1;
  for (std::uint32_t i = 0; i < memory.memoryTypeCount; ++i) {
    const VkMemoryType& type = memory.memoryTypes[i];
    if ((allowed >> i & 1U) == 0 || (type.propertyFlags & special_memory) != 0) continue;
    const double found = points(type);
    if (found > best_points) {
      best = i;
      best_points = found;
    }
  }
  return best;
}

}  // namespace

std::optional<std::uint32_t> choose_memory_type(const VkPhysicalDeviceMemoryProperties& memory,
                                                VkPhysicalDeviceType type, std::uint32_t allowed) {
  const bool is_discrete = type == VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU;
  return best_type(memory, allowed, [&](const VkMemoryType& candidate) -> double {
    const VkMemoryPropertyFlags flags = candidate.propertyFlags;
    if (!has_all(flags, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT)) return -1;
    const bool is_mappable = has_all(flags, VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT);
    // The heap's size before all; then whether it is mapped; then how well the host reads it.
    return static_cast<double>(memory.memoryHeaps[candidate.heapIndex].size) * 8 +
           (is_mappable != is_discrete ? 4 : 0) +
           (is_mappable && has_all(flags, VK_MEMORY_PROPERTY_HOST_CACHED_BIT) ? 2 : 0) +
           (is_mappable && has_all(flags, VK_MEMORY_PROPERTY_HOST_COHERENT_BIT) ? 1 : 0);
  });
}

std::optional<std::uint32_t> choose_staging_type(const VkPhysicalDeviceMemoryProperties& memory,
                                                 std::uint32_t allowed) {
  return best_type(memory, allowed, [](const VkMemoryType& candidate) -> double {
    const VkMemoryPropertyFlags flags = candidate.propertyFlags;
    if (!has_all(flags, VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT)) return -1;
    return (has_all(flags, VK_MEMORY_PROPERTY_HOST_CACHED_BIT) ? 4 : 0) +
           (has_all(flags, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT) ? 0 : 2) +
           (has_all(flags, VK_MEMORY_PROPERTY_HOST_COHERENT_BIT) ? 1 : 0);
  });
}

bool has_timestamps(const Facts& facts) {
  return facts.queue.timestampValidBits > 0 && facts.properties.limits.timestampPeriod > 0;
}

namespace {

/// The loader sorts the devices of all drivers (loader_linux.c, compare_devices): by kind, then by address.
std::vector<std::int64_t> rank_of(const Facts& facts) {
  const VkPhysicalDeviceProperties& about = facts.properties;
  constexpr std::array order{VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU,
                             VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU, VK_PHYSICAL_DEVICE_TYPE_OTHER,
                             VK_PHYSICAL_DEVICE_TYPE_CPU};
  const auto* const kind = std::find(order.begin(), order.end(), about.deviceType);
  std::vector<std::int64_t> rank{kind - order.begin(), facts.pci ? 0 : 1};
  if (facts.pci) {
    for (const std::uint32_t part :
         {facts.pci->pciDomain, facts.pci->pciBus, facts.pci->pciDevice, facts.pci->pciFunction})
      rank.push_back(part);
  }
  rank.push_back(about.deviceID ^ about.vendorID);
  return rank;
}

}  // namespace

DeviceInfo describe(const std::string& loader, const Facts& facts) {
  const VkPhysicalDeviceProperties& about = facts.properties;
  DeviceInfo info;
  info.name = or_unnamed(std::string(trim(about.deviceName)));
  info.vendor = vendor_of(about.vendorID);
  info.driver = or_unnamed(std::string(
      trim(fmt::format("{} {}", facts.properties_12.driverName, facts.properties_12.driverInfo))));
  info.platform = "Vulkan";
  info.traits = traits_of(facts);
  if (info.traits.kind == DeviceKind::cpu) {
    info.architecture = fmt::format("cpu, {} lanes wide", facts.properties_11.subgroupSize);
  }
  if (has_timestamps(facts)) {
    info.clock = {.name = "Vulkan timestamps",
                  .resolution_seconds = static_cast<double>(about.limits.timestampPeriod) * 1e-9};
  } else {
    info.clock = {.name = "steady_clock", .resolution_seconds = 1e-9};
  }
  info.identities = identities_of(facts, info.traits);
  info.rank = rank_of(facts);
  info.details = details_of(loader, facts, info.traits);
  if (info.driver.find("Mesa") != std::string::npos) {
    info.details.emplace_back(
        compiled_kernels_detail,
        compiled_kernels_text("MESA_SHADER_CACHE_DIR", "mesa_shader_cache", "mesa_shader_cache"));
  }
  return info;
}

}  // namespace moat::vulkan
