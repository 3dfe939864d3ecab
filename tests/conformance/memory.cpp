// Buffers, views and copies.
#include <fmt/format.h>

#include <array>

#include "base/error.h"
#include "tests/conformance/subject.h"

namespace moat::conformance {
namespace {

void copies_at_offsets(Subject& subject) {
  Device& device = *subject.device;
  const std::size_t bytes = 3 * view_alignment + 5;
  const auto buffer = device.allocate(bytes);
  expect(buffer->bytes() == bytes,
         fmt::format("{} bytes allocated, the buffer has {}", bytes, buffer->bytes()));
  std::vector<std::byte> wanted = pattern(bytes);
  device.write(*buffer, 0, wanted);
  for (const std::size_t offset : {std::size_t{0}, std::size_t{1}, std::size_t{4093}, bytes - 7}) {
    const std::vector<std::byte> part = pattern(7, 100);
    device.write(*buffer, offset, part);
    std::copy(part.begin(), part.end(), wanted.begin() + static_cast<std::ptrdiff_t>(offset));
    std::vector<std::byte> back(7);
    device.read(*buffer, offset, back);
    expect(back == part, fmt::format("7 bytes written at {} read back as others", offset));
  }
  expect(contents(device, *buffer) == wanted, "a write changed bytes beside its range");
}

void copies_nothing(Subject& subject) {
  Device& device = *subject.device;
  const auto buffer = device.allocate(8);
  device.write(*buffer, 0, pattern(8));
  device.write(*buffer, 8, {});
  device.read(*buffer, 8, {});
  expect(contents(device, *buffer) == pattern(8), "a write of no bytes changed the buffer");
}

void refuses_ranges(Subject& subject) {
  Device& device = *subject.device;
  const auto buffer = device.allocate(100);
  device.write(*buffer, 0, pattern(100));
  const std::vector<std::byte> data = pattern(10, 50);
  std::vector<std::byte> target(10);
  constexpr std::size_t wraps = static_cast<std::size_t>(-4);
  for (const std::size_t offset : {std::size_t{91}, std::size_t{100}, std::size_t{101}, wraps}) {
    expect_throws<std::out_of_range>(fmt::format("a write of 10 bytes at {} of 100", offset),
                                     "std::out_of_range", [&] { device.write(*buffer, offset, data); });
    expect_throws<std::out_of_range>(fmt::format("a read of 10 bytes at {} of 100", offset),
                                     "std::out_of_range", [&] { device.read(*buffer, offset, target); });
  }
  expect(contents(device, *buffer) == pattern(100), "a refused write changed the buffer");
  expect_usable(device, "a refused copy");
}

void allocates_one_byte(Subject& subject) {
  Device& device = *subject.device;
  const auto buffer = device.allocate(1);
  expect(buffer->bytes() == 1, fmt::format("the buffer of one byte has {}", buffer->bytes()));
  device.write(*buffer, 0, pattern(1, 77));
  expect(contents(device, *buffer) == pattern(1, 77), "one byte written is read back as another");
}

void keeps_buffers_apart(Subject& subject) {
  Device& device = *subject.device;
  const auto first = device.allocate(4096);
  auto second = device.allocate(4096);
  device.write(*first, 0, pattern(4096, 1));
  device.write(*second, 0, pattern(4096, 2));
  expect(contents(device, *first) == pattern(4096, 1), "writing the second buffer changed the first");
  second.reset();
  const auto third = device.allocate(4096);
  device.write(*third, 0, pattern(4096, 3));
  expect(contents(device, *first) == pattern(4096, 1), "freeing the second buffer changed the first");
}

void views_are_parts(Subject& subject) {
  Device& device = *subject.device;
  const auto parent = device.allocate(3 * view_alignment);
  device.write(*parent, 0, pattern(3 * view_alignment));
  const std::size_t bytes = 1000;
  const auto view = device.view(*parent, view_alignment, bytes);
  expect(view->bytes() == bytes, fmt::format("a view of {} bytes has {}", bytes, view->bytes()));
  std::vector<std::byte> wanted = pattern(3 * view_alignment);
  const auto at = wanted.begin() + view_alignment;
  expect(contents(device, *view) == std::vector(at, at + bytes), "a view shows another part of its parent");
  const std::vector<std::byte> data = pattern(100, 200);
  device.write(*view, 10, data);
  std::copy(data.begin(), data.end(), at + 10);
  expect(contents(device, *parent) == wanted, "a write through a view does not arrive in its parent");
}

void views_end(Subject& subject) {
  Device& device = *subject.device;
  const auto parent = device.allocate(2 * view_alignment);
  const auto view = device.view(*parent, view_alignment, 100);
  const std::vector<std::byte> data = pattern(10);
  std::vector<std::byte> target(10);
  expect_throws<std::out_of_range>("a write past a view's end, inside its parent,", "std::out_of_range",
                                   [&] { device.write(*view, 95, data); });
  expect_throws<std::out_of_range>("a read past a view's end, inside its parent,", "std::out_of_range",
                                   [&] { device.read(*view, 95, target); });
  expect_throws<std::out_of_range>("a view that is longer than its parent", "std::out_of_range", [&] {
    static_cast<void>(device.view(*parent, view_alignment, 2 * view_alignment));
  });
  expect_usable(device, "a refused view");
}

void runs_out_of_memory(Subject& subject) {
  Device& device = *subject.device;
  expect_throws<OutOfMemory>("an allocation of 2^60 bytes", "OutOfMemory",
                             [&] { static_cast<void>(device.allocate(std::size_t{1} << 60)); });
  expect_usable(device, "running out of memory");
}

class StrangeBuffer final : public Buffer {
 public:
  [[nodiscard]] std::size_t bytes() const override { return 64; }
};
class StrangeExecutable final : public Executable {};

void refuses_strangers(Subject& subject) {
  Device& device = *subject.device;
  StrangeBuffer buffer;
  StrangeExecutable executable;
  const std::vector<std::byte> data = pattern(8);
  expect_throws<DeviceError>("a write to another adapter's buffer", "DeviceError",
                             [&] { device.write(buffer, 0, data); });
  expect_throws<DeviceError>("timing another adapter's executable", "DeviceError",
                             [&] { time(device, {&executable}, 1); });
  expect_usable(device, "being handed another adapter's objects");
}

constexpr std::array<Requirement, 9> list{{
    {"what is written is read back at any offset", no_exemption, copies_at_offsets},
    {"copies of no bytes do nothing", no_exemption, copies_nothing},
    {"copies past the end are out of range and change nothing", no_exemption, refuses_ranges},
    {"one byte can be allocated", no_exemption, allocates_one_byte},
    {"buffers do not touch each other", no_exemption, keeps_buffers_apart},
    {"a view is a part of its parent", no_exemption, views_are_parts},
    {"a view ends where it says", no_exemption, views_end},
    {"impossible allocations are OutOfMemory", no_exemption, runs_out_of_memory},
    {"objects of other adapters are refused", no_exemption, refuses_strangers},
}};

}  // namespace

std::span<const Requirement> memory_requirements() {
  return list;
}

}  // namespace moat::conformance
