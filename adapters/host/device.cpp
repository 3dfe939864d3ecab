// Memory, time and the list of libraries.
#include "adapters/host/device.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <limits>
#include <new>
#include <thread>

#include "adapters/common/identity.h"
#include "adapters/common/library_files.h"
#include "adapters/host/blas.h"
#include "base/error.h"

namespace moat::host {
namespace {

using SteadyClock = std::chrono::steady_clock;

double seconds(SteadyClock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

double clock_resolution() {
  auto smallest = SteadyClock::duration::max();
  for (int i = 0; i < 1000; ++i) {
    const auto start = SteadyClock::now();
    auto next = start;
    while (next == start) next = SteadyClock::now();
    smallest = std::min(smallest, next - start);
  }
  return seconds(smallest);
}

std::string kernel_version() {
  utsname system{};
  if (uname(&system) != 0) return "unknown system";
  return fmt::format("{} {}", system.sysname, system.release);
}

std::string governor() {
  std::string text;
  std::ifstream file("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  if (std::getline(file, text)) return text;
  return "unavailable: no cpufreq in /sys (usual in virtual machines)";
}

// How runtimes' threads wait is theirs to choose and the user's to set; either way it is said.
std::string waiting_settings() {
  constexpr std::array names{"OMP_WAIT_POLICY",      "GOMP_SPINCOUNT",    "KMP_BLOCKTIME",
                             "OMP_NUM_THREADS",      "OMP_PROC_BIND",     "OPENBLAS_THREAD_TIMEOUT",
                             "OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE", "ONEDNN_MAX_CPU_ISA",
                             "MKL_NUM_THREADS",      "BLIS_ARCH_TYPE",    "MOAT_LIBRARY_PATH"};
  std::string text;
  for (const char* name : names) {
    if (const char* value = std::getenv(name))
      text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
  }
  return text.empty() ? "the libraries' defaults" : text;
}

double process_cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Runtimes let their threads spin for a while after work (OpenMP, OpenBLAS: milliseconds). Before another
// runtime is timed, sleeps until the process uses next to no processor time, half a second at most.
void wait_until_quiet() {
  using namespace std::chrono_literals;
  constexpr double busy_share = 0.05;
  const auto give_up = SteadyClock::now() + 500ms;
  for (int quiet = 0; quiet < 2 && SteadyClock::now() < give_up;) {
    const auto start = SteadyClock::now();
    const double used = process_cpu_seconds();
    std::this_thread::sleep_for(2ms);
    const double share = (process_cpu_seconds() - used) / seconds(SteadyClock::now() - start);
    quiet = share < busy_share ? quiet + 1 : 0;
  }
}

// The device's own buffer: Device has checked that it is.
const HostBuffer& own(const Buffer& buffer) {
  return static_cast<const HostBuffer&>(buffer);
}

// For libraries' packing buffers and whatever else runs: a limit met exactly ends in the kernel's hands.
constexpr std::size_t reserved_bytes = std::size_t{128} << 20;
constexpr std::size_t page = 4096;
constexpr std::size_t huge_page = std::size_t{2} << 20;
static_assert(page % view_alignment == 0);

std::shared_ptr<std::byte> allocate_memory(std::size_t bytes) {
  const std::align_val_t alignment{bytes >= 2 * huge_page ? huge_page : page};
  void* memory = operator new(bytes, alignment, std::nothrow);
  if (memory == nullptr) throw OutOfMemory(fmt::format("host: no address space for {} bytes", bytes));
  return {static_cast<std::byte*>(memory), [alignment](std::byte* p) { operator delete(p, alignment); }};
}

}  // namespace

DeviceInfo describe(const Machine& machine) {
  DeviceInfo info;
  info.name = machine.cpu.model;
  info.vendor = machine.cpu.vendor;
  info.driver = kernel_version();
  info.platform = "C++ threads";
  info.clock = {.name = "steady_clock", .resolution_seconds = clock_resolution()};
  info.identities = {cpu_identity};
  info.traits.kind = DeviceKind::cpu;
  info.traits.language = Language::none;
  info.traits.compute_units = machine.threads;
  info.traits.global_memory_bytes = machine.memory_bytes;
  info.traits.max_allocation_bytes = machine.memory_bytes;
  info.traits.last_level_cache_bytes = machine.last_level_cache_bytes;
  info.traits.native_vector_f32 = vector_width_f32(machine.cpu.flags);
  info.traits.has_f64 = true;
  info.details = machine.details;
  info.details.emplace_back("governor", governor());
  info.details.emplace_back("library settings", waiting_settings());
  return info;
}

HostDevice::HostDevice(const Machine& machine)
    : Device(describe(machine)), machine_(machine), threads_(std::make_shared<ThreadPool>(machine.threads)) {
  add_library("naive", make_naive(threads_));
  add_library("library/onednn", make_onednn(onednn_files(), machine.threads));
  for (const BlasRow& row : blas_rows()) {
    add_library(std::string(row.implementation), make_blas(row, machine.threads));
  }
}

std::unique_ptr<Buffer> HostDevice::do_allocate(std::size_t bytes) {
  const std::size_t available = available_memory();
  if (bytes > available || available - bytes < reserved_bytes) {
    throw OutOfMemory(fmt::format(
        "host: {} MiB wanted, {} MiB available (MemAvailable and control groups), of which {} MiB "
        "are left for libraries",
        bytes >> 20, available >> 20, reserved_bytes >> 20));
  }
  std::shared_ptr<std::byte> memory = allocate_memory(bytes);
  // Touched by all threads, so that the pages spread over their memory nodes.
  threads_->run((bytes + page - 1) / page, huge_page / page, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) memory.get()[i * page] = std::byte{0};
  });
  return std::make_unique<HostBuffer>(std::move(memory), bytes);
}

std::unique_ptr<Buffer> HostDevice::do_view(Buffer& parent, std::size_t offset, std::size_t bytes) {
  const HostBuffer& whole = own(parent);
  return std::make_unique<HostBuffer>(std::shared_ptr<std::byte>(whole.memory(), whole.data() + offset),
                                      bytes);
}

void HostDevice::do_write(Buffer& buffer, std::size_t offset, std::span<const std::byte> data) {
  std::memcpy(own(buffer).data() + offset, data.data(), data.size());
  ++changes_;
}

void HostDevice::do_read(const Buffer& buffer, std::size_t offset, std::span<std::byte> data) {
  std::memcpy(data.data(), own(buffer).data() + offset, data.size());
}

Timing HostDevice::do_time(std::span<Executable* const> rotation, std::size_t count) {
  std::vector<HostExecutable*> executables;
  executables.reserve(rotation.size());
  for (Executable* const executable : rotation) {
    executables.push_back(static_cast<HostExecutable*>(executable));
  }
  if (executables[0]->runtime() != last_runtime_) {
    if (!last_runtime_.empty()) wait_until_quiet();
    last_runtime_ = executables[0]->runtime();
  }
  if (executables.size() > count) executables.resize(count);  // the others do not run
  if (executables.size() != 1 || executables[0] != last_) ++changes_;
  last_ = executables.size() == 1 ? executables[0] : nullptr;
  for (HostExecutable* executable : executables) {
    executable->enter();
    if (executable->loaded_at == changes_) continue;
    executable->load();
    executable->loaded_at = changes_;
  }
  std::size_t next = 0;
  const auto start = SteadyClock::now();
  for (std::size_t i = 0; i < count; ++i) {
    executables[next]->run();
    next = next + 1 == executables.size() ? 0 : next + 1;
  }
  const double elapsed = seconds(SteadyClock::now() - start);
  for (HostExecutable* executable : executables) executable->leave();
  return {.device_seconds = elapsed, .host_seconds = elapsed};
}

std::optional<Ceiling> HostDevice::ceiling(const Types& types) const {
  const CoreRate rate = core_rate(machine_.cpu.flags, types.input);
  if (rate.operations_per_cycle == 0) return std::nullopt;
  constexpr double cycles_per_second = 6.5e9;
  return Ceiling{
      .operations_per_second = machine_.hardware_threads * rate.operations_per_cycle * cycles_per_second,
      .source = fmt::format("{} hardware threads x {:.0f} operations per cycle ({}) x 6.5 GHz, a clock above "
                            "that of every x86-64 sold",
                            machine_.hardware_threads, rate.operations_per_cycle, rate.derivation)};
}

}  // namespace moat::host
