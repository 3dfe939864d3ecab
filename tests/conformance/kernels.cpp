// Compiling and launching, on devices that have a compiler.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "tests/conformance/subject.h"

namespace moat::conformance {
namespace {

using Constants = std::vector<std::pair<std::string, std::int64_t>>;

std::string needs_compiler(const Subject& subject) {
  return subject.device->info().traits.language == Language::none ? "the device has no compiler" : "";
}

std::string needs_no_compiler(const Subject& subject) {
  return needs_compiler(subject).empty() ? "the device has a compiler" : "";
}

/// GLSL's kernels are a module each, compiled at build, with one entry point.
std::shared_ptr<Kernel> compile_module(Device& device, const std::string& entry, const Constants& constants) {
  const auto file_of = [](const std::string& kernel) {
    return std::filesystem::path(MOAT_CONFORMANCE_MODULES) / (kernel + ".spv");
  };
  const bool is_there = std::filesystem::exists(file_of(entry));
  std::ifstream stream(file_of(is_there ? entry : "add"), std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  return device.compile(bytes.str(), is_there ? "main" : entry, constants);
}

std::shared_ptr<Kernel> compile(Device& device, const std::string& entry,
                                const Constants& constants = {{"SIZE_X", 1}, {"SIZE_Y", 1}}) {
  const Language language = device.info().traits.language;
  if (language == Language::glsl) return compile_module(device, entry, constants);
  return device.compile(kernel_source("conformance.cl", language, MOAT_CONFORMANCE_DIR), entry, constants);
}

std::unique_ptr<Buffer> cells(Device& device, const std::vector<std::int32_t>& values) {
  auto buffer = device.allocate(values.size() * sizeof(std::int32_t));
  device.write(*buffer, 0, std::as_bytes(std::span(values)));
  return buffer;
}

std::vector<std::int32_t> values_of(Device& device, const Buffer& buffer) {
  std::vector<std::int32_t> values(buffer.bytes() / sizeof(std::int32_t));
  device.read(buffer, 0, std::as_writable_bytes(std::span(values)));
  return values;
}

void expect_cell(Device& device, const Buffer& buffer, std::int32_t wanted, std::string_view after) {
  const std::int32_t found = values_of(device, buffer)[0];
  expect(found == wanted, fmt::format("{}: the cell holds {}, {} expected", after, found, wanted));
}

Launch launch(const std::shared_ptr<Kernel>& kernel, Buffer& cell, std::int32_t amount) {
  return {.kernel = kernel, .arguments = {&cell, amount}};
}

void reports_compile_errors(Subject& subject) {
  Device& device = *subject.device;
  try {
    static_cast<void>(device.compile("this is no kernel\n", "add", {}));
    throw Violation("nonsense compiled");
  } catch (const CompileError& error) {
    expect(!error.log().empty(), "CompileError without the compiler's log");
  }
  expect_throws<CompileError>("asking for an entry that the source has not", "CompileError",
                              [&] { static_cast<void>(compile(device, "no_such_entry")); });
  expect_usable(device, "a compile error");
  const auto cell = cells(device, {5});
  const auto executable = device.prepare({launch(compile(device, "add"), *cell, 2)});
  time(device, {executable.get()}, 1);
  expect_cell(device, *cell, 7, "a launch after a compile error");
}

void refuses_to_compile(Subject& subject) {
  Device& device = *subject.device;
  expect_throws<DeviceError>("compiling without a compiler", "DeviceError",
                             [&] { static_cast<void>(device.compile("", "add", {})); });
  expect_usable(device, "refusing to compile");
}

void counts_executions(Subject& subject) {
  Device& device = *subject.device;
  const auto cell = cells(device, {0});
  const auto executable = device.prepare({launch(compile(device, "add"), *cell, 1)});
  std::int32_t wanted = 0;
  for (const std::int32_t count : {1, 2, 7, 1000}) {
    const Timing timing = time(device, {executable.get()}, static_cast<std::size_t>(count));
    wanted += count;
    expect_cell(device, *cell, wanted, fmt::format("time({})", count));
    expect(std::isfinite(timing.device_seconds) && timing.device_seconds >= 0,
           fmt::format("{} device seconds for {} executions", timing.device_seconds, count));
    expect(std::isfinite(timing.host_seconds) && timing.host_seconds > 0,
           fmt::format("{} host seconds for {} executions", timing.host_seconds, count));
  }
}

void rotates_in_order(Subject& subject) {
  Device& device = *subject.device;
  const auto cell = cells(device, {1});
  const auto kernel = compile(device, "triple_and_add");
  const auto one = device.prepare({launch(kernel, *cell, 1)});
  const auto two = device.prepare({launch(kernel, *cell, 2)});
  const auto zero = device.prepare({launch(kernel, *cell, 0)});
  time(device, {one.get(), two.get(), zero.get()}, 5);
  std::int32_t wanted = 1;
  for (const std::int32_t amount : {1, 2, 0, 1, 2}) wanted = wanted * 3 + amount;
  expect_cell(device, *cell, wanted, "five executions of a rotation of three");
}

void shares_executions(Subject& subject) {
  Device& device = *subject.device;
  const auto even = cells(device, {0});
  const auto odd = cells(device, {0});
  const auto kernel = compile(device, "add");
  const auto first = device.prepare({launch(kernel, *even, 1)});
  const auto second = device.prepare({launch(kernel, *odd, 1)});
  std::int32_t evens = 0;
  std::int32_t odds = 0;
  // Adapters hand over many launches at once: numbers on both sides of what they may hand over.
  for (const std::int32_t count : {0, 1, 2, 3, 31, 32, 33, 1023, 1024, 1025, 2048, 2049, 3000}) {
    time(device, {first.get(), second.get()}, static_cast<std::size_t>(count));
    evens += (count + 1) / 2;
    odds += count / 2;
    expect_cell(device, *even, evens, fmt::format("{} executions of two, the first", count));
    expect_cell(device, *odd, odds, fmt::format("{} executions of two, the second", count));
  }
}

void takes_longer_for_more(Subject& subject) {
  Device& device = *subject.device;
  const auto cell = cells(device, {1});
  const auto executable = device.prepare({launch(compile(device, "spin"), *cell, 200000)});
  time(device, {executable.get()}, 1);  // some drivers compile at the first launch
  // 40 times the work: only the order is asked for, whatever else the machine does.
  const Timing few = time(device, {executable.get()}, 5);
  const Timing many = time(device, {executable.get()}, 200);
  expect(few.device_seconds > 0 && many.device_seconds > few.device_seconds,
         fmt::format("5 executions take {} device seconds, 200 take {}", few.device_seconds,
                     many.device_seconds));
  expect(many.host_seconds > few.host_seconds,
         fmt::format("5 executions take {} host seconds, 200 take {}", few.host_seconds, many.host_seconds));
  // The host's clock starts before the device's and stops after it; they may differ in speed.
  expect(many.device_seconds <= 1.01 * many.host_seconds,
         fmt::format("{} device seconds within {} of the host", many.device_seconds, many.host_seconds));
}

void launches_in_order(Subject& subject) {
  Device& device = *subject.device;
  const auto cell = cells(device, {1});
  const auto add = compile(device, "add");
  const auto triple = compile(device, "triple_and_add");
  const auto executable =
      device.prepare({launch(add, *cell, 4), launch(triple, *cell, 2), launch(add, *cell, -1)});
  time(device, {executable.get()}, 2);
  std::int32_t wanted = 1;
  for (int i = 0; i < 2; ++i) wanted = (wanted + 4) * 3 + 2 - 1;
  expect_cell(device, *cell, wanted, "two executions of three launches");
}

void covers_the_grid(Subject& subject) {
  Device& device = *subject.device;
  const Traits& traits = device.info().traits;
  const bool wide =
      traits.max_group_size >= 4 && traits.max_group_shape[0] >= 2 && traits.max_group_shape[1] >= 2;
  const std::array<std::size_t, 3> shape =
      wide ? std::array<std::size_t, 3>{2, 2, 1} : std::array<std::size_t, 3>{1, 1, 1};
  const std::array<std::size_t, 3> groups{3, 2, 5};
  const auto size = [&](std::size_t i) { return static_cast<std::int32_t>(groups.at(i) * shape.at(i)); };
  const auto out =
      cells(device, std::vector<std::int32_t>(static_cast<std::size_t>(size(0) * size(1) * size(2)), 7));
  const auto kernel = compile(device, "mark", {{"SIZE_X", size(0)}, {"SIZE_Y", size(1)}});
  const auto executable = device.prepare(
      {Launch{.kernel = kernel, .groups = groups, .group_shape = shape, .arguments = {out.get(), -3}}});
  time(device, {executable.get()}, 1);
  const std::vector<std::int32_t> found = values_of(device, *out);
  std::size_t at = 0;
  for (std::int32_t z = 0; z < size(2); ++z) {
    for (std::int32_t y = 0; y < size(1); ++y) {
      for (std::int32_t x = 0; x < size(0); ++x, ++at) {
        expect(found[at] == 7 + x + 100 * y + 10000 * z - 3,
               fmt::format("work-item ({}, {}, {}) left {}: run not exactly once, or with another id", x, y,
                           z, found[at]));
      }
    }
  }
}

void passes_arguments(Subject& subject) {
  Device& device = *subject.device;
  const auto out = cells(device, {0});
  const auto in = cells(device, {-6});
  const auto executable = device.prepare(
      {Launch{.kernel = compile(device, "combine"), .arguments = {out.get(), 1000, in.get(), -2000000000}}});
  time(device, {executable.get()}, 1);
  expect_cell(device, *out, -6 * 1000 - 2000000000, "in * 1000 - 2000000000");
}

void keeps_constants_apart(Subject& subject) {
  Device& device = *subject.device;
  const auto first = cells(device, {0, 0, 0, 0, 0, 0});
  const auto second = cells(device, {0, 0, 0, 0, 0, 0});
  const auto three = compile(device, "mark", {{"SIZE_X", 3}, {"SIZE_Y", 2}});
  const auto one = compile(device, "mark", {{"SIZE_X", 1}, {"SIZE_Y", 2}});
  const auto wide =
      device.prepare({Launch{.kernel = three, .groups = {3, 2, 1}, .arguments = {first.get(), 0}}});
  const auto narrow =
      device.prepare({Launch{.kernel = one, .groups = {1, 2, 1}, .arguments = {second.get(), 0}}});
  time(device, {wide.get(), narrow.get()}, 2);
  expect(values_of(device, *first) == std::vector<std::int32_t>{0, 1, 2, 100, 101, 102},
         "the kernel with SIZE_X=3 ran with other constants");
  expect(values_of(device, *second) == std::vector<std::int32_t>{0, 100, 0, 0, 0, 0},
         "the kernel with SIZE_X=1 ran with other constants");
}

void outlives_kernels(Subject& subject) {
  Device& device = *subject.device;
  const auto cell = cells(device, {0});
  auto kernel = compile(device, "add");
  auto first = device.prepare({launch(kernel, *cell, 1)});
  const auto second = device.prepare({launch(kernel, *cell, 10)});
  kernel.reset();
  time(device, {first.get(), second.get()}, 2);
  first.reset();
  time(device, {second.get()}, 1);
  expect_cell(device, *cell, 21, "executables whose kernel was let go");
}

void launches_on_views(Subject& subject) {
  Device& device = *subject.device;
  const auto parent = device.allocate(3 * view_alignment);
  const std::vector<std::byte> zeros(parent->bytes());
  device.write(*parent, 0, zeros);
  const auto view = device.view(*parent, view_alignment, sizeof(std::int32_t));
  const auto executable = device.prepare({launch(compile(device, "add"), *view, 9)});
  time(device, {executable.get()}, 1);
  std::vector<std::int32_t> wanted(parent->bytes() / sizeof(std::int32_t));
  wanted[view_alignment / sizeof(std::int32_t)] = 9;
  expect(values_of(device, *parent) == wanted,
         "a kernel on a view did not write that part of the parent alone");
}

void launches_on_nested_views(Subject& subject) {
  Device& device = *subject.device;
  const auto parent = device.allocate(4 * view_alignment);
  device.write(*parent, 0, std::vector<std::byte>(parent->bytes()));
  const auto middle = device.view(*parent, view_alignment, 2 * view_alignment);
  const auto inner = device.view(*middle, view_alignment, sizeof(std::int32_t));
  const auto executable = device.prepare({launch(compile(device, "add"), *inner, 9)});
  time(device, {executable.get()}, 1);
  std::vector<std::int32_t> wanted(parent->bytes() / sizeof(std::int32_t));
  wanted[2 * view_alignment / sizeof(std::int32_t)] = 9;
  expect(values_of(device, *parent) == wanted, "a kernel on a view of a view wrote elsewhere");
}

void runs_nothing(Subject& subject) {
  Device& device = *subject.device;
  const auto executable = device.prepare({});
  const Timing timing = time(device, {executable.get()}, 3);
  expect(timing.device_seconds == 0,
         fmt::format("{} device seconds for executions without a launch", timing.device_seconds));
  expect_usable(device, "executions without a launch");
}

void refuses_unfit_launches(Subject& subject) {
  Device& device = *subject.device;
  const auto cell = cells(device, {5});
  const auto kernel = compile(device, "add");
  const auto refuses = [&](std::string_view what, const Launch& unfit) {
    expect_throws<DeviceError>(what, "DeviceError", [&] { static_cast<void>(device.prepare({unfit})); });
  };
  refuses("a launch without arguments", {.kernel = kernel, .arguments = {}});
  refuses("a launch that lacks an argument", {.kernel = kernel, .arguments = {cell.get()}});
  refuses("a launch with an argument too many", {.kernel = kernel, .arguments = {cell.get(), 1, 2}});
  Launch large = launch(kernel, *cell, 1);
  large.group_shape[0] = device.info().traits.max_group_size + 1;
  refuses("a group of too many work-items", large);
  expect_cell(device, *cell, 5, "refused launches");
  const auto executable = device.prepare({launch(kernel, *cell, 2)});
  time(device, {executable.get()}, 1);
  expect_cell(device, *cell, 7, "a launch after refused ones");
}

void opens_many_times(Subject& subject) {
  for (std::int32_t i = 0; i < 200; ++i) {
    const auto device = subject.adapter.open(subject.index);
    const auto cell = cells(*device, {i});
    std::int32_t wanted = i;
    if (needs_compiler(subject).empty()) {
      const auto executable = device->prepare({launch(compile(*device, "add"), *cell, 3)});
      time(*device, {executable.get()}, 2);
      wanted += 6;
    }
    expect_cell(*device, *cell, wanted, fmt::format("opened {} times", i + 1));
  }
}

void refuses_foreign_objects(Subject& subject) {
  Device& device = *subject.device;
  const auto other = subject.adapter.open(subject.index);
  const auto own_cell = cells(device, {0});
  const auto other_cell = cells(*other, {0});
  const auto kernel = compile(device, "add");
  const auto other_kernel = compile(*other, "add");
  const auto other_executable = other->prepare({launch(other_kernel, *other_cell, 1)});
  expect_throws<DeviceError>("a launch with another device's buffer", "DeviceError",
                             [&] { static_cast<void>(device.prepare({launch(kernel, *other_cell, 1)})); });
  expect_throws<DeviceError>("a launch of another device's kernel", "DeviceError", [&] {
    static_cast<void>(device.prepare({launch(other_kernel, *own_cell, 1)}));
  });
  expect_throws<DeviceError>("timing another device's executable", "DeviceError",
                             [&] { time(device, {other_executable.get()}, 1); });
  expect_cell(device, *own_cell, 0, "refused launches");
}

void lets_objects_outlive_it(Subject& subject) {
  const auto cell = cells(*subject.device, {0});
  const auto kernel = compile(*subject.device, "add");
  const auto executable = subject.device->prepare({launch(kernel, *cell, 1)});
  time(*subject.device, {executable.get()}, 2);
  subject.device.reset();
}

constexpr std::array<Requirement, 18> list{{
    {"what does not compile is a CompileError with the log", needs_compiler, reports_compile_errors},
    {"a device without a compiler says so", needs_no_compiler, refuses_to_compile},
    {"time runs exactly as many executions as it is asked for", needs_compiler, counts_executions},
    {"a rotation runs cyclically and in order", needs_compiler, rotates_in_order},
    {"a rotation shares any number of executions", needs_compiler, shares_executions},
    {"more executions take longer, by both clocks", needs_compiler, takes_longer_for_more},
    {"launches see the writes of those before them", needs_compiler, launches_in_order},
    {"every work-item of every group runs once", needs_compiler, covers_the_grid},
    {"arguments arrive in order and with their signs", needs_compiler, passes_arguments},
    {"constants belong to one compilation", needs_compiler, keeps_constants_apart},
    {"executables keep their kernels alive", needs_compiler, outlives_kernels},
    {"kernels take views for buffers", needs_compiler, launches_on_views},
    {"kernels take views of views for buffers", needs_compiler, launches_on_nested_views},
    {"a launch that fits neither its kernel nor the device is refused", needs_compiler,
     refuses_unfit_launches},
    {"a device can be opened and closed many times", no_exemption, opens_many_times},
    {"an executable without launches takes no device time", needs_compiler, runs_nothing},
    {"kernels and executables of other devices are refused", needs_compiler, refuses_foreign_objects},
    {"kernels and executables may outlive their device", needs_compiler, lets_objects_outlive_it},
}};

}  // namespace

std::span<const Requirement> kernel_requirements() {
  return list;
}

}  // namespace moat::conformance
