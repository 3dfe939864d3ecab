// The interface to machines: Adapter, Device, Buffer, Kernel, Executable, Library. Callers use the public
// functions; these check their arguments, once for all adapters (adapter.cpp), and call the do_...()
// functions, which are what an adapter writes. Streams, events, queues and command buffers do not appear
// here, and neither does mathematics: an adapter keeps its own behind do_time() and Library.
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

#include "adapters/driver_files.h"
#include "kernels/implementation.h"
#include "kernels/operator.h"

namespace moat {

/// The clock behind Timing::device_seconds.
struct Clock {
  std::string name;               // e.g. "OpenCL profiling events", "steady_clock"
  double resolution_seconds = 0;  // its smallest step
};

/// Upper bounds on rates, which no correct measurement can exceed. They tell implausible measurements; they
/// are not a peak rate.
struct Ceiling {
  double operations_per_second = 0;
  std::string source;           // how it was derived; the reason of an `untrusted` record quotes it
  double bytes_per_second = 0;  // of the fastest cache; 0 if no certain bound is known
};

/// What a device says of itself.
struct DeviceInfo {
  std::string name;  // as the driver reports it, trimmed
  std::string vendor;
  std::string driver;  // driver or runtime, with its version
  /// What kernels are tuned for; devices that differ only in size share it: "sm_80", "cpu, 16 floats wide".
  /// Empty if the driver does not report it.
  std::string architecture;
  std::string platform;  // the software that offers the device: an OpenCL platform, "C++ threads"
  Traits traits;
  Clock clock;
  /// True if its times are those of no real machine (the null adapter, emulated runtimes);
  /// records then have the provenance `emulated`.
  bool emulated = false;
  /// Texts that identify the physical device among all of this machine (adapters/common/identity.h), so that
  /// it is recognised when several adapters offer it. Empty if nothing is known, and if emulated.
  std::vector<std::string> identities;
  /// Where the vendor's loader lists it among devices of other drivers, smaller ones first, compared number
  /// by number. Devices of equal rank stay in the order of their drivers.
  std::vector<std::int64_t> rank;
  /// Further facts for run.json, in this order: ("firmware", "unavailable: no query in OpenCL").
  std::vector<std::pair<std::string, std::string>> details;
};

/// An adapter's devices, or the reason there are none:
/// which library names were tried, no driver, no permission.
struct Discovery {
  std::vector<DeviceInfo> devices;
  std::string absence;  // set if and only if `devices` is empty
};

/// A view of a buffer begins at a multiple of this many bytes. No known device asks for more.
inline constexpr std::size_t view_alignment = 4096;

/// A device's name, shared by the device and all that it made. The pointer tells devices of one name apart.
using DeviceName = std::shared_ptr<const std::string>;

/// What a device makes: a buffer, a kernel or an executable.
/// It may outlive its device, but only that device accepts it.
class DeviceObject {
 public:
  DeviceObject() = default;
  DeviceObject(const DeviceObject&) = delete;
  DeviceObject& operator=(const DeviceObject&) = delete;
  virtual ~DeviceObject() = default;

 private:
  friend class Device;
  friend class Library;
  /// Throws std::logic_error if it is another device's already: an adapter must not hand it out.
  void set_owner(const DeviceName& device);
  /// Throws DeviceError if it is not `device`'s; `what` names the object in the message.
  void require_owner(const DeviceName& device, std::string_view what) const;

