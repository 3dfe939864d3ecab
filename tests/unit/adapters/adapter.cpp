// The checks that the interface makes before a call reaches an adapter,
// on a device that only records what reaches it.
#include "adapters/adapter.h"

#include <array>

#include "base/error.h"
#include "tests/catch.h"
#include "tests/unit/adapters/front_device.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

class FakeLibrary final : public Library {
 public:
  explicit FakeLibrary(std::vector<std::string>& calls) : calls_(calls) {}
  [[nodiscard]] std::string implementation() const override { return "library/fake"; }
  [[nodiscard]] std::string version() const override { return "1"; }
  [[nodiscard]] bool has_operator(std::string_view) const override { return true; }
  [[nodiscard]] std::optional<Unsupported> supports(const Problem& problem) const override {
    if (problem.types().input == Type::f32) return std::nullopt;
    return Unsupported{"only f32"};
  }

 protected:
  [[nodiscard]] std::unique_ptr<Executable> do_prepare(const Problem&, std::span<Buffer* const>) override {
    calls_.emplace_back("prepare of library");
    return std::make_unique<Executable>();
  }

 private:
  std::vector<std::string>& calls_;
};

DeviceInfo info_of(const std::string& name, Language language = Language::opencl_c) {
  DeviceInfo info;
  info.name = name;
  info.traits.language = language;
  info.traits.max_group_size = 64;
  info.traits.max_group_shape = {64, 32, 1};
  info.traits.max_groups = {100, 0, 0};
  return info;
}

class FakeDevice final : public Device {
 public:
  explicit FakeDevice(const std::string& name, Language language = Language::opencl_c)
      : Device(info_of(name, language)) {
    add_library("library/fake", std::make_unique<FakeLibrary>(calls));
    add_library("library/other", Unsupported{"libother.so: not found"});
    add_detail("firmware", "7");
  }
  [[nodiscard]] std::optional<Ceiling> ceiling(const Types&) const override { return std::nullopt; }

  std::vector<std::string> calls;  // of the functions that an adapter writes
  std::unique_ptr<Buffer> next_buffer;
  bool makes_nothing = false;

 protected:
  [[nodiscard]] std::unique_ptr<Buffer> do_allocate(std::size_t bytes) override {
    calls.emplace_back("allocate");
    if (makes_nothing) return nullptr;
    return next_buffer ? std::move(next_buffer) : std::make_unique<Buffer>(bytes);
  }
  [[nodiscard]] std::unique_ptr<Buffer> do_view(Buffer&, std::size_t, std::size_t bytes) override {
    calls.emplace_back("view");
    return makes_nothing ? nullptr : std::make_unique<Buffer>(bytes);
  }
  void do_write(Buffer&, std::size_t, std::span<const std::byte>) override { calls.emplace_back("write"); }
  void do_read(const Buffer&, std::size_t, std::span<std::byte>) override { calls.emplace_back("read"); }
  [[nodiscard]] std::shared_ptr<Kernel> do_compile(
      const std::string&, const std::string&,
      std::span<const std::pair<std::string, std::int64_t>>) override {
    calls.emplace_back("compile");
    return makes_nothing ? nullptr : std::make_shared<Kernel>();
  }
  [[nodiscard]] std::unique_ptr<Executable> do_prepare(std::vector<Launch>) override {
    calls.emplace_back("prepare");
    return makes_nothing ? nullptr : std::make_unique<Executable>();
  }
  [[nodiscard]] Timing do_time(std::span<Executable* const>, std::size_t count) override {
    calls.emplace_back("time");
    return {.device_seconds = static_cast<double>(count), .host_seconds = 1};
  }
};

/// A device that leaves compiling to the base class.
class PlainDevice final : public Device {
 public:
  explicit PlainDevice(Language language) : Device(info_of("plain", language)) {}
  [[nodiscard]] std::optional<Ceiling> ceiling(const Types&) const override { return std::nullopt; }

 protected:
  [[nodiscard]] std::unique_ptr<Buffer> do_allocate(std::size_t bytes) override {
    return std::make_unique<Buffer>(bytes);
  }
  [[nodiscard]] std::unique_ptr<Buffer> do_view(Buffer&, std::size_t, std::size_t bytes) override {
    return std::make_unique<Buffer>(bytes);
  }
  void do_write(Buffer&, std::size_t, std::span<const std::byte>) override {}
  void do_read(const Buffer&, std::size_t, std::span<std::byte>) override {}
  [[nodiscard]] Timing do_time(std::span<Executable* const>, std::size_t) override { return {}; }
};

