// A device with one defect in front of a real one: what the requirements must notice.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "adapters/adapter.h"
#include "base/error.h"

namespace moat::conformance {

enum class Defect {
  none,
  blank_name,
  own_identity,  // the physical device named in a spelling of its own
  clock_without_resolution,
  ceiling_without_source,
  library_absent_without_reason,
  short_write,      // the last byte of a write is lost
  long_buffer,      // an allocation claims to be longer than was asked for
  shared_buffers,   // every allocation of a size gives the same memory
  shifted_view,     // views begin at the parent's begin
  long_view,        // views reach to their parent's end
  endless_memory,   // an impossible allocation gives one byte
  foreign_objects,  // buffers are those of another device
  silent_compiler,  // compile errors without a log
  no_kernel,        // compiling gives nothing
  extra_execution,
  missing_execution,
  reversed_rotation,
  reversed_launches,
  same_time,         // whatever is executed
  silent_refusals,   // what does not fit is prepared as nothing
  time_for_nothing,  // an execution takes a second of the device's time, even without launches
  lost_groups,       // the last group of the third dimension is not run
  lost_sign,         // integers arrive as their absolute values
  first_constants    // constants of the first compilation hold for all
};

class DefectiveDevice final : public Device {
 public:
  /// `other` is a device of its own, for Defect::foreign_objects.
  DefectiveDevice(std::unique_ptr<Device> device, std::unique_ptr<Device> other, Defect defect)
      : Device(describe(device->info(), defect), *device),
        device_(std::move(device)),
        other_(std::move(other)),
        defect_(defect) {
    if (is(Defect::library_absent_without_reason)) add_library("library/some", Unsupported{""});
  }

  [[nodiscard]] std::optional<Ceiling> ceiling(const Types& types) const override {
    if (is(Defect::ceiling_without_source)) return Ceiling{.operations_per_second = 1e12, .source = ""};
    return device_->ceiling(types);
  }

 protected:
  [[nodiscard]] std::unique_ptr<Buffer> do_allocate(std::size_t bytes) override {
    if (is(Defect::foreign_objects)) return other_->allocate(bytes);
    if (is(Defect::long_buffer)) return device_->allocate(bytes + 8);
    if (is(Defect::endless_memory)) bytes = bytes > (std::size_t{1} << 40) ? 1 : bytes;
    if (!is(Defect::shared_buffers)) return device_->allocate(bytes);
    const std::size_t rounded = (bytes / view_alignment + 1) * view_alignment;
    if (!pool_ || pool_->bytes() < rounded) pool_ = device_->allocate(rounded);
    return device_->view(*pool_, 0, bytes);
  }

  [[nodiscard]] std::unique_ptr<Buffer> do_view(Buffer& parent, std::size_t offset,
                                                std::size_t bytes) override {
    if (is(Defect::shifted_view)) return device_->view(parent, 0, bytes);
    if (is(Defect::long_view)) return device_->view(parent, offset, parent.bytes() - offset);
    return device_->view(parent, offset, bytes);
  }

  void do_write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data) override {
    if (is(Defect::short_write) && data.size() > 1) data = data.first(data.size() - 1);
    device_->write(buffer, offset, data);
  }

  void do_read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data) override {
    device_->read(buffer, offset, data);
  }

  [[nodiscard]] std::shared_ptr<Kernel> do_compile(
      const std::string& source, const std::string& entry,
      std::span<const std::pair<std::string, std::int64_t>> constants) override {
    if (is(Defect::no_kernel)) return nullptr;
    if (constants_.empty()) constants_.assign(constants.begin(), constants.end());
    try {
      return device_->compile(source, entry, is(Defect::first_constants) ? constants_ : constants);
    } catch (const CompileError& error) {
      if (is(Defect::silent_compiler)) throw CompileError(error.what(), "");
      throw;
    }
  }

  [[nodiscard]] std::unique_ptr<Executable> do_prepare(std::vector<Launch> launches) override {
    if (is(Defect::reversed_launches)) std::ranges::reverse(launches);
    for (Launch& launch : launches) {
      if (is(Defect::lost_groups) && launch.groups[2] > 1) launch.groups[2] -= 1;
      for (auto& argument : launch.arguments) {
        auto* integer = std::get_if<std::int32_t>(&argument);
        if (is(Defect::lost_sign) && integer != nullptr) *integer = std::abs(*integer);
      }
    }
    try {
      return device_->prepare(std::move(launches));
    } catch (const DeviceError&) {
      if (is(Defect::silent_refusals)) return device_->prepare({});
      throw;
    }
  }

  [[nodiscard]] Timing do_time(std::span<Executable* const> rotation, std::size_t count) override {
    std::vector<Executable*> order(rotation.begin(), rotation.end());
    if (is(Defect::reversed_rotation)) std::ranges::reverse(order);
    if (is(Defect::extra_execution)) count += 1;
    if (is(Defect::missing_execution) && count > 1) count -= 1;
    Timing timing = device_->time(order, count);
    if (is(Defect::same_time)) return {1e-3, 1e-3};
    if (is(Defect::time_for_nothing)) timing.device_seconds += static_cast<double>(count);
    return timing;
  }

 private:
  static DeviceInfo describe(DeviceInfo info, Defect defect) {
    if (defect == Defect::blank_name) info.name = "";
    if (defect == Defect::own_identity) info.identities = {"0000:65:00.0"};
    if (defect == Defect::clock_without_resolution) info.clock.resolution_seconds = 0;
    return info;
  }
  [[nodiscard]] bool is(Defect defect) const { return defect_ == defect; }

  std::unique_ptr<Device> device_;
  std::unique_ptr<Device> other_;
  Defect defect_;
  std::unique_ptr<Buffer> pool_;
  std::vector<std::pair<std::string, std::int64_t>> constants_;
};

}  // namespace moat::conformance
