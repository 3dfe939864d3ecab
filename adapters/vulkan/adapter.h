// The Vulkan adapter, with what it looks for on the machine made explicit,
// so that tests can point it elsewhere.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/common/library_files.h"
#include "adapters/vulkan/symbols.h"

namespace moat::vulkan {

struct Configuration {
  LibraryFiles loader = vulkan_loader_files();
  /// Where drivers' manifests lie that no variable of the loader names.
  std::filesystem::path manifest_root = "/";
  /// Where compiled pipelines are kept between runs. None: they are not kept.
  std::optional<std::filesystem::path> cache_folder;
  std::string validation;      // words of MOAT_VULKAN_VALIDATION; "" checks nothing
  bool always_stages = false;  // copies through a staging buffer even where the device's memory can be mapped
  Substitution substitution;   // tests' replacements of entry points
};

[[nodiscard]] std::unique_ptr<Adapter> make_adapter(Configuration configuration);

/// As the environment asks: XDG_CACHE_HOME or HOME for the cache, MOAT_VULKAN_VALIDATION.
[[nodiscard]] Configuration configuration_of_environment();

}  // namespace moat::vulkan

namespace moat {

[[nodiscard]] std::unique_ptr<Adapter> make_vulkan_adapter();

}  // namespace moat
