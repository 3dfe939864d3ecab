// Memory and virtual time. In an adapter of a real machine this file holds the driver's calls.
#include "adapters/null/device.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace moat::null {
namespace {

// The device's own buffer: Device has checked that it is.
const Range& range_of(const Buffer& buffer) {
  return static_cast<const NullBuffer&>(buffer).range();
}

}  // namespace

Memory::Memory(std::size_t size, std::shared_ptr<std::size_t> used)
    : bytes(size), device_used_bytes(std::move(used)) {
  *device_used_bytes += size;
}

Memory::~Memory() {
  *device_used_bytes -= bytes.size();
}

DeviceInfo describe(const Config& config, std::size_t index) {
  DeviceInfo info;
  info.name = fmt::format("Null device {}", index);
  info.vendor = "Moat";
  info.driver = "virtual clock";
  info.platform = "null";
  info.clock = {.name = "virtual", .resolution_seconds = 1e-9};
  info.emulated = true;
  info.traits.kind = DeviceKind::accelerator;
  info.traits.global_memory_bytes = config.memory_bytes;
  info.traits.max_allocation_bytes = config.memory_bytes;
  info.traits.last_level_cache_bytes = std::size_t{64} << 10;
  info.traits.has_f64 = true;
  info.details.emplace_back("rate", fmt::format("{} operations per second", config.operations_per_second));
  info.details.emplace_back("launch", fmt::format("{} s", config.launch_seconds));
  for (const FaultRule& fault : config.faults) {
    info.details.emplace_back(fmt::format("fault {}", name(fault.fault)), fault.problems);
  }
  return info;
}

NullDevice::NullDevice(Config config, std::size_t index)
    : Device(describe(config, index)), config_(std::move(config)) {
  add_library("naive", make_naive(config_));
}

std::unique_ptr<Buffer> NullDevice::do_allocate(std::size_t bytes) {
  const std::size_t free = config_.memory_bytes - *used_bytes_;
  if (bytes > free) {
    throw OutOfMemory(fmt::format("null: {} bytes wanted, {} of {} free", bytes, free, config_.memory_bytes));
  }
  return std::make_unique<NullBuffer>(Range{std::make_shared<Memory>(bytes, used_bytes_), 0, bytes});
}

std::unique_ptr<Buffer> NullDevice::do_view(Buffer& parent, std::size_t offset, std::size_t bytes) {
  const Range& whole = range_of(parent);
  return std::make_unique<NullBuffer>(Range{whole.memory, whole.offset + offset, bytes});
}

void NullDevice::do_write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data) {
  const Range& target = range_of(buffer);
  std::ranges::copy(data, target.contents().subspan(offset).begin());
  target.memory->changes += 1;
}

void NullDevice::do_read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data) {
  std::ranges::copy(range_of(buffer).contents().subspan(offset, data.size()), data.begin());
}

Timing NullDevice::do_time(std::span<Executable* const> rotation, std::size_t count) {
  Timing total{.device_seconds = 0, .host_seconds = config_.launch_seconds};
  for (std::size_t i = 0; i < std::min(count, rotation.size()); ++i) {
    // Executions of one executable in a row instead of in turn: the virtual time is the same.
    const std::size_t share = (count - i + rotation.size() - 1) / rotation.size();
    const Timing part = static_cast<NullExecutable*>(rotation[i])->run(share);
    total.device_seconds += part.device_seconds;
    total.host_seconds += part.host_seconds;
  }
  return total;
}

std::optional<Ceiling> NullDevice::ceiling(const Types&) const {
  return Ceiling{.operations_per_second = 2 * config_.operations_per_second,
                 .source = "twice the configured rate"};
}

}  // namespace moat::null
