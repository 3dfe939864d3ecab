// Which ICD files and layers an OpenCL loader would use in this environment, and how to make it use one
// alone. Must not know what a driver offers.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "adapters/driver_files.h"

namespace moat::opencl {

/// What to do where no driver is registered.
inline constexpr std::string_view way_out =
    "install pocl-opencl-icd (for the CPU) or the vendor's OpenCL driver";

/// ocl-icd (Debian's), Khronos', or a library that offers OpenCL without looking for drivers.
enum class LoaderKind { ocl_icd, khronos, none };
/// By the variables that the library's file mentions.
[[nodiscard]] LoaderKind loader_kind(const std::filesystem::path& loader);

/// Nothing for LoaderKind::none. `usual` is the folder that is read where no variable names another.
[[nodiscard]] std::optional<DriverFiles> find_driver_files(LoaderKind loader,
                                                           const std::filesystem::path& usual);

/// Sets this process' environment so that either loader finds the driver alone, without `without` of the
/// layers that find_driver_files() lists.
void make_loader_use(const DriverFile& driver, std::span<const DriverFile> without);

}  // namespace moat::opencl
