// From an implementation's name to launches on buffers, on a device that only notes what it is told.
#include "bench/measure/preparation.h"

#include "adapters/null/device.h"
#include "base/error.h"
#include "kernels/inputs.h"
#include "tests/catch.h"
#include "tests/unit/adapters/front_device.h"
#include "tests/unit/kernels/plan.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A null device that also takes kernels, and notes which.
class Noting final : public test::FrontDevice {
 public:
  explicit Noting(Device& inner, const Traits& traits = test::cpu())
      : FrontDevice(with(inner.info(), traits), inner) {}

  std::vector<std::string> compiled;
  std::vector<std::vector<Launch>> prepared;

 protected:
  [[nodiscard]] std::shared_ptr<Kernel> do_compile(
      const std::string& source, const std::string&,
      std::span<const std::pair<std::string, std::int64_t>>) override {
    compiled.push_back(source);
    return std::make_shared<NotedKernel>();
  }
  [[nodiscard]] std::unique_ptr<Executable> do_prepare(std::vector<Launch> launches) override {
    prepared.push_back(std::move(launches));
    return std::make_unique<NotedExecutable>();
  }
  [[nodiscard]] Timing do_time(std::span<Executable* const>, std::size_t) override { return {}; }

 private:
  struct NotedKernel final : Kernel {};
  struct NotedExecutable final : Executable {};
  static DeviceInfo with(DeviceInfo info, const Traits& traits) {
    info.traits = traits;
    return info;
  }
};

struct Machine {
  explicit Machine(const std::string& key = "gemm:m=8,n=16,k=4,type=f32", const Traits& traits = test::cpu())
      : problem(parse_problem(key)), device(inner, traits) {
    for (const Tensor& tensor : problem->tensors()) {
      if (tensor.role == Role::input) inputs.push_back(fill(tensor, Data::normal, 1));
    }
  }
  [[nodiscard]] OrUnsupported<PreparedImplementation> find(const std::string& implementation,
                                                           const CaseParameters& chosen = {}) {
    return PreparedImplementation::find(device, *problem, implementation, std::nullopt, chosen);
  }
  [[nodiscard]] PreparedImplementation found(const std::string& implementation,
                                             const CaseParameters& chosen = {}) {
    auto outcome = find(implementation, chosen);
    REQUIRE(std::holds_alternative<PreparedImplementation>(outcome));
    return std::get<PreparedImplementation>(std::move(outcome));
  }

  null::NullDevice inner{null::Config{}, 0};
  std::unique_ptr<const Problem> problem;
  Noting device;
  std::vector<std::vector<std::byte>> inputs;
};

std::string reason_of(const OrUnsupported<PreparedImplementation>& outcome) {
  const auto* unsupported = std::get_if<Unsupported>(&outcome);
  return unsupported == nullptr ? "" : unsupported->reason;
}

}  // namespace

TEST_CASE("one of the project's kernels has the device's default parameters, and says so") {
  Machine machine;
  const auto prepared = machine.found("portable/opencl");
  CHECK(prepared.parameters() ==
        test::own_implementation("gemm", "portable").defaults(*machine.problem, test::cpu()));
  CHECK(prepared.parameters_source() == "default for cpu");
  CHECK(prepared.library_version().empty());
}

TEST_CASE("chosen parameters replace the defaults, and their source is kept") {
  Machine machine;
  Parameters other = machine.found("portable/opencl").parameters();
  other.values["BLOCK_K"] = 32;
  const auto prepared = machine.found("portable/opencl", {other, "tuned on this device"});
  CHECK(prepared.parameters() == other);
  CHECK(prepared.parameters_source() == "tuned on this device");
  CHECK(machine.found("portable/opencl", {std::nullopt, "what was tuned is stale"}).parameters_source() ==
        "default for cpu; what was tuned is stale");
  other.values["BLOCK_K"] = -1;
  CHECK_THAT(reason_of(machine.find("portable/opencl", {other, ""})), ContainsSubstring("BLOCK_K"));
}

