// Discovery over all drivers, or the reason there is nothing; opening a device by its place in the list.
#include "adapters/vulkan/adapter.h"

#include <fmt/format.h>

#include <cstdlib>

#include "adapters/common/device_nodes.h"
#include "adapters/common/driver_files.h"
#include "adapters/common/identity.h"
#include "adapters/vulkan/device.h"
#include "adapters/vulkan/driver_files.h"
#include "adapters/vulkan/info.h"
#include "adapters/vulkan/instance.h"
#include "base/error.h"
#include "base/text.h"

namespace moat::vulkan {
namespace {

class VulkanAdapter final : public Adapter {
 public:
  explicit VulkanAdapter(Configuration configuration) : configuration_(std::move(configuration)) {}

  [[nodiscard]] std::string_view name() const override { return "vulkan"; }

  [[nodiscard]] std::optional<DriverFiles> driver_files() override {
    const auto loader = load_loader(configuration_.loader);
    const auto* symbols = std::get_if<VulkanSymbols>(&loader);
    // Without a loader discover() says why; a library that is no loader offers itself.
    if (symbols == nullptr || !mentions(symbols->path, "VK_ICD_FILENAMES")) return std::nullopt;
    DriverFiles files = find_driver_files({configuration_.manifest_root, symbols->path});
    if (files.drivers.empty())
      files.absence =
          with_permissions({fmt::format("loader {} found, but {}", symbols->path, files.absence)});
    return files;
  }

  void use_only(const DriverFile& driver, std::span<const DriverFile> without) override {
    make_loader_use(driver, without);
  }

  [[nodiscard]] Discovery discover() override {
    if (const auto absence = load()) return {.devices = {}, .absence = *absence};
    const Enumeration found = enumerate(*instance_);
    if (found.devices.empty()) return {.devices = {}, .absence = absence_of(found)};
    Discovery discovery;
    for (const Facts& facts : found.devices) {
      discovery.devices.push_back(describe(instance_->symbols().path, facts));
      if (!found.failures.empty()) {
        discovery.devices.back().details.emplace_back("devices left out", join(found.failures, "; "));
      }
    }
    drop_shared_addresses(discovery.devices);
    return discovery;
  }

  [[nodiscard]] std::unique_ptr<Device> open(std::size_t index) override {
    if (const auto absence = load()) throw DeviceError(*absence);
    const Enumeration found = enumerate(*instance_);
    if (found.devices.empty()) throw UsageError(absence_of(found));
    require_index(index, found.devices.size());
    return std::make_unique<VulkanDevice>(instance_, found.devices[index], configuration_);
  }

 private:
  /// Makes the instance on first use; why it cannot, if it cannot.
  [[nodiscard]] std::optional<std::string> load() {
    if (instance_) return std::nullopt;
    auto made = make_instance(configuration_);
    if (const auto* absent = std::get_if<Unsupported>(&made)) return absent->reason;
    instance_ = std::get<std::shared_ptr<Instance>>(std::move(made));
    return std::nullopt;
  }

  [[nodiscard]] static std::string absence_of(const Enumeration& found) {
    return with_permissions(found.failures);
  }

  [[nodiscard]] static std::string with_permissions(std::vector<std::string> reasons) {
    const std::string closed = explain_permissions(device_nodes());
    if (!closed.empty()) reasons.push_back(closed);
    return join(reasons, "; ");
  }

  Configuration configuration_;
  std::shared_ptr<Instance> instance_;
};

std::optional<std::filesystem::path> cache_folder_of_environment() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return std::filesystem::path(cache) / "moat";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return std::filesystem::path(home) / ".cache" / "moat";
  return std::nullopt;
}

}  // namespace

std::unique_ptr<Adapter> make_adapter(Configuration configuration) {
  return std::make_unique<VulkanAdapter>(std::move(configuration));
}

Configuration configuration_of_environment() {
  Configuration configuration;
  configuration.cache_folder = cache_folder_of_environment();
  if (const char* words = std::getenv("MOAT_VULKAN_VALIDATION")) configuration.validation = words;
  return configuration;
}

}  // namespace moat::vulkan

namespace moat {

std::unique_ptr<Adapter> make_vulkan_adapter() {
  return vulkan::make_adapter(vulkan::configuration_of_environment());
}

}  // namespace moat