class FakeAdapter final : public Adapter {
 public:
  explicit FakeAdapter(std::size_t devices) : devices_(devices) {}
  [[nodiscard]] std::string_view name() const override { return "fake"; }
  [[nodiscard]] Discovery discover() override { return {}; }
  [[nodiscard]] std::unique_ptr<Device> open(std::size_t index) override {
    require_index(index, devices_);
    return std::make_unique<FakeDevice>("fake");
  }

 private:
  std::size_t devices_;
};

Timing time_one(Device& device, Executable& executable, std::size_t count) {
  const std::array<Executable*, 1> rotation{&executable};
  return device.time(rotation, count);
}

}  // namespace

TEST_CASE("ranges past a buffer's end never reach the adapter, whatever they add up to") {
  FakeDevice device("fake");
  const auto buffer = device.allocate(view_alignment + 100);
  device.calls.clear();
  std::vector<std::byte> data(10);
  constexpr std::size_t wraps = static_cast<std::size_t>(-4);
  for (const std::size_t offset : {view_alignment + 91, view_alignment + 100, view_alignment + 101, wraps}) {
    CHECK_THROWS_AS(device.write(*buffer, offset, data), std::out_of_range);
    CHECK_THROWS_AS(device.read(*buffer, offset, data), std::out_of_range);
  }
  CHECK_THROWS_AS(device.write(*buffer, view_alignment + 101, {}), std::out_of_range);
  CHECK_THROWS_AS(device.view(*buffer, view_alignment, 101), std::out_of_range);
  CHECK_THROWS_AS(device.view(*buffer, view_alignment, static_cast<std::size_t>(-1)), std::out_of_range);
  CHECK_THROWS_AS(device.view(*buffer, 2 * view_alignment, 1), std::out_of_range);
  CHECK_THROWS_WITH(device.write(*buffer, 4187, data),
                    "a write of 10 bytes at offset 4187 goes past the end of a buffer of 4196 bytes");
  CHECK(device.calls.empty());
  device.write(*buffer, view_alignment + 90, data);
  device.read(*buffer, view_alignment + 90, data);
  CHECK(device.view(*buffer, view_alignment, 100)->bytes() == 100);
  CHECK(device.calls == std::vector<std::string>{"write", "read", "view"});
}

TEST_CASE("buffers and views of no bytes are refused, copies of none do nothing") {
  FakeDevice device("fake");
  CHECK_THROWS_AS(device.allocate(0), std::invalid_argument);
  CHECK(device.calls.empty());
  const auto buffer = device.allocate(8);
  CHECK_THROWS_AS(device.view(*buffer, 0, 0), std::invalid_argument);
  device.write(*buffer, 8, {});
  device.read(*buffer, 8, {});
  CHECK(device.calls == std::vector<std::string>{"allocate"});
}

TEST_CASE("a view begins where every device can let one begin") {
  FakeDevice device("fake");
  const auto buffer = device.allocate(3 * view_alignment);
  CHECK_THROWS_AS(device.view(*buffer, 64, 8), std::invalid_argument);
  CHECK_THROWS_WITH(device.view(*buffer, view_alignment + 1, 8),
                    ContainsSubstring("a multiple of 4096 bytes, not at 4097"));
  CHECK_NOTHROW(device.view(*buffer, 2 * view_alignment, 8));
}

