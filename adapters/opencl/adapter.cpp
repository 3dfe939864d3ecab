// The opencl adapter.
#include "adapters/adapter.h"
#include "kernels/error.h"

namespace moat {
namespace {

class Absent final : public Adapter {
 public:
  [[nodiscard]] std::string_view name() const override { return "opencl"; }
  [[nodiscard]] Discovery discover() override { return {{}, "not built yet"}; }
  [[nodiscard]] std::unique_ptr<Device> open(std::size_t) override { throw UsageError("no device"); }
};

}  // namespace

std::unique_ptr<Adapter> make_opencl_adapter();
std::unique_ptr<Adapter> make_opencl_adapter() {
  return std::make_unique<Absent>();
}

}  // namespace moat
