// Discovery over all platforms, or the reason there is nothing; opening a device by its place in the list.
#include "adapters/opencl/adapter.h"

#include <fmt/format.h>

#include "adapters/common/device_nodes.h"
#include "adapters/common/driver_files.h"
#include "adapters/common/dynamic_library.h"
#include "adapters/common/identity.h"
#include "adapters/opencl/device.h"
#include "adapters/opencl/driver_files.h"
#include "adapters/opencl/info.h"
#include "adapters/opencl/symbols.h"
#include "base/error.h"
#include "base/text.h"

namespace moat::opencl {
namespace {

class OpenclAdapter final : public Adapter {
 public:
  explicit OpenclAdapter(Configuration configuration) : configuration_(std::move(configuration)) {}

  [[nodiscard]] std::string_view name() const override { return "opencl"; }

  [[nodiscard]] std::optional<DriverFiles> driver_files() override {
    if (load()) return std::nullopt;  // discover() says why
    auto files = find_driver_files(loader_kind(symbols_->path), configuration_.icd_folder);
    if (files && files->drivers.empty())
      files->absence =
          with_permissions({fmt::format("loader {} found, but {}", symbols_->path, files->absence)});
    return files;
  }

  void use_only(const DriverFile& driver, std::span<const DriverFile> without) override {
    make_loader_use(driver, without);
    announces_ = false;
  }

  [[nodiscard]] Discovery discover() override {
    if (const auto absence = load()) return {.devices = {}, .absence = *absence};
    const Enumeration found = enumerate(*symbols_);
    if (found.devices.empty()) return {.devices = {}, .absence = absence_of(found)};
    const bool sorts =
        loader_kind(symbols_->path) == LoaderKind::ocl_icd && variable("OCL_ICD_PLATFORM_SORT") != "none";
    Discovery discovery;
    for (const DeviceEntry& entry : found.devices) {
      discovery.devices.push_back(describe(*symbols_, entry));
      if (!sorts) discovery.devices.back().rank.clear();
      if (!found.failures.empty()) {
        discovery.devices.back().details.emplace_back("platforms without devices",
                                                      join(found.failures, "; "));
      }
    }
    drop_shared_addresses(discovery.devices);
    return discovery;
  }

  [[nodiscard]] std::unique_ptr<Device> open(std::size_t index) override {
    if (const auto absence = load()) throw DeviceError(*absence);
    const Enumeration found = enumerate(*symbols_);
    if (found.devices.empty()) throw UsageError(absence_of(found));
    require_index(index, found.devices.size());
    return std::make_unique<OpenclDevice>(symbols_, found.devices[index], configuration_.clblast);
  }

 private:
  /// Loads the loader on first use; why it cannot, if it cannot.
  [[nodiscard]] std::optional<std::string> load() {
    if (symbols_) return std::nullopt;
    if (announces_) announce_opencl_runtimes();
    auto loaded = load_opencl(configuration_.loader);
    if (const auto* absent = std::get_if<Unsupported>(&loaded)) {
      return fmt::format("no OpenCL loader: {}", absent->reason);
    }
    symbols_ = std::make_shared<const OpenclSymbols>(std::get<OpenclSymbols>(std::move(loaded)));
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
  bool announces_ = true;  // the runtimes of MOAT_LIBRARY_PATH, unless one driver was chosen
  std::shared_ptr<const OpenclSymbols> symbols_;
};

}  // namespace

std::unique_ptr<Adapter> make_adapter(Configuration configuration) {
  return std::make_unique<OpenclAdapter>(std::move(configuration));
}

}  // namespace moat::opencl

namespace moat {

std::unique_ptr<Adapter> make_opencl_adapter() {
  return opencl::make_adapter({});
}

}  // namespace moat
