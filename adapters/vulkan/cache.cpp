// Reading, judging and writing the pipeline cache.
#include "adapters/vulkan/cache.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

namespace moat::vulkan {
namespace {

constexpr std::size_t header_bytes = sizeof(VkPipelineCacheHeaderVersionOne);
constexpr std::size_t seal_bytes = 24;
constexpr std::size_t most_bytes = std::size_t{64} << 20;

std::string hexadecimal(const std::uint8_t (&uuid)[VK_UUID_SIZE]) {
  std::string text;
  for (const std::uint8_t byte : uuid) text += fmt::format("{:02x}", byte);
  return text;
}

/// Whether files can be made in `folder`, or it itself where it is not there yet.
bool can_write(std::filesystem::path folder) {
  std::error_code error;
  while (folder.has_relative_path() && !std::filesystem::exists(folder, error)) folder = folder.parent_path();
  return std::filesystem::is_directory(folder, error) && access(folder.c_str(), W_OK | X_OK) == 0;
}

std::string read(const std::filesystem::path& file) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file, error);
  if (error || bytes > most_bytes + seal_bytes) return {};
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// Before the driver's bytes in the file.
struct Seal {
  std::array<char, 8> magic{'M', 'O', 'A', 'T', 'V', 'K', 'C', '1'};
  std::uint64_t bytes = 0;
  std::uint64_t checksum = 0;
};
static_assert(sizeof(Seal) == seal_bytes);

/// FNV-1a of 64 bits: against accidents, which is all a user's own folder has to fear.
std::uint64_t checksum_of(std::string_view text) {
  std::uint64_t sum = 0xcbf29ce484222325;
  for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return sum;
}

}  // namespace

std::string seal(const std::string& cache) {
  Seal header;
  header.bytes = cache.size();
  header.checksum = checksum_of(cache);
  std::string file(sizeof header, '\0');
  std::memcpy(file.data(), &header, sizeof header);
  return file + cache;
}

OrUnsupported<std::string> unseal(const std::string& file, const VkPhysicalDeviceProperties& device) {
  Seal found;
  if (file.size() < sizeof found) return Unsupported{fmt::format("{} bytes are no header", file.size())};
  std::memcpy(&found, file.data(), sizeof found);
  std::string cache = file.substr(sizeof found);
  if (found.magic != Seal{}.magic) return Unsupported{"it does not begin as such a file does"};
  if (found.bytes != cache.size() || found.checksum != checksum_of(cache)) {
    return Unsupported{"it is cut short or damaged"};
  }
  VkPipelineCacheHeaderVersionOne header{};
  if (cache.size() < header_bytes) return Unsupported{fmt::format("{} bytes are no cache", cache.size())};
  std::memcpy(&header, cache.data(), header_bytes);
  if (header.headerSize < header_bytes || header.headerSize > cache.size() ||
      header.headerVersion != VK_PIPELINE_CACHE_HEADER_VERSION_ONE) {
    return Unsupported{"its header is none of Vulkan's"};
  }
  if (header.vendorID != device.vendorID || header.deviceID != device.deviceID ||
      std::memcmp(header.pipelineCacheUUID, device.pipelineCacheUUID, VK_UUID_SIZE) != 0) {
    return Unsupported{"another device or driver wrote it"};
  }
  return cache;
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
  auto cache = unseal(read(file), device);
  if (const auto* defect = std::get_if<Unsupported>(&cache)) {
    words_ = fmt::format("{} (not used: {})", file.string(), defect->reason);
  } else {
    contents_ = std::get<std::string>(std::move(cache));
  }
}

bool CacheFile::is_worth_keeping(std::size_t bytes) const {
  // Drivers without anything to keep give the header alone.
  return !file_.empty() && bytes > contents_.size() && bytes > header_bytes && bytes <= most_bytes;
}

void CacheFile::keep(const std::string& data) const noexcept {
  try {
    std::error_code error;
    std::filesystem::create_directories(file_.parent_path(), error);
    const std::string sealed = seal(data);
    const std::filesystem::path beside = file_.string() + fmt::format(".{}.new", getpid());
    std::ofstream stream(beside, std::ios::binary);
    stream.write(sealed.data(), static_cast<std::streamsize>(sealed.size()));
    stream.close();
    if (stream) std::filesystem::rename(beside, file_, error);
    if (!stream || error) std::filesystem::remove(beside, error);
  } catch (...) {  // lack of memory: the next run compiles again
  }
}

}  // namespace moat::vulkan
