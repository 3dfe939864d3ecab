// Reading, judging and writing the pipeline cache.
#include "adapters/vulkan/cache.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <sstream>

namespace moat::vulkan {
namespace {

constexpr std::size_t header_bytes = sizeof(VkPipelineCacheHeaderVersionOne);
constexpr std::size_t most_bytes = std::size_t{64} << 20;

std::string hexadecimal(const std::uint8_t (&uuid)[VK_UUID_SIZE]) {
  std::string text;
  for (const std::uint8_t byte : uuid) text += fmt::format("{:02x}", byte);
  return text;
}

/// Whether files can be made in `folder`, which is made if it is not there.
bool can_write(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  return access(folder.c_str(), W_OK | X_OK) == 0;
}

std::string read(const std::filesystem::path& file) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file, error);
  if (error || bytes > most_bytes) return {};
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace

std::optional<std::string> defect_of_cache(const std::string& data,
                                           const VkPhysicalDeviceProperties& device) {
  VkPipelineCacheHeaderVersionOne header{};
  if (data.size() < header_bytes) return fmt::format("{} bytes are no header", data.size());
  std::memcpy(&header, data.data(), header_bytes);
  if (header.headerSize < header_bytes || header.headerSize > data.size() ||
      header.headerVersion != VK_PIPELINE_CACHE_HEADER_VERSION_ONE) {
    return "its header is none of Vulkan's";
  }
  if (header.vendorID != device.vendorID || header.deviceID != device.deviceID ||
      std::memcmp(header.pipelineCacheUUID, device.pipelineCacheUUID, VK_UUID_SIZE) != 0) {
    return "another device or driver wrote it";
  }
  return std::nullopt;
}

CacheFile::CacheFile(const std::optional<std::filesystem::path>& folder,
                     const VkPhysicalDeviceProperties& device) {
  if (!folder) {
    words_ = "unavailable: neither XDG_CACHE_HOME nor HOME names a folder";
    return;
  }
  const auto file = *folder / fmt::format("vulkan-{}-{:08x}.bin", hexadecimal(device.pipelineCacheUUID),
                                          device.driverVersion);
  if (!can_write(*folder)) {
    words_ = fmt::format("unavailable: no permission to write in {}", folder->string());
    return;
  }
  file_ = file;
  words_ = file.string();
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return;
  std::string data = read(file);
  if (const auto defect = defect_of_cache(data, device)) {
    words_ = fmt::format("{} (not used, it will be replaced: {})", file.string(), *defect);
  } else {
    contents_ = std::move(data);
  }
}

bool CacheFile::is_worth_keeping(std::size_t bytes) const {
  // Drivers without anything to keep give the header alone.
  return !file_.empty() && bytes > contents_.size() && bytes > header_bytes && bytes <= most_bytes;
}

void CacheFile::keep(const std::string& data) const noexcept {
  try {
    const std::filesystem::path beside = file_.string() + fmt::format(".{}.new", getpid());
    std::ofstream stream(beside, std::ios::binary);
    stream.write(data.data(), static_cast<std::streamsize>(data.size()));
    stream.close();
    std::error_code error;
    if (stream) {
      std::filesystem::rename(beside, file_, error);
    }
    if (!stream || error) std::filesystem::remove(beside, error);
  } catch (...) {  // lack of memory: the next run compiles again
  }
}

}  // namespace moat::vulkan
