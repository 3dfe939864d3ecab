// Device and platform queries; each failure becomes words.
#include "adapters/opencl/info.h"
#include "adapters/common/compiled_kernels.h"
#include "adapters/common/control_group.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "adapters/common/identity.h"
#include "adapters/opencl/check.h"
#include "base/system_text.h"
#include "base/text.h"

namespace moat::opencl {
namespace {

/// The value of a query, or why there is none.
template <class T>
OrUnsupported<T> value_of(const OpenclSymbols& symbols, cl_device_id device, cl_uint query,
                          std::string_view query_name) {
  T value{};
  std::size_t bytes = 0;
  const cl_int code = symbols.clGetDeviceInfo(device, query, sizeof value, &value, &bytes);
  if (code != CL_SUCCESS) {
    return Unsupported{fmt::format("clGetDeviceInfo({}): {}", query_name, code_text(code))};
  }
  if (bytes != sizeof value) {
    return Unsupported{
        fmt::format("clGetDeviceInfo({}) gives {} bytes, not {}", query_name, bytes, sizeof value)};
  }
  return value;
}

/// The text that `get(bytes, destination, needed)` gives, trimmed, or why there is none.
template <class Get>
OrUnsupported<std::string> text_of(Get get, std::string_view call) {
  std::size_t bytes = 0;
  cl_int code = get(0, nullptr, &bytes);
  std::string text(bytes, '\0');
  if (code == CL_SUCCESS && bytes > 0) code = get(bytes, text.data(), nullptr);
  if (code != CL_SUCCESS) return Unsupported{fmt::format("{}: {}", call, code_text(code))};
  return std::string(trim(text.substr(0, text.find('\0'))));
}

OrUnsupported<std::string> device_text(const OpenclSymbols& symbols, cl_device_id device, cl_uint query,
                                       std::string_view query_name) {
  return text_of(
      [&](std::size_t bytes, void* text, std::size_t* needed) {
        return symbols.clGetDeviceInfo(device, query, bytes, text, needed);
      },
      fmt::format("clGetDeviceInfo({})", query_name));
}

OrUnsupported<std::string> platform_text(const OpenclSymbols& symbols, cl_platform_id platform, cl_uint query,
                                         std::string_view query_name) {
  return text_of(
      [&](std::size_t bytes, void* text, std::size_t* needed) {
        return symbols.clGetPlatformInfo(platform, query, bytes, text, needed);
      },
      fmt::format("clGetPlatformInfo({})", query_name));
}

#define MOAT_DEVICE_VALUE(type, query) value_of<type>(symbols, entry.device, query, #query)
#define MOAT_DEVICE_TEXT(query) device_text(symbols, entry.device, query, #query)
#define MOAT_PLATFORM_TEXT(query) platform_text(symbols, entry.platform, query, #query)

template <class T>
T value_or(const OrUnsupported<T>& answer, T otherwise) {
  const T* value = std::get_if<T>(&answer);
  return value ? *value : otherwise;
}

/// The answer as text for people, with `unit`.
template <class T>
std::string words(const OrUnsupported<T>& answer, std::string_view unit = "") {
  if (const auto* absent = std::get_if<Unsupported>(&answer)) return "unavailable: " + absent->reason;
  return fmt::format("{}{}", std::get<T>(answer), unit);
}

std::string yes_or_no(const OrUnsupported<cl_bool>& answer) {
  if (const auto* absent = std::get_if<Unsupported>(&answer)) return "unavailable: " + absent->reason;
  return std::get<cl_bool>(answer) != 0 ? "yes" : "no";
}

/// Runtimes that claim several kinds at once (simulators do) count as a CPU: its kernels ask for the least.
DeviceKind kind_of(cl_bitfield type) {
  if ((type & CL_DEVICE_TYPE_CPU) != 0) return DeviceKind::cpu;
  if ((type & CL_DEVICE_TYPE_GPU) != 0) return DeviceKind::gpu;
  return DeviceKind::accelerator;
}

Traits traits_of(const OpenclSymbols& symbols, const DeviceEntry& entry) {
  Traits traits;
  traits.language = Language::opencl_c;
  traits.kind = kind_of(value_or(MOAT_DEVICE_VALUE(cl_bitfield, CL_DEVICE_TYPE), cl_bitfield{0}));
  traits.compute_units = value_or(MOAT_DEVICE_VALUE(cl_uint, CL_DEVICE_MAX_COMPUTE_UNITS), cl_uint{0});
  traits.max_group_size =
      value_or(MOAT_DEVICE_VALUE(std::size_t, CL_DEVICE_MAX_WORK_GROUP_SIZE), std::size_t{1});
  // Three dimensions are the least OpenCL allows; more are of no use here.
  std::array<std::size_t, 16> shape{};
  std::size_t bytes = 0;
  if (symbols.clGetDeviceInfo(entry.device, CL_DEVICE_MAX_WORK_ITEM_SIZES, sizeof shape, shape.data(),
                              &bytes) == CL_SUCCESS &&
      bytes >= sizeof traits.max_group_shape) {
    std::copy_n(shape.begin(), traits.max_group_shape.size(), traits.max_group_shape.begin());
  }
  traits.local_memory_bytes = value_or(MOAT_DEVICE_VALUE(cl_ulong, CL_DEVICE_LOCAL_MEM_SIZE), cl_ulong{0});
  traits.local_memory_is_dedicated =
      value_or(MOAT_DEVICE_VALUE(cl_uint, CL_DEVICE_LOCAL_MEM_TYPE), cl_uint{0}) == CL_LOCAL;
  traits.global_memory_bytes = value_or(MOAT_DEVICE_VALUE(cl_ulong, CL_DEVICE_GLOBAL_MEM_SIZE), cl_ulong{0});
  traits.max_allocation_bytes =
      value_or(MOAT_DEVICE_VALUE(cl_ulong, CL_DEVICE_MAX_MEM_ALLOC_SIZE), cl_ulong{0});
  traits.last_level_cache_bytes =
      value_or(MOAT_DEVICE_VALUE(cl_ulong, CL_DEVICE_GLOBAL_MEM_CACHE_SIZE), cl_ulong{0});
  traits.native_vector_f32 = std::max(
      cl_uint{1}, value_or(MOAT_DEVICE_VALUE(cl_uint, CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT), cl_uint{1}));
  traits.has_f64 =
      value_or(MOAT_DEVICE_VALUE(cl_bitfield, CL_DEVICE_DOUBLE_FP_CONFIG), cl_bitfield{0}) != 0 ||
      value_or(MOAT_DEVICE_TEXT(CL_DEVICE_EXTENSIONS), std::string()).find("cl_khr_fp64") !=
          std::string::npos;
  traits.has_f16 = value_or(MOAT_DEVICE_TEXT(CL_DEVICE_EXTENSIONS), std::string()).find("cl_khr_fp16") !=
                   std::string::npos;
  return traits;
}

/// OpenCL has no query for it: a CPU's vector width is what its kernels are shaped by; one vendor's extension
/// tells the compute capability. Empty for others.
std::string architecture_of(const OpenclSymbols& symbols, const DeviceEntry& entry, const Traits& traits) {
  if (traits.kind == DeviceKind::cpu) return fmt::format("cpu, {} floats wide", traits.native_vector_f32);
  const auto major = MOAT_DEVICE_VALUE(cl_uint, CL_DEVICE_COMPUTE_CAPABILITY_MAJOR_NV);
  const auto minor = MOAT_DEVICE_VALUE(cl_uint, CL_DEVICE_COMPUTE_CAPABILITY_MINOR_NV);
  if (!std::holds_alternative<cl_uint>(major) || !std::holds_alternative<cl_uint>(minor)) return {};
  return fmt::format("sm_{}{}", std::get<cl_uint>(major), std::get<cl_uint>(minor));
}

/// Those of the device's extensions that bear on the operators here.
std::string extensions_of_interest(const OrUnsupported<std::string>& answer) {
  static constexpr std::array interesting{std::string_view("cl_khr_fp16"),
                                          std::string_view("cl_khr_fp64"),
                                          std::string_view("cl_khr_subgroups"),
                                          std::string_view("cl_intel_subgroups"),
                                          std::string_view("cl_khr_integer_dot_product"),
                                          std::string_view("cl_intel_subgroup_matrix_multiply_accumulate"),
                                          std::string_view("cl_khr_command_buffer"),
                                          std::string_view("cl_khr_il_program")};
  if (const auto* absent = std::get_if<Unsupported>(&answer)) return "unavailable: " + absent->reason;
  std::vector<std::string> present;
  for (const std::string_view extension : split(std::get<std::string>(answer), ' ')) {
    if (std::find(interesting.begin(), interesting.end(), extension) != interesting.end()) {
      present.emplace_back(extension);
    }
  }
  return present.empty() ? "none" : join(present, " ");
}

std::string pci_address(const OpenclSymbols& symbols, const DeviceEntry& entry) {
  const auto answer = MOAT_DEVICE_VALUE(PciBusInfo, CL_DEVICE_PCI_BUS_INFO_KHR);
  if (const auto* absent = std::get_if<Unsupported>(&answer)) return "unavailable: " + absent->reason;
  const auto& at = std::get<PciBusInfo>(answer);
  return fmt::format("{:04x}:{:02x}:{:02x}.{:x}", at.domain, at.bus, at.device, at.function);
}

std::vector<std::string> identities_of(const OpenclSymbols& symbols, const DeviceEntry& entry,
                                       const DeviceInfo& info) {
  if (info.emulated) return {};
  if (info.traits.kind == DeviceKind::cpu) return {cpu_identity};
  std::vector<std::string> identities;
  const auto add = [&](std::optional<std::string> identity) {
    if (identity) identities.push_back(std::move(*identity));
  };
  const auto at = value_or(MOAT_DEVICE_VALUE(PciBusInfo, CL_DEVICE_PCI_BUS_INFO_KHR), PciBusInfo{});
  add(pci_identity(at.domain, at.bus, at.device, at.function));
  using Uuid = std::array<std::uint8_t, CL_UUID_SIZE_KHR>;
  add(uuid_identity(value_or(MOAT_DEVICE_VALUE(Uuid, CL_DEVICE_UUID_KHR), Uuid{})));
  return identities;
}

std::vector<std::pair<std::string, std::string>> details_of(const OpenclSymbols& symbols,
                                                            const DeviceEntry& entry) {
  return {
      {"OpenCL version", words(MOAT_DEVICE_TEXT(CL_DEVICE_VERSION))},
      {"OpenCL C version", words(MOAT_DEVICE_TEXT(CL_DEVICE_OPENCL_C_VERSION))},
      {"platform version", words(MOAT_PLATFORM_TEXT(CL_PLATFORM_VERSION))},
      {"loader", symbols.path},
      {"extensions", extensions_of_interest(MOAT_DEVICE_TEXT(CL_DEVICE_EXTENSIONS))},
      {"maximum clock", words(MOAT_DEVICE_VALUE(cl_uint, CL_DEVICE_MAX_CLOCK_FREQUENCY), " MHz")},
      {"profiling timer resolution",
       words(MOAT_DEVICE_VALUE(std::size_t, CL_DEVICE_PROFILING_TIMER_RESOLUTION), " ns")},
      {"available", yes_or_no(MOAT_DEVICE_VALUE(cl_bool, CL_DEVICE_AVAILABLE))},
      {"memory shared with the host", yes_or_no(MOAT_DEVICE_VALUE(cl_bool, CL_DEVICE_HOST_UNIFIED_MEMORY))},
      {"error correction", yes_or_no(MOAT_DEVICE_VALUE(cl_bool, CL_DEVICE_ERROR_CORRECTION_SUPPORT))},
      {"PCI address", pci_address(symbols, entry)},
      {"firmware", "unavailable: OpenCL has no query for it"},
      {"power cap", "unavailable: OpenCL has no query for it"},
      {"temperature", "unavailable: OpenCL has no query for it"},
  };
}

/// ocl-icd lists platforms with more GPUs first, then those with more CPUs, then those with more devices.
std::vector<std::int64_t> rank_of(const OpenclSymbols& symbols, std::span<const cl_device_id> devices) {
  std::int64_t gpus = 0;
  std::int64_t cpus = 0;
  for (cl_device_id device : devices) {
    const DeviceEntry entry{nullptr, device};
    const cl_bitfield type = value_or(MOAT_DEVICE_VALUE(cl_bitfield, CL_DEVICE_TYPE), cl_bitfield{0});
    gpus += (type & CL_DEVICE_TYPE_GPU) != 0 ? 1 : 0;
    cpus += (type & CL_DEVICE_TYPE_CPU) != 0 ? 1 : 0;
  }
  return {-gpus, -cpus, -static_cast<std::int64_t>(devices.size())};
}

/// "PoCL: no devices" or nothing, having added the platform's devices.
std::string enumerate_platform(const OpenclSymbols& symbols, cl_platform_id platform,
                               std::vector<DeviceEntry>& devices) {
  const DeviceEntry entry{platform, nullptr};
  cl_uint count = 0;
  cl_int code = symbols.clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, nullptr, &count);
  std::vector<cl_device_id> found(code == CL_SUCCESS ? count : 0);
  if (!found.empty()) {
    code = symbols.clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, count, found.data(), nullptr);
  }
  if (code == CL_SUCCESS && !found.empty()) {
    for (cl_device_id device : found) devices.push_back({platform, device, rank_of(symbols, found)});
    return {};
  }
  const std::string name = words(MOAT_PLATFORM_TEXT(CL_PLATFORM_NAME));
  return fmt::format("platform '{}': no devices, clGetDeviceIDs says {}{}", name, code_text(code),
                     name == "Portable Computing Language" ? explain_pocl_cache() : "");
}

}  // namespace

