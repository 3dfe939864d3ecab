// Why there is no platform or no device: ICD files and device nodes, read as the loader and the driver would.
#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>

#include "adapters/opencl/info.h"
#include "base/text.h"

namespace moat::opencl {
namespace {

constexpr std::string_view way_out = "install pocl-opencl-icd (for the CPU) or the vendor's OpenCL driver";

/// Whether the library an ICD file names can be loaded at all.
std::string explain_icd_file(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string library;
  if (!std::getline(stream, library) || library.empty()) {
    return fmt::format("{} names no library", file.string());
  }
  if (dlopen(library.c_str(), RTLD_LAZY | RTLD_LOCAL) == nullptr) {
    return fmt::format("{} names {}, which does not load: {}", file.string(), library, dlerror());
  }
  return fmt::format("{} names {}, which loads but offers no platform", file.string(), library);
}

}  // namespace

std::string explain_icd_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& item : std::filesystem::directory_iterator(folder, error)) {
    if (item.path().extension() == ".icd") files.push_back(item.path());
  }
  if (files.empty()) return fmt::format("no ICD file in {}: {}", folder.string(), way_out);
  std::sort(files.begin(), files.end());
  std::vector<std::string> reasons;
  std::transform(files.begin(), files.end(), std::back_inserter(reasons), explain_icd_file);
  return fmt::format("{}; {}", join(reasons, "; "), way_out);
}

std::string explain_pocl_cache() {
  const auto folder_in = [](const char* variable, const char* below) -> std::filesystem::path {
    const char* value = std::getenv(variable);
    if (value == nullptr || *value == '\0') return {};
    return *below == '\0' ? std::filesystem::path(value) : std::filesystem::path(value) / below;
  };
  std::filesystem::path folder = folder_in("POCL_CACHE_DIR", "");
  if (folder.empty()) folder = folder_in("XDG_CACHE_HOME", "pocl/kcache");
  if (folder.empty()) folder = folder_in("HOME", ".cache/pocl/kcache");
  if (folder.empty()) return "";
  std::error_code error;
  std::filesystem::create_directories(folder, error);  // as PoCL does
  if (!error && access(folder.c_str(), W_OK) != 0) error.assign(errno, std::generic_category());
  if (!error) return "";
  return fmt::format("; its cache folder {} cannot be written ({}): set POCL_CACHE_DIR to a folder that can",
                     folder.string(), error.message());
}

}  // namespace moat::opencl
