// Why PoCL may offer no device: the folder of its cache, found as PoCL finds it (lib/CL/pocl_cache.c).
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "adapters/common/driver_files.h"
#include "adapters/opencl/info.h"

namespace moat::opencl {

std::string explain_pocl_cache() {
  const auto folder_in = [](const char* name, const char* below) -> std::filesystem::path {
    const auto value = variable(name);
    if (!value) return {};
    return *below == '\0' ? std::filesystem::path(*value) : std::filesystem::path(*value) / below;
  };
  std::filesystem::path folder = folder_in("POCL_CACHE_DIR", "");
  if (folder.empty()) folder = folder_in("XDG_CACHE_HOME", "pocl/kcache");
  if (folder.empty()) folder = folder_in("HOME", ".cache/pocl/kcache");
  if (folder.empty()) folder = "/tmp/pocl/kcache";
  std::error_code error;
  std::filesystem::create_directories(folder, error);  // as PoCL does
  if (!error && access(folder.c_str(), W_OK) != 0) error.assign(errno, std::generic_category());
  if (!error) return "";
  return fmt::format("; its cache folder {} cannot be written ({}): set POCL_CACHE_DIR to a folder that can",
                     folder.string(), error.message());
}

}  // namespace moat::opencl
