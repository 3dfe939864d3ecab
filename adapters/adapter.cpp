// The checks that every device and library may rely on, made once, before a call reaches an adapter.
// Must not know any adapter.
#include "adapters/adapter.h"

#include <fmt/format.h>

#include <stdexcept>

#include "base/error.h"

namespace moat {
namespace {

void require_range(const Buffer& buffer, std::size_t offset, std::size_t bytes, std::string_view what) {
  // Subtracts instead of adding: offset + bytes may exceed what a size_t holds.
  if (offset <= buffer.bytes() && bytes <= buffer.bytes() - offset) return;
  throw std::out_of_range(fmt::format("{} of {} bytes at offset {} goes past the end of a buffer of {} bytes",
                                      what, bytes, offset, buffer.bytes()));
}

void require_bytes(std::size_t bytes, std::string_view what) {
  if (bytes == 0) throw std::invalid_argument(fmt::format("{} has at least one byte, not 0", what));
}

template <class Made>
void require_made(const Made& made, std::string_view function) {
  if (!made) throw std::logic_error(fmt::format("a defect of the adapter: {} returned nothing", function));
}

void check_geometry(const Launch& launch, std::size_t index, const Traits& traits) {
  std::size_t items = 1;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t most = traits.max_group_shape[i];
    if (launch.group_shape[i] == 0 || launch.group_shape[i] > most) {
      throw DeviceError(fmt::format("launch {}: a group has 1 to {} work-items in dimension {}, not {}",
                                    index, most, i, launch.group_shape[i]));
    }
    // Not every driver reports a limit for the grid; 0 stands for none.
    if (traits.max_groups[i] != 0 && launch.groups[i] > traits.max_groups[i]) {
      throw DeviceError(fmt::format("launch {}: the device runs at most {} groups in dimension {}, not {}",
                                    index, traits.max_groups[i], i, launch.groups[i]));
    }
    if (launch.group_shape[i] > traits.max_group_size / items) {
      throw DeviceError(fmt::format(
          "launch {}: a group has at most {} work-items on this device, not {} x {} x {}", index,
          traits.max_group_size, launch.group_shape[0], launch.group_shape[1], launch.group_shape[2]));
    }
    items *= launch.group_shape[i];
  }
}

}  // namespace

void DeviceObject::set_owner(const DeviceName& device) {
  if (owner_ && owner_ != device) {
    throw std::logic_error(
        fmt::format("a defect of the adapter: '{}' handed out what '{}' made", *device, *owner_));
  }
  owner_ = device;
}

void DeviceObject::require_owner(const DeviceName& device, std::string_view what) const {
  if (owner_ == device) return;
  const std::string owner = owner_ ? fmt::format("another device ('{}')", *owner_) : "no device";
  throw DeviceError(fmt::format("{} belongs to {}; '{}' takes only what it made itself", what, owner,
                                device ? *device : "a library without a device"));
}

std::unique_ptr<Executable> Library::prepare(const Problem& problem, std::span<Buffer* const> buffers) {
  const std::string key = problem.key();
  if (const std::optional<Unsupported> unsupported = supports(problem)) {
    throw DeviceError(fmt::format("{} does not support {}: {}", implementation(), key, unsupported->reason));
  }
  const std::vector<Tensor> tensors = problem.tensors();
  if (buffers.size() != tensors.size()) {
    throw DeviceError(fmt::format("{}: {} buffers for {} tensors; give one buffer per tensor", key,
                                  buffers.size(), tensors.size()));
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::string what = fmt::format("{}: the buffer of {}", key, tensors[i].name);
    if (buffers[i] == nullptr) throw DeviceError(what + " is missing");
    buffers[i]->require_owner(device_, what);
    if (buffers[i]->bytes() < tensors[i].bytes()) {
      throw DeviceError(
          fmt::format("{} has {} bytes; the tensor needs {}", what, buffers[i]->bytes(), tensors[i].bytes()));
    }
  }
  std::unique_ptr<Executable> executable = do_prepare(problem, buffers);
  require_made(executable, "Library::do_prepare");
  executable->set_owner(device_);
  return executable;
}

Device::Device(DeviceInfo info)
    : info_(std::move(info)),
      name_(std::make_shared<const std::string>(info_.name)),
      libraries_(std::make_shared<Libraries>()) {}

Device::Device(DeviceInfo info, const Device& inner)
    : info_(std::move(info)), name_(inner.name_), libraries_(inner.libraries_) {}

void Device::add_detail(std::string name, std::string value) {
  info_.details.emplace_back(std::move(name), std::move(value));
}

