// Compiled pipelines between runs: written once, read back, and never a reason to fail.
#include "adapters/vulkan/cache.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>

#include "adapters/vulkan/instance.h"
#include "tests/unit/adapters/environment.h"
#include "tests/unit/adapters/vulkan/device.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using namespace moat::vulkan;
using Catch::Matchers::ContainsSubstring;

namespace {

VkPhysicalDeviceProperties some_device() {
  VkPhysicalDeviceProperties device{};
  device.vendorID = 0x10005;
  device.deviceID = 7;
  device.driverVersion = 0x123;
  device.pipelineCacheUUID[0] = 0xab;
  return device;
}

/// As a driver of `device` gives it, with `bytes` behind the header.
std::string cache_of(const VkPhysicalDeviceProperties& device, std::size_t bytes) {
  VkPipelineCacheHeaderVersionOne header{};
  header.headerSize = sizeof header;
  header.headerVersion = VK_PIPELINE_CACHE_HEADER_VERSION_ONE;
  header.vendorID = device.vendorID;
  header.deviceID = device.deviceID;
  std::copy_n(device.pipelineCacheUUID, VK_UUID_SIZE, header.pipelineCacheUUID);
  std::string data(sizeof header + bytes, 'x');
  std::memcpy(data.data(), &header, sizeof header);
  return data;
}

std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& item : std::filesystem::directory_iterator(folder, error)) files.push_back(item.path());
  return files;
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  return bytes.str();
}

std::string reason_of(const std::string& file, const VkPhysicalDeviceProperties& device) {
  const auto cache = unseal(file, device);
  return std::holds_alternative<Unsupported>(cache) ? std::get<Unsupported>(cache).reason : "nothing";
}

// What the driver gives at the end, and what it was given at the start.
std::string driver_gives;
std::string driver_was_given;
PFN_vkCreatePipelineCache create_cache = nullptr;

/// A driver whose cache holds `driver_gives`.
void keep_pipelines(VulkanSymbols& vk) {
  const PFN_vkCreatePipelineCache replacement = [](VkDevice handle, const VkPipelineCacheCreateInfo* info,
                                                   const VkAllocationCallbacks* callbacks,
                                                   VkPipelineCache* cache) {
    driver_was_given.assign(static_cast<const char*>(info->pInitialData), info->initialDataSize);
    VkPipelineCacheCreateInfo empty = *info;
    empty.initialDataSize = 0;
    return create_cache(handle, &empty, callbacks, cache);
  };
  if (vk.vkCreatePipelineCache == nullptr || vk.vkCreatePipelineCache == replacement) return;
  create_cache = vk.vkCreatePipelineCache;
  vk.vkCreatePipelineCache = replacement;
  vk.vkGetPipelineCacheData = [](VkDevice, VkPipelineCache, std::size_t* bytes, void* data) {
    if (data != nullptr) std::memcpy(data, driver_gives.data(), std::min(*bytes, driver_gives.size()));
    *bytes = driver_gives.size();
    return VK_SUCCESS;
  };
}

std::string cache_detail(const Device& device) {
  const auto& details = device.info().details;
  const auto found = std::find_if(details.begin(), details.end(),
                                  [](const auto& item) { return item.first == "pipeline cache"; });
  return found == details.end() ? "" : found->second;
}

}  // namespace

TEST_CASE("what is kept is read back, under a name of the driver's") {
  const test::ScratchFolder folder;
  const auto inner = folder.path() / "not" / "there" / "yet";
  const auto device = some_device();
  const CacheFile first(inner, device);
  CHECK(first.contents().empty());
  CHECK(first.words() == (inner / "vulkan-ab000000000000000000000000000000-00000123.bin").string());
  CHECK_FALSE(std::filesystem::exists(inner));  // nothing to keep yet
  first.keep(cache_of(device, 100));
  CHECK(files_of(inner) == std::vector<std::filesystem::path>{first.words()});
  const CacheFile second(inner, device);
  CHECK(second.contents() == cache_of(device, 100));
  CHECK(second.is_worth_keeping(133));
  CHECK_FALSE(second.is_worth_keeping(132));
  CHECK_FALSE(first.is_worth_keeping(32));  // a header alone
  CHECK_FALSE(first.is_worth_keeping((std::size_t{64} << 20) + 1));
}

