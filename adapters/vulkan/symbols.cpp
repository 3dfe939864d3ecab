// dlopen, vkGetInstanceProcAddr and vkGetDeviceProcAddr, with every failure turned into words.
#include "adapters/vulkan/symbols.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>

#include <vector>

#include "adapters/common/dynamic_library.h"
#include "base/error.h"
#include "base/text.h"

namespace moat::vulkan {
namespace {

/// Fills `function` with `address`; remembers the name if there is none.
template <class Function>
void set(Function& function, PFN_vkVoidFunction address, const char* name,
         std::vector<std::string>& missing) {
  function = reinterpret_cast<Function>(address);
  if (function == nullptr) missing.emplace_back(name);
}

void require_none(const std::vector<std::string>& missing, std::string_view where) {
  if (missing.empty()) return;
  throw DeviceError(fmt::format("{} lacks {}: Vulkan 1.1 is needed", where, join(missing, ", ")));
}

OrUnsupported<VulkanSymbols> take_loader(void* handle) {
  constexpr const char* entry = "vkGetInstanceProcAddr";
  void* const address = dlsym(handle, entry);
  if (address == nullptr) return Unsupported{fmt::format("{} lacks {}", file_of_handle(handle), entry)};
  VulkanSymbols symbols;
  symbols.path = file_of(address);
  symbols.vkGetInstanceProcAddr = reinterpret_cast<PFN_vkGetInstanceProcAddr>(address);
  std::vector<std::string> missing;
#define MOAT_VULKAN_FIND(name) \
  set(symbols.name, symbols.vkGetInstanceProcAddr(VK_NULL_HANDLE, #name), #name, missing);
  MOAT_VULKAN_GLOBAL_FUNCTIONS(MOAT_VULKAN_FIND)
#undef MOAT_VULKAN_FIND
  if (missing.empty()) return symbols;
  return Unsupported{fmt::format("{} lacks {}: Vulkan 1.1 is needed", symbols.path, join(missing, ", "))};
}

}  // namespace

OrUnsupported<VulkanSymbols> load_loader(const LibraryFiles& files) {
  if (dlsym(RTLD_DEFAULT, "vkGetInstanceProcAddr") != nullptr) return take_loader(RTLD_DEFAULT);
  auto loaded = load_library<VulkanSymbols>(files, take_loader);
  if (const auto* absent = std::get_if<Unsupported>(&loaded)) return *absent;
  return std::get<Loaded<VulkanSymbols>>(std::move(loaded)).symbols;
}

void keep_libraries_loaded() {
  std::vector<std::string> names;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* found) {
        if (*info->dlpi_name != '\0')
          static_cast<std::vector<std::string>*>(found)->emplace_back(info->dlpi_name);
        return 0;
      },
      &names);
  for (const std::string& name : names) {
    static_cast<void>(dlopen(name.c_str(), RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE));
  }
}

void load_instance(VulkanSymbols& symbols, VkInstance instance) {
  std::vector<std::string> missing;
#define MOAT_VULKAN_FIND(name) \
  set(symbols.name, symbols.vkGetInstanceProcAddr(instance, #name), #name, missing);
  MOAT_VULKAN_INSTANCE_FUNCTIONS(MOAT_VULKAN_FIND)
  require_none(missing, symbols.path);
  MOAT_VULKAN_OPTIONAL_INSTANCE_FUNCTIONS(MOAT_VULKAN_FIND)
#undef MOAT_VULKAN_FIND
}

void load_device(VulkanSymbols& symbols, VkDevice device) {
  std::vector<std::string> missing;
#define MOAT_VULKAN_FIND(name) set(symbols.name, symbols.vkGetDeviceProcAddr(device, #name), #name, missing);
  MOAT_VULKAN_DEVICE_FUNCTIONS(MOAT_VULKAN_FIND)
#undef MOAT_VULKAN_FIND
  require_none(missing, "the driver");
}

}  // namespace moat::vulkan
