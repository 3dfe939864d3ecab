// The way to machines: Adapter, Device, Buffer, Kernel, Executable, Library. No stream, event, queue or
// command buffer appears here, and no mathematics: an adapter that needs either hides it behind `time` and
// `Library`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "kernels/implementation.h"
#include "kernels/operator.h"

namespace moat {

/// The clock behind Timing::device_seconds.
struct Clock {
  std::string name;               // e.g. "OpenCL profiling events", "steady_clock"
  double resolution_seconds = 0;  // smallest step it can tell
};

/// Upper bounds on rates that no honest measurement can exceed; used for plausibility, never as a peak to
/// boast with.
struct Ceiling {
  double operations_per_second = 0;
  std::string source;           // how it was derived, for the reason of an `untrusted` record
  double bytes_per_second = 0;  // of the fastest cache; 0 if no certain bound is known
};

struct DeviceInfo {
  std::string name;  // as the driver says it, trimmed
  std::string vendor;
  std::string driver;  // driver or runtime with version
  /// What kernels are tuned for, shared by devices that differ in size alone: "sm_80", "cpu, 16 floats wide".
  /// Empty if the driver does not say.
  std::string architecture;
  std::string platform;  // what brought it: OpenCL platform, "C++ threads"
  Traits traits;
  Clock clock;
  /// True if the numbers come from no real machine (the null adapter, emulated runtimes): records say
  /// `emulated`.
  bool emulated = false;
  /// Texts that each tell the physical device from all others of this machine (adapters/common/identity.h),
  /// so that it is recognised through several adapters. None if nothing is known, and none if emulated.
  std::vector<std::string> identities;
  /// Further facts for run.json, in order: ("firmware", "unavailable: no query in OpenCL").
  std::vector<std::pair<std::string, std::string>> details;
};

/// Devices, or the reason there are none: which library names were tried, no driver, no permission.
struct Discovery {
  std::vector<DeviceInfo> devices;
  std::string absence;  // set if and only if `devices` is empty
};

/// Where a view of a buffer may begin; no known device asks for more.
inline constexpr std::size_t view_alignment = 4096;

class Buffer {
 public:
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  virtual ~Buffer() = default;
  [[nodiscard]] virtual std::size_t bytes() const = 0;
};

/// A compiled entry point.
class Kernel {
 public:
  Kernel() = default;
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  virtual ~Kernel() = default;
};

/// What the runner times, whether a Plan or a vendor's library made it. It keeps alive what it needs except
/// buffers.
class Executable {
 public:
  Executable() = default;
  Executable(const Executable&) = delete;
  Executable& operator=(const Executable&) = delete;
  virtual ~Executable() = default;
};

/// One launch with its arguments: buffers or 32-bit integers, in the kernel's order.
struct Launch {
  std::shared_ptr<Kernel> kernel;
  std::array<std::size_t, 3> groups{1, 1, 1};
  std::array<std::size_t, 3> group_shape{1, 1, 1};
  std::vector<std::variant<Buffer*, std::int32_t>> arguments;
};

/// Seconds of a whole batch.
struct Timing {
  double device_seconds = 0;  // by the device's clock: from the first launch's start to the last one's end
  double host_seconds = 0;    // from before the first launch to after completion
};

/// Code that the machine already brings for a problem: a vendor's library, or the host's own loops.
class Library {
 public:
  Library() = default;
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  virtual ~Library() = default;
  /// As records name it: "library/onednn", or "naive" for the host's own loops.
  [[nodiscard]] virtual std::string implementation() const = 0;
  [[nodiscard]] virtual std::string version() const = 0;
  /// The reason why not, or nothing.
  [[nodiscard]] virtual std::optional<Unsupported> supports(const Problem& problem) const = 0;
  /// `buffers` in the order of Problem::tensors(); they are read and written when the executable runs, never
  /// here. Throws if they are missing or too small. The problem may end before the executable does.
  [[nodiscard]] virtual std::unique_ptr<Executable> prepare(const Problem& problem,
                                                            std::span<Buffer* const> buffers) = 0;
};

class Device {
 public:
  Device() = default;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  virtual ~Device() = default;

  [[nodiscard]] virtual const DeviceInfo& info() const = 0;
  /// At least one byte; contents undefined. Throws OutOfMemory.
  [[nodiscard]] virtual std::unique_ptr<Buffer> allocate(std::size_t bytes) = 0;
  /// The part [offset, offset + bytes) of `parent`, which outlives it; `offset` is a multiple of
  /// view_alignment. Kernels and libraries see it as a buffer of its own: this is how the runner puts guard
  /// zones on both sides.
  [[nodiscard]] virtual std::unique_ptr<Buffer> view(Buffer& parent, std::size_t offset,
                                                     std::size_t bytes) = 0;
  /// Blocking copies. Throw std::out_of_range past the end.
  virtual void write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data) = 0;
  virtual void read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data) = 0;
  /// `source` as kernel_source() gives it for traits.language. Throws CompileError with the log, or
  /// DeviceError on a device without a compiler.
  [[nodiscard]] virtual std::shared_ptr<Kernel> compile(
      const std::string& source, const std::string& entry,
      std::span<const std::pair<std::string, std::int64_t>> constants) = 0;
  /// Launches in order, perhaps none; each sees the writes of those before it.
  [[nodiscard]] virtual std::unique_ptr<Executable> prepare(std::vector<Launch> launches) = 0;
  /// Runs rotation[0], rotation[1], … cyclically, `count` executions in all, back to back, and waits for the
  /// end.
  [[nodiscard]] virtual Timing time(std::span<Executable* const> rotation, std::size_t count) = 0;
  /// Upper bound for `types`, if the adapter can give one that is certain.
  [[nodiscard]] virtual std::optional<Ceiling> ceiling(const Types& types) const = 0;
  [[nodiscard]] virtual std::span<const std::unique_ptr<Library>> libraries() = 0;
  /// Libraries this device could have and why they are absent: ("library/onednn", "libdnnl.so.3,
  /// libdnnl.so.2: not found").
  [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> absent_libraries() const = 0;
};

class Adapter {
 public:
  Adapter() = default;
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;
  virtual ~Adapter() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Never throws for an absent stack; a driver that fails to answer is an absence with its words.
  [[nodiscard]] virtual Discovery discover() = 0;
  /// `index` into discover().devices.
  [[nodiscard]] virtual std::unique_ptr<Device> open(std::size_t index) = 0;
};

}  // namespace moat
