// The file in which a device's compiled pipelines are kept between runs. A cache that cannot be read or
// written is no error: it is as if there were none. Knows bytes, no device.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "adapters/vulkan/abi.h"
#include "kernels/implementation.h"

namespace moat::vulkan {

class CacheFile {
 public:
  /// Reads `folder`/vulkan-<pipelineCacheUUID>-<driver version>.bin, if it is there and is what was written.
  CacheFile(const std::optional<std::filesystem::path>& folder, const VkPhysicalDeviceProperties& device);

  /// What the driver gave when the file was written, or "".
  [[nodiscard]] const std::string& contents() const { return contents_; }
  /// The file's name, or "unavailable: why".
  [[nodiscard]] const std::string& words() const { return words_; }

  /// Whether a cache of `bytes` holds more than the file does, and is not too much.
  [[nodiscard]] bool is_worth_keeping(std::size_t bytes) const;
  /// Writes all of it beside the file and then renames it, so that no reader sees half of one.
  void keep(const std::string& data) const noexcept;

 private:
  std::filesystem::path file_;  // empty: there is none
  std::string contents_;
  std::string words_;
};

/// A driver's cache as it stands in the file: behind its length and checksum, since drivers trust the rest.
[[nodiscard]] std::string seal(const std::string& cache);
/// The cache, or why the file is none of this device's driver.
[[nodiscard]] OrUnsupported<std::string> unseal(const std::string& file,
                                                const VkPhysicalDeviceProperties& device);

}  // namespace moat::vulkan
