// Why there is no device: drivers' manifests and device nodes, read as the loader and the driver would.
#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "adapters/vulkan/instance.h"
#include "base/text.h"

namespace moat::vulkan {
namespace {

constexpr std::string_view way_out =
    "install mesa-vulkan-drivers (which has one for the CPU) or the vendor's Vulkan driver";

/// The text after "library_path": in a manifest; a whole JSON parser would find no more.
std::string library_of(const std::string& manifest) {
  auto at = manifest.find("\"library_path\"");
  if (at == std::string::npos) return {};
  at = manifest.find('"', manifest.find(':', at));
  if (at == std::string::npos) return {};
  return manifest.substr(at + 1, manifest.find('"', at + 1) - at - 1);
}

/// Whether the library a manifest names can be loaded at all.
std::string explain_manifest(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  std::string library = library_of(text.str());
  if (library.empty()) return fmt::format("{} names no library", file.string());
  // A path that is not absolute, but is one, begins at the manifest.
  if (library.find('/') != std::string::npos && library.front() != '/') {
    library = (file.parent_path() / library).string();
  }
  if (dlopen(library.c_str(), RTLD_LAZY | RTLD_LOCAL) == nullptr) {
    return fmt::format("{} names {}, which does not load: {}", file.string(), library, dlerror());
  }
  return fmt::format("{} names {}, which loads but offers no device", file.string(), library);
}

}  // namespace

std::string explain_manifests(std::span<const std::filesystem::path> folders) {
  std::vector<std::filesystem::path> files;
  std::vector<std::string> names;
  for (const auto& folder : folders) {
    names.push_back(folder.string());
    std::error_code error;
    for (const auto& item : std::filesystem::directory_iterator(folder, error)) {
      if (item.path().extension() == ".json") files.push_back(item.path());
    }
  }
  if (files.empty()) return fmt::format("no driver's manifest in {}: {}", join(names, ", "), way_out);
  std::sort(files.begin(), files.end());
  std::vector<std::string> reasons;
  std::transform(files.begin(), files.end(), std::back_inserter(reasons), explain_manifest);
  return fmt::format("{}; {}", join(reasons, "; "), way_out);
}

}  // namespace moat::vulkan
