// The null adapter: template for a new adapter and, where MOAT_NULL_CONFIG says so, a fake for tests.
#include "adapters/adapter.h"

#include "adapters/null/device.h"

namespace moat {
namespace {

class NullAdapter final : public Adapter {
 public:
  [[nodiscard]] std::string_view name() const override { return "null"; }

  /// Throws UsageError if MOAT_NULL_CONFIG is malformed.
  [[nodiscard]] Discovery discover() override {
    const std::optional<null::Config> config = null::config_from_environment();
    if (!config) {
      return {
          .devices = {},
          .absence =
              "for tests only; the environment's MOAT_NULL_CONFIG, e.g. 'devices=1;rate=1e9', switches it on "
              "(adapters/null/README.md)"};
    }
    Discovery found;
    for (std::size_t i = 0; i < config->devices; ++i) found.devices.push_back(null::describe(*config, i));
    return found;
  }

  [[nodiscard]] std::unique_ptr<Device> open(std::size_t index) override {
    const std::optional<null::Config> config = null::config_from_environment();
    require_index(index, config ? config->devices : 0);
    return std::make_unique<null::NullDevice>(*config, index);
  }
};

}  // namespace

/// Throws UsageError if MOAT_NULL_CONFIG is malformed.
std::unique_ptr<Adapter> make_null_adapter();
std::unique_ptr<Adapter> make_null_adapter() {
  (void)null::config_from_environment();
  return std::make_unique<NullAdapter>();
}

}  // namespace moat
