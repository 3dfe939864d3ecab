// One plan after the other on every real device that compiles kernels, between guard zones.
#include "tests/correctness/harness.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/registry.h"
#include "bench/measure/guarded_buffer.h"
#include "kernels/inputs.h"
#include "tests/catch.h"

namespace moat {
namespace {

struct OpenDevice {
  std::string name;
  std::unique_ptr<Device> device;
  std::map<std::string, std::shared_ptr<Kernel>> kernels;  // compiled once: key is all that compile() takes
};

// Every device that compiles kernels, of the adapter that MOAT_CORRECTNESS_ADAPTER names if it is set.
// Without any, these tests prove nothing and fail.
std::vector<OpenDevice>& devices() {
  // Never destroyed: at exit a driver's own statics may be gone before ours.
  static std::vector<OpenDevice>& found = *new std::vector<OpenDevice>([] {
    std::vector<OpenDevice> all;
    for (const auto& adapter : *new std::vector<std::unique_ptr<Adapter>>(make_adapters())) {
      const char* wanted = std::getenv("MOAT_CORRECTNESS_ADAPTER");
      if (wanted != nullptr && adapter->name() != wanted) continue;
      const Discovery discovery = adapter->discover();
      for (std::size_t i = 0; i < discovery.devices.size(); ++i) {
        const DeviceInfo& info = discovery.devices[i];
        if (info.traits.language == Language::none) continue;
        all.push_back({fmt::format("{}:{} {}", adapter->name(), i, info.name), adapter->open(i), {}});
      }
    }
    return all;
  }());
  return found;
}

// What is shipped for this problem: first the defaults for the device as it is, then those as if it were of
// another kind, vector width or size (0 units: unknown, and less than any problem fills).
std::vector<Parameters> parameter_sets(const Implementation& implementation, const Problem& problem,
                                       const Traits& traits) {
  std::vector<Parameters> sets{implementation.defaults(problem, traits)};
  for (const DeviceKind kind : {DeviceKind::cpu, DeviceKind::gpu}) {
    for (const std::uint32_t width : {4U, 8U, 16U}) {
      for (const std::uint32_t units : {traits.compute_units, 0U}) {
        Traits other = traits;
        other.kind = kind;
        other.native_vector_f32 = width;
        other.compute_units = units;
        Parameters set = implementation.defaults(problem, other);
        if (std::find(sets.begin(), sets.end(), set) == sets.end()) sets.push_back(std::move(set));
      }
    }
  }
  return sets;
}

std::shared_ptr<Kernel> compiled(OpenDevice& open, const Step& step) {
  std::string key = step.source + ' ' + step.entry;
  for (const auto& [name, value] : step.constants) key += fmt::format(" {}={}", name, value);
  std::shared_ptr<Kernel>& kernel = open.kernels[key];
  if (!kernel) {
    const std::string source = kernel_source(step.source, open.device->info().traits.language);
    kernel = open.device->compile(source, step.entry, step.constants);
  }
  return kernel;
}

Launch launch_of(OpenDevice& open, const Step& step, std::span<Buffer* const> tensors,
                 std::span<Buffer* const> scratch) {
  Launch launch{compiled(open, step), step.groups, step.group_shape, {}};
  for (const Argument& argument : step.arguments) {
    switch (argument.kind) {
      case Argument::Kind::tensor:
        launch.arguments.emplace_back(tensors[static_cast<std::size_t>(argument.value)]);
        break;
      case Argument::Kind::scratch:
        launch.arguments.emplace_back(scratch[static_cast<std::size_t>(argument.value)]);
        break;
      case Argument::Kind::integer:
        launch.arguments.emplace_back(static_cast<std::int32_t>(argument.value));
        break;
    }
  }
  return launch;
}

// Device memory of one tensor or scratch area, poisoned. Between guard zones, which show a write outside and
// make a read outside NaN; or, if MOAT_EXACT_BUFFERS is set, a buffer that ends where the tensor does, for a
// device that checks every access itself.
class Area {
 public:
  Area(Device& device, const std::string& name, std::size_t bytes) : device_(device), bytes_(bytes) {
    if (std::getenv("MOAT_EXACT_BUFFERS") == nullptr) {
      guarded_ = std::make_unique<GuardedBuffer>(device, name, bytes);
    } else {
      exact_ = device.allocate(std::max<std::size_t>(bytes, 1));
      device.write(*exact_, 0, std::vector<std::byte>(bytes, std::byte{0xff}));
    }
  }
  [[nodiscard]] Buffer& buffer() { return guarded_ ? guarded_->view() : *exact_; }
  void write(std::span<const std::byte> data) { device_.write(buffer(), 0, data); }
  [[nodiscard]] std::vector<std::byte> read() {
    std::vector<std::byte> data(bytes_);
    device_.read(buffer(), 0, data);
    return data;
  }
  [[nodiscard]] std::string damage() const { return guarded_ ? guarded_->damage().value_or("") : ""; }