TEST_CASE("objects of another device never reach the adapter, even if the devices have one name") {
  FakeDevice device("fake");
  FakeDevice other("fake");
  const auto own = device.allocate(64);
  const auto own_kernel = device.compile("", "f", {});
  const auto buffer = other.allocate(64);
  const auto view = other.view(*buffer, 0, 64);
  const auto kernel = other.compile("", "f", {});
  const auto executable = other.prepare({Launch{.kernel = kernel, .arguments = {buffer.get()}}});
  Buffer nobodys(64);
  std::vector<std::byte> data(4);
  device.calls.clear();
  for (Buffer* foreign : {buffer.get(), view.get(), &nobodys}) {
    CHECK_THROWS_AS(device.write(*foreign, 0, data), DeviceError);
    CHECK_THROWS_AS(device.read(*foreign, 0, data), DeviceError);
    CHECK_THROWS_AS(device.view(*foreign, 0, 4), DeviceError);
    CHECK_THROWS_AS(device.prepare({Launch{.kernel = own_kernel, .arguments = {std::int32_t{1}, foreign}}}),
                    DeviceError);
  }
  CHECK_THROWS_AS(device.prepare({Launch{.kernel = kernel, .arguments = {own.get()}}}), DeviceError);
  CHECK_THROWS_AS(time_one(device, *executable, 1), DeviceError);
  CHECK(device.calls.empty());
  CHECK_THROWS_WITH(device.write(*buffer, 0, data), ContainsSubstring("belongs to another device ('fake')"));
  CHECK_THROWS_WITH(device.write(nobodys, 0, data), ContainsSubstring("belongs to no device"));
  CHECK_NOTHROW(time_one(other, *executable, 1));
}

TEST_CASE("an object is told from those of a later device at the same address") {
  std::unique_ptr<Buffer> buffer;
  {
    const auto device = std::make_unique<FakeDevice>("fake");
    buffer = device->allocate(8);
  }
  FakeDevice later("fake");
  std::vector<std::byte> data(4);
  CHECK_THROWS_AS(later.write(*buffer, 0, data), DeviceError);
}

TEST_CASE("a launch has a kernel, buffers that are there, and groups that the device runs") {
  FakeDevice device("fake");
  const auto kernel = device.compile("", "f", {});
  const auto prepare = [&](std::array<std::size_t, 3> groups, std::array<std::size_t, 3> shape) {
    static_cast<void>(
        device.prepare({Launch{.kernel = kernel, .groups = groups, .group_shape = shape, .arguments = {}}}));
  };
  CHECK_THROWS_WITH(device.prepare({Launch{}}), ContainsSubstring("launch 0 has no kernel"));
  Launch missing{.kernel = kernel, .arguments = {}};
  missing.arguments.emplace_back(static_cast<Buffer*>(nullptr));
  CHECK_THROWS_WITH(device.prepare({Launch{.kernel = kernel, .arguments = {}}, missing}),
                    ContainsSubstring("argument 0 of launch 1 is a buffer that is missing"));
  CHECK_THROWS_WITH(prepare({1, 1, 1}, {65, 1, 1}), ContainsSubstring("1 to 64 work-items in dimension 0"));
  CHECK_THROWS_WITH(prepare({1, 1, 1}, {1, 0, 1}), ContainsSubstring("work-items in dimension 1, not 0"));
  CHECK_THROWS_WITH(prepare({1, 1, 1}, {8, 9, 1}), ContainsSubstring("at most 64 work-items"));
  CHECK_THROWS_WITH(prepare({101, 1, 1}, {1, 1, 1}), ContainsSubstring("at most 100 groups in dimension 0"));
  CHECK_NOTHROW(prepare({100, 1000000, 1}, {8, 8, 1}));
  CHECK_NOTHROW(device.prepare({}));
}

TEST_CASE("nothing is timed without executables, and no executions take no time") {
  FakeDevice device("fake");
  const auto executable = device.prepare({});
  device.calls.clear();
  CHECK_THROWS_AS(device.time({}, 1), std::invalid_argument);
  const std::array<Executable*, 2> with_none{executable.get(), nullptr};
  CHECK_THROWS_AS(device.time(with_none, 1), std::invalid_argument);
  const Timing nothing = time_one(device, *executable, 0);
  CHECK(nothing.device_seconds == 0);
  CHECK(nothing.host_seconds == 0);
  CHECK(device.calls.empty());
  CHECK(time_one(device, *executable, 3).device_seconds == 3);
}

TEST_CASE("a device without a compiler says so and what to do instead") {
  FakeDevice device("fake", Language::none);
  CHECK_THROWS_AS(device.compile("", "f", {}), DeviceError);
  CHECK_THROWS_WITH(device.prepare({}), ContainsSubstring("'fake' has no compiler for kernels; use its lib"));
  CHECK(device.calls.empty());
}

