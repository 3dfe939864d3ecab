// The null device without faults: honest results on an exact clock.
#include "tests/unit/adapters/null/device.h"

#include <algorithm>

#include "adapters/registry.h"
#include "base/error.h"
#include "tests/catch.h"
#include "tests/unit/adapters/environment.h"

using namespace moat;

namespace {

std::unique_ptr<Adapter> null_adapter() {
  auto adapters = make_adapters();
  const auto found = std::ranges::find_if(adapters, [](const auto& a) { return a->name() == "null"; });
  REQUIRE(found != adapters.end());
  return std::move(*found);
}

}  // namespace

TEST_CASE("without configuration there is no null device and the reason says how to get one", "[null]") {
  const EnvironmentVariable variable("MOAT_NULL_CONFIG", std::nullopt);
  const auto adapter = null_adapter();
  CHECK(adapter->discover().devices.empty());
  CHECK_THAT(adapter->discover().absence, Catch::Matchers::ContainsSubstring("MOAT_NULL_CONFIG"));
  CHECK_THROWS_AS(adapter->open(0), UsageError);
}

TEST_CASE("with configuration there are as many null devices as it says, all emulated", "[null]") {
  const EnvironmentVariable variable("MOAT_NULL_CONFIG", "devices=3");
  const auto adapter = null_adapter();
  const Discovery found = adapter->discover();
  REQUIRE(found.devices.size() == 3);
  CHECK(std::ranges::all_of(found.devices, [](const DeviceInfo& info) { return info.emulated; }));
  CHECK(adapter->open(2)->info().name == found.devices[2].name);
}

TEST_CASE("a malformed configuration is an error, not an absence", "[null]") {
  const EnvironmentVariable variable("MOAT_NULL_CONFIG", "speed=9");
  CHECK_THROWS_AS(null_adapter()->discover(), UsageError);
}

TEST_CASE("virtual time is operations over rate, exactly, however often it runs", "[null]") {
  NullRun run("rate=1e6;launch=0.5");
  const double once = 2.0 * 3 * 4 * 5 / 1e6;
  CHECK(run.time(1).device_seconds == once);
  CHECK(run.time(1000000).device_seconds == once * 1e6);
  CHECK(run.time(1).host_seconds == once + 0.5);
  CHECK(run.time(0).device_seconds == 0);
}

TEST_CASE("a rotation shares executions among its members", "[null]") {
  NullRun run("rate=1e6");
  run.prepare();
  const auto second = run.device.libraries()[0]->prepare(*run.problem, run.pointers);
  const std::array<Executable*, 2> rotation{run.executable.get(), second.get()};
  CHECK(run.device.time(rotation, 5).device_seconds == 5 * (2.0 * 3 * 4 * 5 / 1e6));
}

TEST_CASE("the null device computes every type honestly", "[null]") {
  const std::string type = GENERATE("f64", "f32", "f16", "bf16", "f16,output=f32", "i8");
  const std::string transpose = GENERATE("nn", "nt", "tn", "tt");
  NullRun run("", "gemm:m=3,n=4,k=5,batch=2,transpose=" + transpose + ",type=" + type);
  run.time();
  CHECK(run.verdict().correct);
  CHECK(run.broken_guard().empty());
}

TEST_CASE("outputs are computed again after someone wrote to inputs or outputs", "[null]") {
  NullRun run("");
  run.time();
  const auto first = run.output();
  run.device.write(*run.buffers[2], 0, NullRun::poison(first.size()));
  run.time();
  CHECK(run.output() == first);
  run.inputs[0].assign(run.inputs[0].size(), std::byte{0});
  run.device.write(*run.buffers[0], 0, run.inputs[0]);
  run.time();
  CHECK(run.output() != first);
  CHECK(run.verdict().correct);
}

TEST_CASE("allocations beyond the configured memory fail until something is freed", "[null]") {
  null::NullDevice device(null::parse_config("memory=1000"), 0);
  auto first = device.allocate(600);
  CHECK_THROWS_AS(device.allocate(401), OutOfMemory);
  first.reset();
  CHECK_NOTHROW(device.allocate(1000));
}