 private:
  Device& device_;
  std::size_t bytes_;
  std::unique_ptr<GuardedBuffer> guarded_;
  std::unique_ptr<Buffer> exact_;
};

// One execution of a plan between guard zones, compared with the reference.
void check_plan(OpenDevice& open, const Problem& problem, const Plan& plan, const MakeInput& make_input) {
  const std::vector<Tensor> tensors = problem.tensors();
  std::vector<std::vector<std::byte>> inputs;
  std::vector<std::unique_ptr<Area>> areas;
  std::vector<Buffer*> buffers;
  for (const Tensor& tensor : tensors) {
    areas.push_back(std::make_unique<Area>(*open.device, tensor.name, tensor.bytes()));
    buffers.push_back(&areas.back()->buffer());
    if (tensor.role == Role::input) {
      inputs.push_back(make_input(tensor, inputs.size()));
      areas.back()->write(inputs.back());
    }
  }
  std::vector<Buffer*> scratch;
  for (const std::size_t bytes : plan.scratch_bytes) {
    areas.push_back(std::make_unique<Area>(*open.device, "scratch", bytes));
    scratch.push_back(&areas.back()->buffer());
  }
  std::vector<Launch> launches;
  for (const Step& step : plan.steps) launches.push_back(launch_of(open, step, buffers, scratch));
  const std::unique_ptr<Executable> executable = open.device->prepare(std::move(launches));
  const std::array<Executable*, 1> rotation{executable.get()};
  (void)open.device->time(rotation, 1);

  const std::vector<std::span<const std::byte>> views(inputs.begin(), inputs.end());
  const std::vector<std::byte> output = areas[inputs.size()]->read();
  const std::array<std::span<const std::byte>, 1> outputs{output};
  const Verdict verdict = problem.verifier(views)->check(outputs);
  INFO(verdict.reason);
  CHECK(verdict.correct);
  for (const auto& area : areas) CHECK(area->damage().empty());
  for (std::size_t i = 0; i < inputs.size(); ++i) CHECK(areas[i]->read() == inputs[i]);
}

// The device's traits, or those of one that lacks what only some devices have:
// there are other shaders for it.
Traits traits_for(const OpenDevice& open, bool lesser) {
  Traits traits = open.device->info().traits;
  for (const auto& [name, value] : open.device->info().details) {
    // Plans use it where it is accelerated; it must be right wherever it is offered.
    if (name == "integer dot product" && value.starts_with("yes")) traits.has_integer_dot = true;
  }
  if (lesser) {
    traits.has_16_bit_storage = traits.has_8_bit_storage = false;
    traits.has_i64 = traits.has_integer_dot = false;
  }
  return traits;
}

// Whether there is a plan; checks it.
bool runs(OpenDevice& open, const Problem& problem, const Implementation& implementation,
          const Parameters& parameters, const MakeInput& make_input, bool lesser = false) {
  std::string text = fmt::format("{} {} {}", open.name, implementation.name, problem.key());
  if (lesser) text += " with less";
  text += " " + parameters_text(parameters);
  INFO(text);
  const OrUnsupported<Plan> plan = implementation.plan(problem, traits_for(open, lesser), parameters);
  if (const auto* unsupported = std::get_if<Unsupported>(&plan)) {
    // A device may lack doubles or local memory, but then it says so.
    CHECK_FALSE(unsupported->reason.empty());
    return false;
  }
  check_plan(open, problem, std::get<Plan>(plan), make_input);
  return true;
}

}  // namespace

std::vector<std::byte> normal_input(const Tensor& tensor, std::size_t) {
  return fill(tensor, Data::normal, 1);
}

std::size_t check_everywhere(const Problem& problem, std::size_t turn, const MakeInput& make_input) {
  std::size_t ran = 0;
  for (OpenDevice& open : devices()) {
    const Traits& traits = open.device->info().traits;
    for (const Implementation& implementation : find_operator(problem.operator_name()).implementations()) {
      const std::vector<Parameters> sets = parameter_sets(implementation, problem, traits);
      for (std::size_t i = 0; i < sets.size(); ++i) {
        if (i > 0 && i != 1 + turn % (sets.size() - 1)) continue;
        // Only shaders differ by it; one of them with less in every other turn.
        const bool lesser = traits.language == Language::glsl && (turn + i) % 2 == 1;
        if (runs(open, problem, implementation, sets[i], make_input, lesser)) ++ran;
      }
    }
  }
  return ran;
}

std::size_t check_parameters(const Problem& problem, const Parameters& parameters,
                             const MakeInput& make_input) {
  const Implementation& portable = find_operator(problem.operator_name()).implementations()[1];
  std::size_t ran = 0;
  for (OpenDevice& open : devices()) ran += runs(open, problem, portable, parameters, make_input) ? 1 : 0;
  return ran;
}

}  // namespace moat
