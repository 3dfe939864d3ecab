// dlopen and dladdr.
#include "adapters/common/dynamic_library.h"

#include <dlfcn.h>

#include <filesystem>
#include <system_error>
#include <vector>

#include "base/text.h"

namespace moat {

OrUnsupported<void*> open_first(std::span<const std::string> names) {
  std::vector<std::string> failures;
  for (const std::string& name : names) {
    if (void* handle = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)) return handle;
    failures.emplace_back(dlerror());
  }
  return Unsupported{join(failures, "; ")};
}

std::string file_of(const void* address) {
  Dl_info info{};
  if (dladdr(address, &info) == 0 || info.dli_fname == nullptr) return "unknown file";
  std::error_code error;
  const auto path = std::filesystem::canonical(info.dli_fname, error);
  return error ? info.dli_fname : path.string();
}

}  // namespace moat