  DeviceName owner_;  // null until the device hands it out
};

/// Memory on a device, or a part of another buffer (Device::view).
class Buffer : public DeviceObject {
 public:
  explicit Buffer(std::size_t bytes) : bytes_(bytes) {}
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  std::size_t bytes_;
};

/// A compiled entry point with its constants.
class Kernel : public DeviceObject {};

/// What the runner times: the launches of a plan, or a library's call. It keeps alive whatever it needs
/// except buffers, which must outlive its last execution.
class Executable : public DeviceObject {};

/// One launch of a kernel.
struct Launch {
  std::shared_ptr<Kernel> kernel;
  std::array<std::size_t, 3> groups{1, 1, 1};                  // work-groups in the grid, per dimension
  std::array<std::size_t, 3> group_shape{1, 1, 1};             // work-items in a group, per dimension
  std::vector<std::variant<Buffer*, std::int32_t>> arguments;  // in the order of the kernel's parameters
};

/// Seconds of a whole batch.
struct Timing {
  double device_seconds = 0;  // by the device's clock: from the first launch's start to the last one's end
  double host_seconds = 0;    // by the host's clock: from before the first launch to after completion
};

/// What a library works with, as the library and its runtime say themselves.
struct LibraryUse {
  unsigned threads_asked = 0;    // that the device has for it; 0: not known
  unsigned threads_told = 0;     // that the library was told of and divides its work by
  unsigned threads_granted = 0;  // by the runtime that the library uses, at this moment
  std::string kernels;           // the core or instruction set that its kernels are made for: "Prescott"
  /// What a reader of its rates should know, a clause each: that it works with fewer threads, or with
  /// kernels for an older processor.
  std::vector<std::string> remarks;
};

/// Code for whole problems that the machine already has: a vendor's library, or the host's own loops.
class Library {
 public:
  Library() = default;
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  virtual ~Library() = default;
  /// Its name in records: "library/onednn", or "naive" for the host's own loops.
  [[nodiscard]] virtual std::string implementation() const = 0;
  [[nodiscard]] virtual std::string version() const = 0;
  /// Asked outside of what is timed, on the thread that times.
  [[nodiscard]] virtual LibraryUse use() const { return {}; }
  /// Whether it computes any problem of the operator; supports() says which.
  [[nodiscard]] virtual bool has_operator(std::string_view operator_name) const = 0;
  /// Nothing if it computes `problem`, else the reason why it does not.
  [[nodiscard]] virtual std::optional<Unsupported> supports(const Problem& problem) const = 0;

  /// `buffers` are this device's, one per tensor in the order of Problem::tensors(). They are read and
  /// written when the executable runs, never here. `problem` may end before the executable does. Throws
  /// DeviceError if the problem is not supported, or a buffer is missing, too small or another device's;
  /// OutOfMemory if there is no memory for what the library needs besides.
  [[nodiscard]] std::unique_ptr<Executable> prepare(const Problem& problem, std::span<Buffer* const> buffers);

 protected:
  /// As prepare(), of a supported problem and of buffers that fit it.
  [[nodiscard]] virtual std::unique_ptr<Executable> do_prepare(const Problem& problem,
                                                               std::span<Buffer* const> buffers) = 0;

 private:
  friend class Device;
  DeviceName device_;
};

/// An open device. Whatever it throws, it stays usable, unless the exception says that the device is lost.
/// Not for several threads at once.
class Device {
 public:
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  virtual ~Device() = default;

