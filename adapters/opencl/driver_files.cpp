// ICD files and layers, found as the two usual loaders find them: ocl-icd (ocl_icd_loader.c) and Khronos'
// (loader/linux/icd_linux.c, loader/icd.c). Loads none of them.
#include "adapters/opencl/driver_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/common/driver_files.h"
#include "base/text.h"

namespace moat::opencl {
namespace {

namespace fs = std::filesystem;

constexpr const char* vendors_variable = "OCL_ICD_VENDORS";
constexpr const char* names_variable = "OCL_ICD_FILENAMES";
constexpr const char* layers_variable = "OPENCL_LAYERS";
constexpr const char* layer_folder_variable = "OPENCL_LAYER_PATH";

/// The library that the file names: its first line, or for Khronos' loader all of it.
DriverFile icd_file(const fs::path& file, LoaderKind loader) {
  DriverFile made{.file = file.string(), .library = {}, .fault = {}};
  auto content = content_of(file);
  if (const auto* refused = std::get_if<Unsupported>(&content)) {
    made.fault = refused->reason;
    return made;
  }
  made.library = std::get<std::string>(std::move(content));
  if (loader == LoaderKind::ocl_icd)
    made.library.erase(std::min(made.library.find('\n'), made.library.size()));
  if (made.library.ends_with('\n')) made.library.pop_back();
  made.library.erase(std::min(made.library.find('\0'), made.library.size()));
  if (made.library.empty()) made.fault = "names no library";
  return made;
}

DriverFile icd_library(const std::string& library) {
  return {.file = library, .library = library, .fault = {}};
}

/// Those that the variable lists, separated by colons.
void add_libraries(const char* name, std::vector<DriverFile>& libraries) {
  const std::string listed = variable(name).value_or("");
  for (const std::string_view library : split(listed, ':')) {
    if (!library.empty()) libraries.push_back(icd_library(std::string(library)));
  }
}

void add_folder(const fs::path& folder, LoaderKind loader, DriverFiles& files) {
  for (const fs::path& file : files_in(folder, ".icd")) files.drivers.push_back(icd_file(file, loader));
  if (!files.drivers.empty()) return;
  const std::string closed = why_no_folder(folder);
  files.absence = fmt::format("no ICD file in {}{}: {}", folder.string(),
                              closed.empty() ? "" : fmt::format(" ({})", closed), way_out);
}

/// OCL_ICD_VENDORS names a folder, a file or a library; without it the folder counts that OPENCL_VENDOR_PATH
/// names, else `folder`.
void find_as_ocl_icd(const fs::path& usual, DriverFiles& files) {
  const fs::path folder = variable("OPENCL_VENDOR_PATH").value_or(usual.string());
  const auto chosen = variable(vendors_variable);
  std::error_code error;
  if (!chosen) return add_folder(folder, LoaderKind::ocl_icd, files);
  if (fs::is_directory(*chosen, error)) return add_folder(*chosen, LoaderKind::ocl_icd, files);
  if (!chosen->ends_with(".icd")) return files.drivers.push_back(icd_library(*chosen));
  const bool is_in_folder = chosen->find('/') == std::string::npos && fs::exists(folder / *chosen, error);
  files.drivers.push_back(icd_file(is_in_folder ? folder / *chosen : fs::path(*chosen), LoaderKind::ocl_icd));
}

/// OCL_ICD_FILENAMES names libraries; then comes the folder that OCL_ICD_VENDORS names, else `usual`.
void find_as_khronos(const fs::path& usual, DriverFiles& files) {
  add_libraries(names_variable, files.drivers);
  const char* chosen = std::getenv(vendors_variable);
  add_folder(chosen == nullptr ? usual : fs::path(chosen), LoaderKind::khronos, files);
}

std::vector<DriverFile> find_layers() {
  std::vector<DriverFile> layers;
  for (const fs::path& file :
       files_in(variable(layer_folder_variable).value_or("/etc/OpenCL/layers"), ".lay"))
    layers.push_back(icd_file(file, LoaderKind::khronos));
  add_libraries(layers_variable, layers);
  return layers;
}

}  // namespace

LoaderKind loader_kind(const fs::path& loader) {
  if (mentions(loader, "OPENCL_VENDOR_PATH")) return LoaderKind::ocl_icd;
  return mentions(loader, vendors_variable) ? LoaderKind::khronos : LoaderKind::none;
}

std::optional<DriverFiles> find_driver_files(LoaderKind loader, const fs::path& usual) {
  if (loader == LoaderKind::none) return std::nullopt;
  DriverFiles files;
  files.installing = way_out;
  files.mending = fmt::format(
      "reinstall its driver, remove the file, or name those to use in {}",
      loader == LoaderKind::ocl_icd ? vendors_variable : "OCL_ICD_VENDORS (a folder of .icd files)");
  if (loader == LoaderKind::ocl_icd) {
    find_as_ocl_icd(usual, files);
  } else {
    find_as_khronos(usual, files);
  }
  files.layers = find_layers();
  return files;
}

// ocl-icd takes what is neither a folder nor ends with ".icd" for a library; Khronos' loader finds no folder
// of that name, and takes the library from the other variable.
void make_loader_use(const DriverFile& driver, std::span<const DriverFile> without) {
  if (!without.empty()) {
    std::vector<std::string> kept;
    for (const DriverFile& layer : find_layers()) {
      if (std::ranges::find(without, layer) == without.end()) kept.push_back(layer.library);
    }
    set_variable(layer_folder_variable, "/nonexistent");
    set_variable(layers_variable, kept.empty() ? std::nullopt : std::optional(join(kept, ":")));
  }
  set_variable(vendors_variable, driver.library);
  set_variable(names_variable, driver.library);
}

}  // namespace moat::opencl
