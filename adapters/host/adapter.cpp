// The host adapter: the CPU through C++ and its own libraries.
// Always one device: all cores this process may use.
#include "adapters/adapter.h"

#include <cstdlib>

#include "adapters/host/device.h"
#include "base/error.h"

namespace moat {
namespace {

class HostAdapter final : public Adapter {
 public:
  [[nodiscard]] std::string_view name() const override { return "host"; }

  [[nodiscard]] Discovery discover() override {
    try {
      return {.devices = {host::describe(host::read_machine())}, .absence = ""};
    } catch (const DeviceError& error) {  // hwloc's
      return {.devices = {}, .absence = error.what()};
    }
  }

  [[nodiscard]] std::unique_ptr<Device> open(std::size_t index) override {
    require_index(index, 1);
    return std::make_unique<host::HostDevice>(host::read_machine());
  }
};

}  // namespace

/// Throws UsageError if MOAT_HOST_THREADS is malformed.
std::unique_ptr<Adapter> make_host_adapter();
std::unique_ptr<Adapter> make_host_adapter() {
  // What is typed wrong is told here, where it ends the command, and not in the process that lists devices.
  (void)host::thread_count(1, std::nullopt, std::getenv("MOAT_HOST_THREADS"));
  return std::make_unique<HostAdapter>();
}

}  // namespace moat