  [[nodiscard]] const DeviceInfo& info() const { return info_; }
  /// The contents are undefined. Throws OutOfMemory; std::invalid_argument for 0 bytes.
  [[nodiscard]] std::unique_ptr<Buffer> allocate(std::size_t bytes);
  /// Bytes [offset, offset + bytes) of `parent`, which must outlive the view and may be a view itself.
  /// Kernels and libraries take a view for a buffer; this is how the runner puts guard zones around tensors.
  /// Throws std::out_of_range past the parent's end; std::invalid_argument for 0 bytes, or if `offset` is no
  /// multiple of view_alignment.
  [[nodiscard]] std::unique_ptr<Buffer> view(Buffer& parent, std::size_t offset, std::size_t bytes);
  /// Copies from and to the host; return when the copy is done.
  /// Throw std::out_of_range past the buffer's end.
  void write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data);
  void read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data);
  /// `source` as kernel_source() gives it for traits.language;
  /// `constants` are its preprocessor or specialisation constants.
  /// Throws CompileError with the compiler's log; DeviceError if the device has no compiler.
  [[nodiscard]] std::shared_ptr<Kernel> compile(
      const std::string& source, const std::string& entry,
      std::span<const std::pair<std::string, std::int64_t>> constants);
  /// Launches that run in order, each seeing what those before it wrote; there may be none. Throws
  /// DeviceError if a launch fits neither its kernel nor the device, or uses objects of another device.
  [[nodiscard]] std::unique_ptr<Executable> prepare(std::vector<Launch> launches);
  /// Runs rotation[0], rotation[1], ... cyclically, `count` executions in all, back to back, and returns when
  /// the last one has ended. Throws std::invalid_argument if the rotation is empty.
  [[nodiscard]] Timing time(std::span<Executable* const> rotation, std::size_t count);
  /// An upper bound for rates in `types`; nothing if the adapter knows none that is certain.
  [[nodiscard]] virtual std::optional<Ceiling> ceiling(const Types& types) const = 0;
  [[nodiscard]] std::span<const std::unique_ptr<Library>> libraries() const { return libraries_->present; }
  /// Libraries that this device could have and why they are absent:
  /// ("library/onednn", "libdnnl.so.3, libdnnl.so.2: not found").
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& absent_libraries() const {
    return libraries_->absent;
  }

 protected:
  explicit Device(DeviceInfo info);
  /// A device that stands before `inner` and passes calls on to it. The objects and libraries of one are
  /// those of the other. Tests observe devices this way.
  Device(DeviceInfo info, const Device& inner);

  /// One more fact for run.json.
  void add_detail(std::string name, std::string value);
  /// `name` as in records, whether the library is there or not.
  void add_library(std::string name, OrUnsupported<std::unique_ptr<Library>> library);

  // What an adapter writes. The arguments are checked: objects are this device's, so that a static_cast to
  // the adapter's own type is safe; ranges lie within buffers; nothing is empty or null.
  [[nodiscard]] virtual std::unique_ptr<Buffer> do_allocate(std::size_t bytes) = 0;
  [[nodiscard]] virtual std::unique_ptr<Buffer> do_view(Buffer& parent, std::size_t offset,
                                                        std::size_t bytes) = 0;
  virtual void do_write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data) = 0;
  virtual void do_read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data) = 0;
  /// To be overridden, both, by devices whose traits name a language.
  [[nodiscard]] virtual std::shared_ptr<Kernel> do_compile(
      const std::string& source, const std::string& entry,
      std::span<const std::pair<std::string, std::int64_t>> constants);
  [[nodiscard]] virtual std::unique_ptr<Executable> do_prepare(std::vector<Launch> launches);
  /// `count` is at least 1. Both clocks start and stop in here.
  [[nodiscard]] virtual Timing do_time(std::span<Executable* const> rotation, std::size_t count) = 0;

 private:
  struct Libraries {
    std::vector<std::unique_ptr<Library>> present;
    std::vector<std::pair<std::string, std::string>> absent;
  };

  void require_compiler() const;
  void check(const Launch& launch, std::size_t index) const;

  DeviceInfo info_;
  DeviceName name_;
  std::shared_ptr<Libraries> libraries_;
};

class Adapter {
 public:
  Adapter() = default;
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;
  virtual ~Adapter() = default;
  /// What its devices' names begin with: "opencl" of "opencl:0".
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// The files through which its loader comes to drivers, each of which can be asked alone (use_only).
  /// Nothing if there is no such loader, and discover() asks for everything. Reads files; loads no driver.
  [[nodiscard]] virtual std::optional<DriverFiles> driver_files() { return std::nullopt; }
  /// Before discover() and open(): the loader of this process is to find this driver alone, without `layers`.
  virtual void use_only(const DriverFile& driver, std::span<const DriverFile> layers);
  /// Never throws because a vendor's software is absent. If a driver fails to answer, the absence quotes it.
  [[nodiscard]] virtual Discovery discover() = 0;
  /// `index` into discover().devices. Throws UsageError if there is no such device.
  [[nodiscard]] virtual std::unique_ptr<Device> open(std::size_t index) = 0;

 protected:
  /// For open(): throws UsageError unless `index` is one of `devices`.
  void require_index(std::size_t index, std::size_t devices) const;
};

}  // namespace moat