TEST_CASE("an adapter that makes nothing, or hands out another device's objects, is found out") {
  FakeDevice device("fake");
  FakeDevice other("other");
  device.next_buffer = other.allocate(8);
  CHECK_THROWS_AS(device.allocate(8), std::logic_error);
  const auto buffer = device.allocate(8);
  device.makes_nothing = true;
  CHECK_THROWS_AS(device.allocate(8), std::logic_error);
  CHECK_THROWS_AS(device.view(*buffer, 0, 8), std::logic_error);
  CHECK_THROWS_AS(device.compile("", "f", {}), std::logic_error);
  CHECK_THROWS_AS(device.prepare({}), std::logic_error);
  PlainDevice plain(Language::opencl_c);
  CHECK_THROWS_WITH(plain.compile("", "f", {}), ContainsSubstring("overrides no do_compile"));
  CHECK_THROWS_WITH(plain.prepare({}), ContainsSubstring("overrides no do_prepare"));
}

TEST_CASE("a library is given one buffer per tensor, of its device and long enough") {
  FakeDevice device("fake");
  FakeDevice other("other");
  Library& library = *device.libraries()[0];
  const auto problem = parse_problem("gemm:m=2,n=3,k=4,type=f32");
  std::vector<std::unique_ptr<Buffer>> owned;
  std::vector<Buffer*> buffers;
  for (const Tensor& tensor : problem->tensors()) {
    owned.push_back(device.allocate(tensor.bytes()));
    buffers.push_back(owned.back().get());
  }
  const auto reason_against = [&](std::size_t at, Buffer* buffer) {
    std::vector<Buffer*> changed = buffers;
    changed[at] = buffer;
    try {
      static_cast<void>(library.prepare(*problem, changed));
    } catch (const DeviceError& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  const auto small = device.allocate(problem->tensors()[1].bytes() - 1);
  const auto foreign = other.allocate(1000);
  device.calls.clear();
  CHECK(reason_against(1, small.get()) ==
        problem->key() + ": the buffer of B has 47 bytes; the tensor needs 48");
  CHECK_THAT(reason_against(2, nullptr), ContainsSubstring("the buffer of C is missing"));
  CHECK_THAT(reason_against(0, foreign.get()), ContainsSubstring("belongs to another device ('other')"));
  CHECK_THROWS_WITH(library.prepare(*problem, std::span(buffers).first(2)),
                    ContainsSubstring("2 buffers for 3 tensors"));
  CHECK_THROWS_WITH(library.prepare(*parse_problem("gemm:m=2,n=3,k=4,type=f64"), buffers),
                    ContainsSubstring("library/fake does not support") && ContainsSubstring("only f32"));
  CHECK(device.calls.empty());
  const auto executable = library.prepare(*problem, buffers);
  CHECK_NOTHROW(time_one(device, *executable, 1));
  CHECK_THROWS_AS(time_one(other, *executable, 1), DeviceError);
}

TEST_CASE("a device tells its libraries, those that it lacks, and its details") {
  const FakeDevice device("fake");
  REQUIRE(device.libraries().size() == 1);
  CHECK(device.libraries()[0]->implementation() == "library/fake");
  CHECK(device.absent_libraries() ==
        std::vector<std::pair<std::string, std::string>>{{"library/other", "libother.so: not found"}});
  CHECK(device.info().details == std::vector<std::pair<std::string, std::string>>{{"firmware", "7"}});
}

TEST_CASE("a device in front of another shares its objects and libraries") {
  FakeDevice inner("fake");
  test::FrontDevice front(inner.info(), inner);
  std::vector<std::byte> data(4);
  const auto buffer = front.allocate(2 * view_alignment);
  const auto view = inner.view(*buffer, view_alignment, 8);
  CHECK_NOTHROW(front.write(*view, 0, data));
  CHECK_NOTHROW(inner.write(*buffer, 0, data));
  CHECK(front.libraries().data() == inner.libraries().data());
  FakeDevice other("fake");
  CHECK_THROWS_AS(front.write(*other.allocate(8), 0, data), DeviceError);
}

TEST_CASE("opening a device that is not there names the last one, or where the reason stands") {
  CHECK_THROWS_WITH(FakeAdapter(3).open(3), "there is no fake:3; the last device is fake:2");
  CHECK_THROWS_WITH(FakeAdapter(0).open(0), ContainsSubstring("there is no fake:0; 'moat devices' says why"));
  CHECK_THROWS_AS(FakeAdapter(1).open(static_cast<std::size_t>(-1)), UsageError);
  CHECK_NOTHROW(FakeAdapter(3).open(2));
}