bool is_simulator(const std::string& platform_name) {
  return platform_name == "Oclgrind";
}

Enumeration enumerate(const OpenclSymbols& symbols) {
  Enumeration result;
  cl_uint count = 0;
  cl_int code = symbols.clGetPlatformIDs(0, nullptr, &count);
  std::vector<cl_platform_id> platforms(code == CL_SUCCESS ? count : 0);
  if (!platforms.empty()) code = symbols.clGetPlatformIDs(count, platforms.data(), nullptr);
  if (code != CL_SUCCESS || platforms.empty()) {
    result.failures.push_back(fmt::format("loader {} found, but clGetPlatformIDs says {}{}", symbols.path,
                                          code_text(code),
                                          code == CL_SUCCESS ? " and lists no platform" : ""));
    return result;
  }
  for (cl_platform_id platform : platforms) {
    std::string failure = enumerate_platform(symbols, platform, result.devices);
    if (!failure.empty()) result.failures.push_back(std::move(failure));
  }
  return result;
}

DeviceInfo describe(const OpenclSymbols& symbols, const DeviceEntry& entry) {
  DeviceInfo info;
  info.name = words(MOAT_DEVICE_TEXT(CL_DEVICE_NAME));
  info.vendor = words(MOAT_DEVICE_TEXT(CL_DEVICE_VENDOR));
  info.platform = words(MOAT_PLATFORM_TEXT(CL_PLATFORM_NAME));
  info.driver = words(MOAT_DEVICE_TEXT(CL_DRIVER_VERSION));
  // Most drivers say a bare number; records carry this text alone.
  if (info.driver.find(info.platform) == std::string::npos) info.driver = info.platform + " " + info.driver;
  info.emulated = is_simulator(info.platform);
  info.traits = traits_of(symbols, entry);
  if (info.traits.kind == DeviceKind::cpu)
    info.traits.global_memory_bytes = granted_memory(info.traits.global_memory_bytes);
  info.architecture = architecture_of(symbols, entry, info.traits);
  info.identities = identities_of(symbols, entry, info);
  info.rank = entry.rank;
  // A driver that does not know its timer's step gets the coarsest that is common.
  const auto nanoseconds =
      value_or(MOAT_DEVICE_VALUE(std::size_t, CL_DEVICE_PROFILING_TIMER_RESOLUTION), std::size_t{0});
  info.clock = {.name = "OpenCL profiling events",
                .resolution_seconds = nanoseconds == 0 ? 1e-6 : static_cast<double>(nanoseconds) * 1e-9};
  info.details = details_of(symbols, entry);
  if (info.platform == "Portable Computing Language")
    info.details.emplace_back(compiled_kernels_detail,
                              compiled_kernels_text("POCL_CACHE_DIR", "", "pocl/kcache"));
  return info;
}

}  // namespace moat::opencl
