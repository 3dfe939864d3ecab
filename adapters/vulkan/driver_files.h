// Which manifests of drivers and implicit layers the Vulkan loader would use in this environment, and how to
// make it use one driver alone. Must not know what a driver offers.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "adapters/driver_files.h"

namespace moat::vulkan {

/// What to do where no driver is registered.
inline constexpr std::string_view way_out =
    "install mesa-vulkan-drivers (which has one for the CPU) or the vendor's Vulkan driver";

struct ManifestPlaces {
  std::filesystem::path root = "/";   // where etc and usr lie
  std::filesystem::path loader = {};  // obeys the variables that it mentions; empty: all of them
};

/// As Khronos' loader finds them (loader.c, read_data_files_in_search_paths): VK_DRIVER_FILES or
/// VK_ICD_FILENAMES, else VK_ADD_DRIVER_FILES and the folders of the XDG variables, HOME and the system;
/// VK_LOADER_DRIVERS_SELECT and VK_LOADER_DRIVERS_DISABLE; implicit layers that nothing disables, and
/// explicit ones of VK_INSTANCE_LAYERS.
[[nodiscard]] DriverFiles find_driver_files(const ManifestPlaces& places = {});

/// Sets this process' environment so that the loader finds the driver alone, without `without` of the layers.
void make_loader_use(const DriverFile& driver, std::span<const DriverFile> without);

}  // namespace moat::vulkan
