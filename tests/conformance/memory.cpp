// Buffers, views and copies.
#include <fmt/format.h>

#include <array>
#include <utility>

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

void views_nest(Subject& subject) {
  Device& device = *subject.device;
  const auto parent = device.allocate(4 * view_alignment);
  std::vector<std::byte> wanted = pattern(4 * view_alignment);
  device.write(*parent, 0, wanted);
  const auto middle = device.view(*parent, view_alignment, 2 * view_alignment);
  const auto inner = device.view(*middle, view_alignment, 50);
  const auto at = wanted.begin() + 2 * view_alignment;
  expect(contents(device, *inner) == std::vector(at, at + 50), "a view of a view shows another part");
  const std::vector<std::byte> data = pattern(50, 200);
  device.write(*inner, 0, data);
  std::copy(data.begin(), data.end(), at);
  expect(contents(device, *parent) == wanted, "a write through a view of a view does not arrive");
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
  const Traits& traits = device.info().traits;
  std::vector<std::size_t> impossible{std::size_t{1} << 60, ~std::size_t{0}};
  // 0 where the driver does not say.
  for (const std::size_t limit : {traits.global_memory_bytes, traits.max_allocation_bytes}) {
    if (limit != 0) impossible.push_back(limit + 1);
  }
  for (const std::size_t bytes : impossible) {
    expect_throws<OutOfMemory>(fmt::format("an allocation of {} bytes", bytes), "OutOfMemory",
                               [&] { static_cast<void>(device.allocate(bytes)); });
  }
  expect_usable(device, "running out of memory");
}

void refuses_foreign_buffers(Subject& subject) {
  Device& device = *subject.device;
  const auto other = subject.adapter.open(subject.index);
  const auto buffer = other->allocate(2 * view_alignment);
  const auto own = device.allocate(2 * view_alignment);
  std::vector<std::byte> data = pattern(8);
  for (const auto& [first, second] : {std::pair{&device, buffer.get()}, std::pair{other.get(), own.get()}}) {
    Device& taker = *first;
    Buffer& foreign = *second;
    expect_throws<DeviceError>("a write to another device's buffer", "DeviceError",
                               [&] { taker.write(foreign, 0, data); });
    expect_throws<DeviceError>("a read of another device's buffer", "DeviceError",
                               [&] { taker.read(foreign, 0, data); });
    expect_throws<DeviceError>("a view of another device's buffer", "DeviceError",
                               [&] { static_cast<void>(taker.view(foreign, view_alignment, 8)); });
  }
  expect_usable(device, "being handed another device's buffers");
}

void outlives_device(Subject& subject) {
  const auto parent = subject.device->allocate(2 * view_alignment);
  const auto view = subject.device->view(*parent, view_alignment, 100);
  subject.device->write(*view, 0, pattern(100));
  subject.device.reset();
  expect(view->bytes() == 100, "a view changed its size when its device ended");
}

constexpr std::array<Requirement, 10> list{{
    {"what is written is read back at any offset", no_exemption, copies_at_offsets},
    {"copies past the end are out of range and change nothing", no_exemption, refuses_ranges},
    {"one byte can be allocated", no_exemption, allocates_one_byte},
    {"buffers do not touch each other", no_exemption, keeps_buffers_apart},
    {"a view is a part of its parent", no_exemption, views_are_parts},
    {"a view of a view is a part of both", no_exemption, views_nest},
    {"a view ends where it says", no_exemption, views_end},
    {"impossible allocations are OutOfMemory", no_exemption, runs_out_of_memory},
    {"buffers of other devices are refused", no_exemption, refuses_foreign_buffers},
    {"buffers may outlive their device", no_exemption, outlives_device},
}};

}  // namespace

std::span<const Requirement> memory_requirements() {
  return list;
}

}  // namespace moat::conformance