TEST_CASE("a file that is not this driver's, or damaged, is not used") {
  const auto device = some_device();
  auto other = device;
  other.pipelineCacheUUID[3] = 1;
  const std::string good = seal(cache_of(device, 50));
  CHECK(reason_of(good, device) == "nothing");
  CHECK_THAT(reason_of(good, other), ContainsSubstring("another device or driver"));
  CHECK_THAT(reason_of("", device), ContainsSubstring("no header"));
  CHECK_THAT(reason_of(std::string(200, 'x'), device), ContainsSubstring("begin"));
  for (std::size_t i = 0; i < good.size(); ++i) {
    CAPTURE(i);
    REQUIRE(reason_of(good.substr(0, i), device) != "nothing");
    std::string damaged = good;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    REQUIRE(reason_of(damaged, device) != "nothing");
  }
  CHECK_THAT(reason_of(seal("short"), device), ContainsSubstring("no cache"));
  std::string header = cache_of(device, 0);
  header[0] = 100;  // a header longer than the cache
  CHECK_THAT(reason_of(seal(header), device), ContainsSubstring("none of Vulkan's"));
}

TEST_CASE("no folder, or one that cannot be written, is a reason and no error") {
  CHECK_THAT(CacheFile(std::nullopt, some_device()).words(), ContainsSubstring("unavailable: neither"));
  const test::ScratchFolder folder;
  const auto file = folder.path() / "file";
  std::ofstream(file) << "in the way";
  const CacheFile cache(file / "moat", some_device());
  CHECK_THAT(cache.words(), ContainsSubstring("unavailable: no permission to write in"));
  CHECK_FALSE(cache.is_worth_keeping(1000));
  // A folder that went away since: nothing is written, nothing thrown.
  const auto gone = folder.path() / "gone";
  const CacheFile late(gone, some_device());
  std::ofstream(gone) << "in the way";
  CHECK_NOTHROW(late.keep(cache_of(some_device(), 10)));
  CHECK(files_of(folder.path()).size() == 2);
}

TEST_CASE("a device gives its pipelines to the next run, once for each growth") {
  const test::ScratchFolder folder;
  Configuration configuration;
  configuration.cache_folder = folder.path();
  configuration.substitution = keep_pipelines;
  const auto made = make_instance(configuration);
  const auto instance = std::get<std::shared_ptr<Instance>>(made);
  VkPhysicalDeviceProperties properties{};
  {
    std::uint32_t count = 1;
    VkPhysicalDevice handle = VK_NULL_HANDLE;
    REQUIRE(instance->symbols().vkEnumeratePhysicalDevices(instance->get(), &count, &handle) >= 0);
    VkPhysicalDeviceProperties2 answer{};
    answer.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2;
    instance->symbols().vkGetPhysicalDeviceProperties2(handle, &answer);
    properties = answer.properties;
  }
  driver_gives = cache_of(properties, 0);
  open_first_device(configuration).reset();
  CHECK(files_of(folder.path()).empty());
  driver_gives = cache_of(properties, 500);
  open_first_device(configuration).reset();
  CHECK(driver_was_given.empty());
  REQUIRE(files_of(folder.path()).size() == 1);
  const auto file = files_of(folder.path())[0];
  const std::string kept = bytes_of(file);
  {
    const auto device = open_first_device(configuration);
    CHECK(driver_was_given == driver_gives);
    CHECK(cache_detail(*device) == file.string());
  }
  CHECK(bytes_of(file) == kept);

  std::ofstream(file, std::ios::binary) << kept.substr(0, kept.size() / 2);
  {
    const auto device = open_first_device(configuration);
    CHECK(driver_was_given.empty());
    CHECK_THAT(cache_detail(*device), ContainsSubstring("not used: it is cut short or damaged"));
  }
  CHECK(bytes_of(file) == kept);  // and replaced
}

TEST_CASE("the environment says where the cache is") {
  const EnvironmentVariable home("HOME", "/home/somebody");
  {
    const EnvironmentVariable cache("XDG_CACHE_HOME", "/var/cache/own");
    CHECK(configuration_of_environment().cache_folder == "/var/cache/own/moat");
  }
  const EnvironmentVariable cache("XDG_CACHE_HOME", std::nullopt);
  CHECK(configuration_of_environment().cache_folder == "/home/somebody/.cache/moat");
  const EnvironmentVariable no_home("HOME", std::nullopt);
  CHECK_FALSE(configuration_of_environment().cache_folder);
}
