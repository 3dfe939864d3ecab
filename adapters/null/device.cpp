// Memory and virtual time. In an adapter of a real machine this file holds the driver's calls.
#include "adapters/null/device.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "base/error.h"

namespace moat::null {
namespace {

const Range& own(const Buffer& buffer) {
  const auto* mine = dynamic_cast<const NullBuffer*>(&buffer);
  if (mine == nullptr) throw DeviceError("null: the buffer belongs to another adapter");
  return mine->range();
}

void check_bounds(const Range& range, std::size_t offset, std::size_t bytes) {
  if (offset > range.bytes || bytes > range.bytes - offset) {
    throw std::out_of_range(
        fmt::format("null: {} bytes at {} of a buffer of {} bytes", bytes, offset, range.bytes));
  }
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
  info.clock = {"virtual", 1e-9};
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
    : config_(std::move(config)), info_(describe(config_, index)) {
  libraries_.push_back(make_naive(config_));
}

std::unique_ptr<Buffer> NullDevice::allocate(std::size_t bytes) {
  if (bytes == 0) throw std::invalid_argument("null: a buffer has at least one byte");
  const std::size_t free = config_.memory_bytes - *used_bytes_;
  if (bytes > free) {
    throw OutOfMemory(fmt::format("null: {} bytes wanted, {} of {} free", bytes, free, config_.memory_bytes));
  }
  return std::make_unique<NullBuffer>(Range{std::make_shared<Memory>(bytes, used_bytes_), 0, bytes});
}

std::unique_ptr<Buffer> NullDevice::view(Buffer& parent, std::size_t offset, std::size_t bytes) {
  const Range& whole = own(parent);
  check_bounds(whole, offset, bytes);
  if (bytes == 0 || offset % view_alignment != 0) {
    throw std::invalid_argument(
        fmt::format("null: a view of {} bytes at {}; it has at least one byte and begins at a multiple of {}",
                    bytes, offset, view_alignment));
  }
  return std::make_unique<NullBuffer>(Range{whole.memory, whole.offset + offset, bytes});
}

void NullDevice::write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data) {
  const Range& target = own(buffer);
  check_bounds(target, offset, data.size());
  std::ranges::copy(data, target.contents().subspan(offset).begin());
  target.memory->changes += 1;
}

void NullDevice::read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data) {
  const Range& source = own(buffer);
  check_bounds(source, offset, data.size());
  std::ranges::copy(source.contents().subspan(offset, data.size()), data.begin());
}

std::shared_ptr<Kernel> NullDevice::compile(const std::string&, const std::string& entry,
                                            std::span<const std::pair<std::string, std::int64_t>>) {
  throw DeviceError(fmt::format("null: no compiler for '{}'", entry));
}

std::unique_ptr<Executable> NullDevice::prepare(std::vector<Launch>) {
  throw DeviceError("null: no kernels to launch");
}

Timing NullDevice::time(std::span<Executable* const> rotation, std::size_t count) {
  if (rotation.empty()) throw std::invalid_argument("null: nothing to time");
  Timing total{0, config_.launch_seconds};
  for (std::size_t i = 0; i < std::min(count, rotation.size()); ++i) {
    auto* executable = dynamic_cast<NullExecutable*>(rotation[i]);
    if (executable == nullptr) throw DeviceError("null: the executable belongs to another adapter");
    // Executions of one executable in a row instead of in turn: the virtual time is the same.
    const std::size_t share = (count - i + rotation.size() - 1) / rotation.size();
    const Timing part = executable->run(share);
    total.device_seconds += part.device_seconds;
    total.host_seconds += part.host_seconds;
  }
  return total;
}

std::optional<Ceiling> NullDevice::ceiling(const Types&) const {
  return Ceiling{2 * config_.operations_per_second, "twice the configured rate"};
}

std::vector<std::pair<std::string, std::string>> NullDevice::absent_libraries() const {
  return {};
}

}  // namespace moat::null
