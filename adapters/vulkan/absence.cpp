// Why there is no device: drivers' manifests and device nodes, read as the loader and the driver would.
#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "adapters/vulkan/instance.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

namespace moat::vulkan {
namespace {

constexpr std::string_view way_out =
    "install mesa-vulkan-drivers (which has one for the CPU) or the vendor's Vulkan driver";

/// The library that a driver's manifest names; empty if it names none. Throws UsageError if it is no JSON.
std::string library_of(const std::filesystem::path& manifest) {
  std::ifstream stream(manifest);
  std::ostringstream text;
  text << stream.rdbuf();
  const Json json = parse_json(text.str(), manifest.string());
  const Json::json_pointer at("/ICD/library_path");
  return json.contains(at) && json.at(at).is_string() ? json.at(at).get<std::string>() : "";
}

/// Whether the library a manifest names can be loaded at all.
std::string explain_manifest(const std::filesystem::path& file) {
  std::string library;
  try {
    library = library_of(file);
  } catch (const UsageError& error) {
    return error.what();
  }
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
