// The folder by the variables that drivers read.
#include "adapters/common/compiled_kernels.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

namespace moat {

std::string compiled_kernels_text(const char* variable, const std::string& below_variable,
                                  const std::string& below_cache) {
  const auto folder_in = [](const char* name, const std::string& below) -> std::filesystem::path {
    const char* value = std::getenv(name);
    return value == nullptr || *value == '\0' ? std::filesystem::path()
                                              : std::filesystem::path(value) / below;
  };
  std::filesystem::path folder = folder_in(variable, below_variable);
  if (folder.empty()) folder = folder_in("XDG_CACHE_HOME", below_cache);
  if (folder.empty()) folder = folder_in("HOME", ".cache/" + below_cache);
  if (folder.empty()) return fmt::format("set {} to a folder of your own", variable);
  std::string text = folder.lexically_normal().string();
  if (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return fmt::format("{}; remove it, or set {} to another folder", text, variable);
}

std::string compiled_kernels_hint(const DeviceInfo& info) {
  for (const auto& [fact, value] : info.details) {
    if (fact == compiled_kernels_detail)
      return fmt::format("; if this comes back, what its driver compiled earlier may be damaged: {}", value);
  }
  return "";
}

}  // namespace moat
