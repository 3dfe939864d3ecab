// Buffers, views, copies and their limits, by mapped memory and through staging.
#include <algorithm>
#include <numeric>

#include "tests/unit/adapters/vulkan/device.h"

using namespace moat;

namespace {

std::unique_ptr<Device> open_device(bool always_stages) {
  vulkan::Configuration configuration = test_configuration();
  configuration.always_stages = always_stages;
  return open_first_device(configuration);
}

std::string detail(const DeviceInfo& info, const std::string& key) {
  const auto found = std::find_if(info.details.begin(), info.details.end(),
                                  [&](const auto& item) { return item.first == key; });
  return found == info.details.end() ? "" : found->second;
}

}  // namespace

TEST_CASE("copies go through staging if they are told to") {
  CHECK(detail(open_device(true)->info(), "copies") == "through a staging buffer");
}

TEST_CASE("long copies at odd offsets arrive whole, and nothing beside them changes") {
  const auto device = open_device(GENERATE(false, true));
  std::vector<std::uint8_t> wanted((std::size_t{33} << 20) + 7);  // more than two pieces of staging
  for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = static_cast<std::uint8_t>(i * 31 >> 3);
  const auto buffer = buffer_of(*device, wanted);
  CHECK(values_of<std::uint8_t>(*device, *buffer) == wanted);
  const std::vector<std::uint8_t> part(std::size_t{17} << 20, 0xa5);
  device->write(*buffer, 12345, std::as_bytes(std::span(part)));
  std::copy(part.begin(), part.end(), wanted.begin() + 12345);
  CHECK(values_of<std::uint8_t>(*device, *buffer) == wanted);
}

TEST_CASE("kernels see what was written and copies see what kernels wrote") {
  const auto device = open_device(GENERATE(false, true));
  const auto counter = device->allocate(4);
  const auto executable = counting(*device, *counter);
  for (std::int32_t i = 0; i < 20; ++i) {
    const std::vector<std::int32_t> start{100 * i};
    device->write(*counter, 0, std::as_bytes(std::span(start)));
    time_one(*device, *executable, static_cast<std::size_t>(i));
    REQUIRE(values_of<std::int32_t>(*device, *counter)[0] == 101 * i);
  }
}

TEST_CASE("a view is the part of its parent that it says, through staging too") {
  const auto device = open_device(true);  // tests/conformance sees to mapped memory
  const std::size_t page = view_alignment / sizeof(std::int32_t);
  std::vector<std::int32_t> values(4 * page);
  std::iota(values.begin(), values.end(), 0);
  const auto parent = buffer_of(*device, values);
  const auto middle = device->view(*parent, view_alignment, 2 * view_alignment);
  const auto inner = device->view(*middle, view_alignment, 8);
  CHECK(middle->bytes() == 2 * view_alignment);
  CHECK(values_of<std::int32_t>(*device, *middle).front() == static_cast<std::int32_t>(page));
  CHECK(values_of<std::int32_t>(*device, *inner) ==
        std::vector<std::int32_t>{values[2 * page], values[2 * page + 1]});

  time_one(*device, *counting(*device, *inner), 5);
  values[2 * page] += 5;
  CHECK(values_of<std::int32_t>(*device, *parent) == values);
}

TEST_CASE("kernels read the last element of a buffer that is no whole number of words") {
  const auto device = open_first_device();
  for (const std::size_t elements : {std::size_t{1}, std::size_t{3}, std::size_t{5}}) {
    std::vector<std::uint16_t> values(elements);
    std::iota(values.begin(), values.end(), std::uint16_t{40000});
    const auto whole = buffer_of(*device, values);
    const auto parent = device->allocate(view_alignment + 2 * elements);
    const auto part = device->view(*parent, view_alignment, 2 * elements);  // ends where its parent does
    device->write(*part, 0, std::as_bytes(std::span(values)));
    const auto last = device->allocate(4);
    for (Buffer* in : {whole.get(), part.get()}) {
      const auto executable =
          device->prepare({Launch{.kernel = compile(*device, "words"),
                                  .arguments = {in, last.get(), static_cast<std::int32_t>(elements - 1)}}});
      time_one(*device, *executable, 1);
      CHECK(values_of<std::uint32_t>(*device, *last)[0] == values.back());
    }
  }
}

TEST_CASE("a kernel is given no more of a buffer than it reaches") {
  const auto device = open_first_device();
  const auto& traits = device->info().traits;
  if (traits.max_argument_bytes >= traits.max_allocation_bytes - view_alignment) {
    SUCCEED("no buffer is larger than what kernels reach here");
    return;
  }
  const auto large = device->allocate(traits.max_argument_bytes + view_alignment);
  CHECK_THROWS_WITH(counting(*device, *large), Catch::Matchers::ContainsSubstring("maxStorageBufferRange"));
  const auto reached = device->view(*large, view_alignment, traits.max_argument_bytes);
  time_one(*device, *counting(*device, *reached), 1);
}

TEST_CASE("memory in use counts against what is left, and comes back") {
  const auto device = open_first_device();
  const auto& traits = device->info().traits;
  const std::size_t most = traits.max_allocation_bytes;
  std::vector<std::unique_ptr<Buffer>> buffers;
  const auto fill = [&] {
    for (std::size_t i = 0; i <= traits.global_memory_bytes / most; ++i) {
      buffers.push_back(device->allocate(most));
    }
  };
  CHECK_THROWS_AS(fill(), OutOfMemory);
  const std::size_t fitted = buffers.size();
  CHECK(fitted >= 1);
  buffers.clear();
  CHECK_THROWS_AS(fill(), OutOfMemory);
  CHECK(buffers.size() == fitted);
}

TEST_CASE("many small buffers of all lives keep their contents") {
  const auto device = open_first_device();
  std::vector<std::unique_ptr<Buffer>> buffers(40);
  for (std::int32_t round = 0; round < 400; ++round) {
    auto& slot = buffers[static_cast<std::size_t>(round * 7 % 40)];
    slot.reset();
    slot =
        buffer_of(*device, std::vector<std::int32_t>(static_cast<std::size_t>(1 + round * 37 % 5000), round));
  }
  for (const auto& buffer : buffers) {
    const auto values = values_of<std::int32_t>(*device, *buffer);
    CHECK(std::all_of(values.begin(), values.end(), [&](std::int32_t value) { return value == values[0]; }));
  }
}