void Device::add_library(std::string name, OrUnsupported<std::unique_ptr<Library>> library) {
  if (const auto* absent = std::get_if<Unsupported>(&library)) {
    libraries_->absent.emplace_back(std::move(name), absent->reason);
    return;
  }
  auto& present = std::get<std::unique_ptr<Library>>(library);
  present->device_ = name_;
  libraries_->present.push_back(std::move(present));
}

std::unique_ptr<Buffer> Device::allocate(std::size_t bytes) {
  require_bytes(bytes, "a buffer");
  std::unique_ptr<Buffer> buffer = do_allocate(bytes);
  require_made(buffer, "do_allocate");
  buffer->set_owner(name_);
  return buffer;
}

std::unique_ptr<Buffer> Device::view(Buffer& parent, std::size_t offset, std::size_t bytes) {
  parent.require_owner(name_, "the view's parent");
  require_bytes(bytes, "a view");
  require_range(parent, offset, bytes, "a view");
  if (offset % view_alignment != 0) {
    throw std::invalid_argument(
        fmt::format("a view begins at a multiple of {} bytes, not at {}", view_alignment, offset));
  }
  std::unique_ptr<Buffer> buffer = do_view(parent, offset, bytes);
  require_made(buffer, "do_view");
  buffer->set_owner(name_);
  return buffer;
}

void Device::write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data) {
  buffer.require_owner(name_, "the buffer to write to");
  require_range(buffer, offset, data.size(), "a write");
  if (!data.empty()) do_write(buffer, offset, data);
}

void Device::read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data) {
  buffer.require_owner(name_, "the buffer to read");
  require_range(buffer, offset, data.size(), "a read");
  if (!data.empty()) do_read(buffer, offset, data);
}

void Device::require_compiler() const {
  if (info_.traits.language != Language::none) return;
  throw DeviceError(fmt::format(
      "'{}' has no compiler for kernels; use its libraries, or an adapter through which it compiles kernels "
      "(a CPU: opencl with PoCL)",
      *name_));
}

std::shared_ptr<Kernel> Device::compile(const std::string& source, const std::string& entry,
                                        std::span<const std::pair<std::string, std::int64_t>> constants) {
  require_compiler();
  std::shared_ptr<Kernel> kernel = do_compile(source, entry, constants);
  require_made(kernel, "do_compile");
  kernel->set_owner(name_);
  return kernel;
}

void Device::check(const Launch& launch, std::size_t index) const {
  if (!launch.kernel) throw DeviceError(fmt::format("launch {} has no kernel; compile one for it", index));
  launch.kernel->require_owner(name_, fmt::format("the kernel of launch {}", index));
  for (std::size_t i = 0; i < launch.arguments.size(); ++i) {
    const auto* argument = std::get_if<Buffer*>(&launch.arguments[i]);
    if (argument == nullptr) continue;
    const std::string what = fmt::format("argument {} of launch {}", i, index);
    if (*argument == nullptr) throw DeviceError(what + " is a buffer that is missing");
    (*argument)->require_owner(name_, what);
  }
  check_geometry(launch, index, info_.traits);
}

std::unique_ptr<Executable> Device::prepare(std::vector<Launch> launches) {
  require_compiler();
  for (std::size_t i = 0; i < launches.size(); ++i) check(launches[i], i);
  std::unique_ptr<Executable> executable = do_prepare(std::move(launches));
  require_made(executable, "do_prepare");
  executable->set_owner(name_);
  return executable;
}

Timing Device::time(std::span<Executable* const> rotation, std::size_t count) {
  // These checks come before do_time() starts either clock, so that they cost no measured time.
  if (rotation.empty()) throw std::invalid_argument("nothing to time: the rotation is empty");
  for (const Executable* executable : rotation) {
    if (executable == nullptr) throw std::invalid_argument("nothing to time: an executable is missing");
    executable->require_owner(name_, "the executable");
  }
  if (count == 0) return {};
  return do_time(rotation, count);
}

std::shared_ptr<Kernel> Device::do_compile(const std::string&, const std::string&,
                                           std::span<const std::pair<std::string, std::int64_t>>) {
  throw std::logic_error("a defect of the adapter: its device names a language and overrides no do_compile");
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): the signature of those that override it
std::unique_ptr<Executable> Device::do_prepare(std::vector<Launch>) {
  throw std::logic_error("a defect of the adapter: its device names a language and overrides no do_prepare");
}

void Adapter::use_only(const DriverFile& /*driver*/, std::span<const DriverFile> /*layers*/) {}

void Adapter::require_index(std::size_t index, std::size_t devices) const {
  if (index < devices) return;
  throw UsageError(
      devices == 0
          ? fmt::format("there is no {0}:{1}; 'moat devices' says why {0} has no devices here", name(), index)
          : fmt::format("there is no {0}:{1}; the last device is {0}:{2}", name(), index, devices - 1));
}

}  // namespace moat
