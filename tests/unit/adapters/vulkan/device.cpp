// A device's kernels and their failures, on the machine's first Vulkan device (lavapipe in CI).
#include "tests/unit/adapters/vulkan/device.h"

#include <numeric>

#include "adapters/vulkan/pipeline.h"
#include "adapters/vulkan/session.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

std::vector<float> counted_up(std::size_t n) {
  std::vector<float> values(n);
  std::iota(values.begin(), values.end(), 1.0F);
  return values;
}

}  // namespace

TEST_CASE("a kernel with buffers, an integer and constants computes what it should") {
  const auto device = open_first_device();
  const std::vector<float> a = counted_up(1000);
  const std::vector<float> b(a.rbegin(), a.rend());
  const auto buffer_a = buffer_of(*device, a);
  const auto buffer_b = buffer_of(*device, b);
  const auto buffer_c = buffer_of(*device, std::vector<float>(1000, -1.0F));
  const auto executable = device->prepare(
      {Launch{.kernel = compile(*device, "add", {{"SCALE", -3}, {"NEGATE", 1}}),
              .groups = {16, 1, 1},
              .group_shape = {64, 1, 1},
              .arguments = {buffer_a.get(), buffer_b.get(), buffer_c.get(), std::int32_t{999}}}});
  time_one(*device, *executable, 1);
  const auto c = values_of<float>(*device, *buffer_c);
  for (std::size_t i = 0; i < 999; ++i) REQUIRE(c[i] == a[i] + 3 * b[i]);
  CHECK(c[999] == -1.0F);
}

TEST_CASE("elements of 16 bits are computed with where the device stores them") {
  const auto device = open_first_device();
  if (!device->info().traits.has_16_bit_storage) {
    CHECK_THROWS_AS(compile(*device, "halves"), CompileError);
    return;
  }
  const auto buffer = buffer_of(*device, std::vector<std::uint16_t>(64, 0x3e00));  // 1.5
  const auto executable = device->prepare(
      {Launch{.kernel = compile(*device, "halves"), .group_shape = {64, 1, 1}, .arguments = {buffer.get()}}});
  time_one(*device, *executable, 1);
  CHECK(values_of<std::uint16_t>(*device, *buffer) == std::vector<std::uint16_t>(64, 0x4200));  // 3
}

TEST_CASE("what is no module of a kernel fails to compile, with words") {
  const auto device = open_first_device();
  const auto failure_of = [&](const std::string& source, const std::string& entry,
                              const std::vector<std::pair<std::string, std::int64_t>>& constants) {
    try {
      static_cast<void>(device->compile(source, entry, constants));
    } catch (const CompileError& error) {
      CHECK_FALSE(error.log().empty());
      return std::string(error.what()) + ": " + error.log();
    }
    return std::string("it compiled");
  };
  const std::string add = module_of("add");
  CHECK_THAT(failure_of("#version 450\nvoid main() {}", "main", {}), ContainsSubstring("magic number"));
  CHECK_THAT(failure_of("", "main", {}), ContainsSubstring("magic number"));
  CHECK_THAT(failure_of(add.substr(0, add.size() - 2), "main", {}), ContainsSubstring("whole words"));
  CHECK_THAT(failure_of(add.substr(0, add.size() - 4), "main", {}),
             ContainsSubstring("ends within a function"));
  CHECK_THAT(failure_of(add, "subtract", {}), ContainsSubstring("'subtract': it has main"));
  CHECK_THAT(failure_of(add, "main", {{"TILE", 4}}),
             ContainsSubstring("constant 'TILE': it has COUNT_UP, NEGATE, RATE, SCALE"));
  CHECK_THAT(failure_of(add, "main", {{"SCALE", std::int64_t{1} << 31}}), ContainsSubstring("does not fit"));
  CHECK_THAT(failure_of(add, "main", {{"COUNT_UP", -1}}), ContainsSubstring("0 to 4294967295"));
  CHECK_THAT(failure_of(add, "main", {{"NEGATE", 2}}), ContainsSubstring("0 to 1"));
  CHECK_THAT(failure_of(add, "main", {{"RATE", 1}}), ContainsSubstring("no 32-bit integer"));
  CHECK_NOTHROW(device->compile(add, "main", {}));
}

TEST_CASE("a launch with other arguments than its kernel's is told how many there are") {
  const auto device = open_first_device();
  const auto buffer = device->allocate(64);
  const auto kernel = compile(*device, "count");
  CHECK_THROWS_WITH(device->prepare({Launch{.kernel = kernel, .arguments = {}}}),
                    ContainsSubstring("binds 1 buffers, the launch has 0"));
  CHECK_THROWS_WITH(device->prepare({Launch{.kernel = kernel, .arguments = {buffer.get(), std::int32_t{1}}}}),
                    ContainsSubstring("takes 0 integers as push constants, the launch has 1"));
}

TEST_CASE("a module with a group shape of its own runs with that one alone") {
  const auto device = open_first_device();
  const auto counter = buffer_of(*device, std::vector<std::int32_t>{0});
  const auto kernel = compile(*device, "fixed", {{"COUNT_UP", 5}});
  CHECK_THROWS_WITH(
      device->prepare({Launch{.kernel = kernel, .group_shape = {8, 1, 1}, .arguments = {counter.get()}}}),
      ContainsSubstring("has 2 work-items in dimension 1 of a group, the launch has 1"));
  time_one(
      *device,
      *device->prepare({Launch{
          .kernel = kernel, .groups = {3, 1, 1}, .group_shape = {8, 2, 1}, .arguments = {counter.get()}}}),
      2);
  CHECK(values_of<std::int32_t>(*device, *counter)[0] == 10);
}

TEST_CASE("exactly the asked number of executions runs where several are one command buffer") {
  const auto device = open_first_device();
  const std::size_t count = GENERATE(0, 1, 31, 32, 33, 63, 64, 65, 1023, 1024, 1025, 2100);
  const auto counter = buffer_of(*device, std::vector<std::int32_t>{0});
  const auto executable = counting(*device, *counter);
  static_cast<void>(time_one(*device, *executable, count));
  CHECK(values_of<std::int32_t>(*device, *counter)[0] == static_cast<std::int32_t>(count));
}

TEST_CASE("pipelines are made once per constants and group shape, and old ones give way") {
  const auto made = vulkan::make_instance(test_configuration());
  const auto instance = std::get<std::shared_ptr<vulkan::Instance>>(made);
  const vulkan::Facts facts = vulkan::enumerate(*instance).devices.at(0);
  const auto session =
      std::make_shared<vulkan::Session>(instance, facts, vulkan::CacheFile(std::nullopt, facts.properties));
  vulkan::PipelineStore store(2);
  const auto program = store.program(session, module_of("add"));
  CHECK(store.program(session, module_of("add")) == program);
  const auto kernel_of = [&](std::int64_t scale) {
    const std::vector<std::pair<std::string, std::int64_t>> constants{{"SCALE", scale}};
    return vulkan::VulkanKernel(program, "main", constants);
  };
  const auto one = store.pipeline(kernel_of(1), {4, 1, 1});
  CHECK(store.pipeline(kernel_of(1), {4, 1, 1}) == one);
  const auto two = store.pipeline(kernel_of(2), {4, 1, 1});
  CHECK(two != one);
  CHECK(store.pipeline(kernel_of(1), {4, 1, 1}) == one);
  CHECK(store.pipeline(kernel_of(1), {8, 1, 1}) != one);  // two is the oldest use
  CHECK(store.pipeline(kernel_of(1), {4, 1, 1}) == one);
  CHECK(store.pipeline(kernel_of(2), {4, 1, 1}) != two);
}