TEST_CASE(
    "buffers hold the inputs, outputs and scratch are poisoned, and launches are bound to them in order") {
  Machine machine;
  auto prepared = machine.found("portable/opencl");
  const BufferSet set = prepared.make(machine.inputs);
  REQUIRE(set.tensors.size() == 3);
  CHECK(set.tensors[0]->read() == machine.inputs[0]);
  CHECK(set.tensors[1]->read() == machine.inputs[1]);
  CHECK(set.tensors[2]->read() == std::vector(machine.problem->tensors()[2].bytes(), std::byte{0xff}));
  const auto plan = std::get<Plan>(test::plan("portable", machine.problem->key(), test::cpu()));
  REQUIRE(set.scratch.size() == plan.scratch_bytes.size());
  CHECK(set.scratch[0]->read() == std::vector(plan.scratch_bytes[0], std::byte{0xff}));

  REQUIRE(machine.device.prepared.size() == 1);
  REQUIRE(machine.device.prepared[0].size() == plan.steps.size());
  const Launch& launch = machine.device.prepared[0][0];
  CHECK(launch.groups == plan.steps[0].groups);
  CHECK(launch.group_shape == plan.steps[0].group_shape);
  REQUIRE(launch.arguments.size() == plan.steps[0].arguments.size());
  std::vector<std::int64_t> integers;
  for (std::size_t i = 0; i < launch.arguments.size(); ++i) {
    const Argument& argument = plan.steps[0].arguments[i];
    const auto at = static_cast<std::size_t>(argument.value);
    if (argument.kind == Argument::Kind::tensor) {
      CHECK(std::get<Buffer*>(launch.arguments[i]) == &set.tensors[at]->view());
    } else if (argument.kind == Argument::Kind::scratch) {
      CHECK(std::get<Buffer*>(launch.arguments[i]) == &set.scratch[at]->view());
    } else {
      integers.push_back(std::get<std::int32_t>(launch.arguments[i]));
    }
  }
  CHECK(integers == test::integers(plan.steps[0]));
}

TEST_CASE("further sets of buffers use the kernels that were compiled for the first") {
  Machine machine;
  auto prepared = machine.found("portable/opencl");
  const BufferSet first = prepared.make(machine.inputs);
  const std::size_t compiled = machine.device.compiled.size();
  const BufferSet second = prepared.make(machine.inputs);
  CHECK(compiled > 0);
  CHECK(machine.device.compiled.size() == compiled);
  REQUIRE(machine.device.prepared.size() == 2);
  CHECK(machine.device.prepared[0][0].kernel == machine.device.prepared[1][0].kernel);
  CHECK(&first.tensors[0]->view() != &second.tensors[0]->view());
}

TEST_CASE("a library has a version and no parameters, whatever was chosen") {
  Machine machine;
  auto prepared = machine.found("naive", {Parameters{"", {{"TILE_M", 1}}}, "tuned"});
  CHECK(prepared.parameters() == Parameters{});
  CHECK(prepared.parameters_source().empty());
  CHECK_FALSE(prepared.library_version().empty());
  CHECK(prepared.make(machine.inputs).executable);
  CHECK(machine.device.compiled.empty());
  CHECK_THAT(reason_of(Machine("stream:op=copy,n=64,type=f32").find("naive")), ContainsSubstring("stream"));
}

TEST_CASE("a name that the device does not have is refused with those that it has") {
  Machine machine;
  CHECK_THROWS_AS(machine.find("portable/openc"), UsageError);
  CHECK_THROWS_WITH(machine.find("portable/openc"),
                    ContainsSubstring("portable/opencl") && ContainsSubstring("naive"));
  Traits mute = test::cpu();
  mute.language = Language::none;
  CHECK_THROWS_AS(Machine("gemm:m=8,n=16,k=4,type=f32", mute).find("portable/opencl"), UsageError);
}

TEST_CASE("a problem that writes nothing launches nothing, but must be one that the device can compute") {
  Machine machine("gemm:m=0,n=16,k=4,type=f64");
  auto prepared = machine.found("portable/opencl");
  CHECK(prepared.make(machine.inputs).executable);
  REQUIRE(machine.device.prepared.size() == 1);
  CHECK(machine.device.prepared[0].empty());
  Traits single = test::cpu();
  single.has_f64 = false;
  CHECK_THAT(reason_of(Machine("gemm:m=0,n=16,k=4,type=f64", single).find("portable/opencl")),
             ContainsSubstring("f64"));
}

TEST_CASE("scratch and copies count against the device's memory") {
  Machine machine;
  const auto prepared = machine.found("portable/opencl");
  CHECK_FALSE(prepared.exceeds(test::cpu(), 1));
  Traits tiny = test::cpu();
  tiny.global_memory_bytes =
      3 * (2 * view_alignment + 512) + 2 * view_alignment;  // without the scratch itself
  CHECK(prepared.exceeds(tiny, 1));
  CHECK(prepared.exceeds(test::cpu(), std::size_t{1} << 40U));
}
