// A device with one defect around a real one: what the requirements must notice.
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
  short_write,        // the last byte of a write is lost
  eager_write,        // a write of nothing sets the first byte
  unchecked_range,    // copies past the end are cut short in silence
  shared_buffers,     // every allocation of a size gives the same memory
  shifted_view,       // views begin at the parent's begin
  long_view,          // views reach to their parent's end
  endless_memory,     // an impossible allocation gives one byte
  ignored_strangers,  // other adapters' objects are taken without a word
  silent_compiler,    // compile errors without a log
  quiet_compile,      // a device without a compiler gives a null kernel
  extra_execution,
  missing_execution,
  reversed_rotation,
  reversed_launches,
  lost_groups,     // the last group of the third dimension is not run
  lost_sign,       // integers arrive as their absolute values
  first_constants  // constants of the first compilation hold for all
};

class DefectiveDevice final : public Device {
 public:
  DefectiveDevice(std::unique_ptr<Device> device, Defect defect)
      : device_(std::move(device)), defect_(defect), info_(device_->info()) {
    if (is(Defect::blank_name)) info_.name = "";
    if (is(Defect::own_identity)) info_.identities = {"0000:65:00.0"};
    if (is(Defect::clock_without_resolution)) info_.clock.resolution_seconds = 0;
  }

  [[nodiscard]] const DeviceInfo& info() const override { return info_; }

  [[nodiscard]] std::unique_ptr<Buffer> allocate(std::size_t bytes) override {
    if (is(Defect::endless_memory)) bytes = bytes > (std::size_t{1} << 40) ? 1 : bytes;
    if (!is(Defect::shared_buffers)) return device_->allocate(bytes);
    const std::size_t rounded = (bytes / view_alignment + 1) * view_alignment;
    if (!pool_ || pool_->bytes() < rounded) pool_ = device_->allocate(rounded);
    return device_->view(*pool_, 0, bytes);
  }

  [[nodiscard]] std::unique_ptr<Buffer> view(Buffer& parent, std::size_t offset, std::size_t bytes) override {
    if (is(Defect::shifted_view)) return device_->view(parent, 0, bytes);
    if (is(Defect::long_view)) return device_->view(parent, offset, parent.bytes() - offset);
    return device_->view(parent, offset, bytes);
  }

  void write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data) override {
    if (is(Defect::ignored_strangers) && buffer.bytes() == 64) return;
    if (is(Defect::short_write) && data.size() > 1) data = data.first(data.size() - 1);
    if (is(Defect::eager_write) && data.empty()) data = extra_;
    if (is(Defect::eager_write) && data.data() == extra_.data()) offset = 0;
    if (is(Defect::unchecked_range)) {
      if (offset >= buffer.bytes()) return;
      data = data.first(std::min(data.size(), buffer.bytes() - offset));
    }
    device_->write(buffer, offset, data);
  }

  void read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data) override {
    device_->read(buffer, offset, data);
  }

  [[nodiscard]] std::shared_ptr<Kernel> compile(
      const std::string& source, const std::string& entry,
      std::span<const std::pair<std::string, std::int64_t>> constants) override {
    if (is(Defect::quiet_compile)) return nullptr;
    if (constants_.empty()) constants_.assign(constants.begin(), constants.end());
    try {
      return device_->compile(source, entry, is(Defect::first_constants) ? constants_ : constants);
    } catch (const CompileError& error) {
      if (is(Defect::silent_compiler)) throw CompileError(error.what(), "");
      throw;
    }
  }

  [[nodiscard]] std::unique_ptr<Executable> prepare(std::vector<Launch> launches) override {
    if (is(Defect::reversed_launches)) std::ranges::reverse(launches);
    for (Launch& launch : launches) {
      if (is(Defect::lost_groups) && launch.groups[2] > 1) launch.groups[2] -= 1;
      for (auto& argument : launch.arguments) {
        auto* integer = std::get_if<std::int32_t>(&argument);
        if (is(Defect::lost_sign) && integer != nullptr) *integer = std::abs(*integer);
      }
    }
    return device_->prepare(std::move(launches));
  }

  [[nodiscard]] Timing time(std::span<Executable* const> rotation, std::size_t count) override {
    std::vector<Executable*> order(rotation.begin(), rotation.end());
    if (is(Defect::reversed_rotation)) std::ranges::reverse(order);
    if (is(Defect::extra_execution)) count += 1;
    if (is(Defect::missing_execution) && count > 1) count -= 1;
    return device_->time(order, count);
  }

  [[nodiscard]] std::optional<Ceiling> ceiling(const Types& types) const override {
    if (is(Defect::ceiling_without_source)) return Ceiling{1e12, ""};
    return device_->ceiling(types);
  }
  [[nodiscard]] std::span<const std::unique_ptr<Library>> libraries() override {
    return device_->libraries();
  }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> absent_libraries() const override {
    auto absent = device_->absent_libraries();
    if (is(Defect::library_absent_without_reason)) absent.emplace_back("library/some", "");
    return absent;
  }

 private:
  [[nodiscard]] bool is(Defect defect) const { return defect_ == defect; }

  std::unique_ptr<Device> device_;
  Defect defect_;
  DeviceInfo info_;
  std::unique_ptr<Buffer> pool_;
  std::vector<std::byte> extra_{std::byte{0x99}};
  std::vector<std::pair<std::string, std::int64_t>> constants_;
};

}  // namespace moat::conformance
