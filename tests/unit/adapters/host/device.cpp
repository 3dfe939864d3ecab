// The host's device beyond the contract that every device keeps (tests/conformance).
#include "adapters/host/device.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/host/blas.h"
#include "adapters/host/onednn.h"
#include "adapters/registry.h"
#include "base/error.h"
#include "kernels/inputs.h"
#include "tests/catch.h"
#include "tests/unit/adapters/environment.h"

using namespace moat;
using namespace moat::host;

namespace {

Library* find_library(HostDevice& device, std::string_view name) {
  for (const auto& library : device.libraries()) {
    if (library->implementation() == name) return library.get();
  }
  return nullptr;
}

std::unique_ptr<Adapter> host_adapter() {
  auto adapters = make_adapters();
  const auto found = std::ranges::find_if(adapters, [](const auto& a) { return a->name() == "host"; });
  REQUIRE(found != adapters.end());
  return std::move(*found);
}

}  // namespace

TEST_CASE("the host is always one device without a compiler", "[host]") {
  const Discovery found = host_adapter()->discover();
  REQUIRE(found.devices.size() == 1);
  CHECK(found.devices[0].traits.language == Language::none);
  CHECK(found.devices[0].traits.kind == DeviceKind::cpu);
  CHECK_FALSE(found.devices[0].emulated);
}

TEST_CASE("MOAT_HOST_THREADS sets the threads of the device and of its libraries", "[host]") {
  const EnvironmentVariable variable("MOAT_HOST_THREADS", "3");
  HostDevice device(read_machine());
  CHECK(device.info().traits.compute_units == 3);
  for (const char* name : {"library/onednn", "library/openblas", "library/mkl", "library/blis"}) {
    if (const Library* library = find_library(device, name)) {
      CHECK_THAT(library->version(), Catch::Matchers::ContainsSubstring(" 3 threads by "));
    } else {
      WARN("not exercised: " << name << " is not installed");
    }
  }
}

TEST_CASE("a malformed MOAT_HOST_THREADS is the user's error, not an absent host", "[host]") {
  const EnvironmentVariable variable("MOAT_HOST_THREADS", "many");
  CHECK_THROWS_AS(host_adapter()->discover(), UsageError);
}

TEST_CASE("what oneDNN refuses carries its own status or the missing type", "[host]") {
  HostDevice device(read_machine());
  const Library* onednn = find_library(device, "library/onednn");
  if (onednn == nullptr) {
    WARN("not exercised: oneDNN is not installed");
    return;
  }
  const auto refused = onednn->supports(*parse_problem("gemm:m=4,n=4,k=4,type=f64"));
  REQUIRE(refused);
  CHECK_THAT(refused->reason, Catch::Matchers::ContainsSubstring("has no element type f64") ||
                                  Catch::Matchers::ContainsSubstring("dnnl_unimplemented (3)"));
  CHECK_FALSE(onednn->supports(*parse_problem("gemm:m=4,n=4,k=4,type=f32")));
  for (const char* key : {"gemm:m=4,n=4,k=4,type=f16", "convolution:n=1,c=4,h=4,w=4,k=4,r=1,s=1,type=f16",
                          "attention:b=1,hq=1,hkv=1,sq=4,skv=4,d=4,type=f16"}) {
    const auto reason = onednn->supports(*parse_problem(key));
    if (!reason) continue;  // newer versions and processors have it
    INFO(reason->reason);
    CHECK_THAT(reason->reason, Catch::Matchers::StartsWith("oneDNN "));
    CHECK(reason->reason.find("dnnl_cpu_isa_t") == std::string::npos);
  }
}

TEST_CASE("oneDNN is right on thin problems too, for which another of its entry points is faster", "[host]") {
  HostDevice device(read_machine());
  Library* onednn = find_library(device, "library/onednn");
  if (onednn == nullptr) {
    WARN("not exercised: oneDNN is not installed");
    return;
  }
  const int m = GENERATE(1, 4, 5, 32, 33);
  const int n = GENERATE(1, 7);
  const std::string transpose = GENERATE("nn", "nt", "tn", "tt");
  const auto problem =
      parse_problem(fmt::format("gemm:m={},n={},k=19,transpose={},type=f32", m, n, transpose));
  INFO(problem->key());
  std::vector<std::vector<std::byte>> data;
  std::vector<std::unique_ptr<Buffer>> owned;
  std::vector<Buffer*> buffers;
  for (const Tensor& tensor : problem->tensors()) {
    data.push_back(tensor.role == Role::input ? fill(tensor, Data::normal, 1)
                                              : std::vector<std::byte>(tensor.bytes(), std::byte{0xff}));
    owned.push_back(device.allocate(tensor.bytes()));
    buffers.push_back(owned.back().get());
    device.write(*buffers.back(), 0, data.back());
  }
  const auto executable = onednn->prepare(*problem, buffers);
  const std::array<Executable*, 1> rotation{executable.get()};
  static_cast<void>(device.time(rotation, 1));
  device.read(*buffers[2], 0, data[2]);
  const std::array<std::span<const std::byte>, 2> inputs{data[0], data[1]};
  const std::array<std::span<const std::byte>, 1> outputs{data[2]};
  CHECK(problem->verifier(inputs)->check(outputs).correct);
}

TEST_CASE("what is written between two timings is seen, whatever layout a library keeps its inputs in",
          "[host]") {
  HostDevice device(read_machine());
  Library* onednn = find_library(device, "library/onednn");
  if (onednn == nullptr) {
    WARN("not exercised: oneDNN is not installed");
    return;
  }
  // Each convolution reads what the one before it writes.
  const auto problem = parse_problem("convolution:n=2,c=16,h=9,w=9,k=16,r=3,s=3,pad=1,type=f32");
  const std::vector<Tensor> tensors = problem->tensors();
  std::vector<std::unique_ptr<Buffer>> owned;
  for (const std::size_t tensor : {0U, 1U, 2U, 2U}) {
    owned.push_back(device.allocate(tensors[tensor].bytes()));
    device.write(*owned.back(), 0, std::vector<std::byte>(tensors[tensor].bytes()));
  }
  const std::array<Buffer*, 3> first_buffers{owned[0].get(), owned[1].get(), owned[2].get()};
  const std::array<Buffer*, 3> second_buffers{owned[2].get(), owned[1].get(), owned[3].get()};
  const std::array<Buffer*, 3> third_buffers{owned[3].get(), owned[1].get(), owned[0].get()};
  const auto first = onednn->prepare(*problem, first_buffers);
  const auto second = onednn->prepare(*problem, second_buffers);
  const auto third = onednn->prepare(*problem, third_buffers);
  const auto run = [&](Executable& executable) {
    const std::array<Executable*, 1> rotation{&executable};
    static_cast<void>(device.time(rotation, 1));
  };
  const auto contents = [&](std::size_t buffer) {
    std::vector<std::byte> data(owned[buffer]->bytes());
    device.read(*owned[buffer], 0, data);
    return data;
  };
  const std::vector<std::byte> weights = fill(tensors[1], Data::normal, 2);
  device.write(*owned[1], 0, weights);
  run(*first);
  run(*second);
  for (const std::uint64_t seed : {3U, 4U}) {
    run(*first);
    const std::vector<std::byte> image = fill(tensors[0], Data::normal, seed);
    device.write(*owned[0], 0, image);
    run(*first);
    run(*second);
    const auto check = [&](const std::vector<std::byte>& input, const std::vector<std::byte>& output) {
      const std::array<std::span<const std::byte>, 2> inputs{input, weights};
      const std::array<std::span<const std::byte>, 1> outputs{output};
      return problem->verifier(inputs)->check(outputs).correct;
    };
    CHECK(check(image, contents(2)));
    CHECK(check(contents(2), contents(3)));
    run(*third);
    run(*first);
    CHECK(check(contents(0), contents(2)));
  }
}

TEST_CASE("allocations beyond the memory that is left fail before the kernel ends the process", "[host]") {
  HostDevice device(read_machine());
  CHECK_THROWS_AS(device.allocate(available_memory() + (std::size_t{1} << 30)), OutOfMemory);
  CHECK_THROWS_WITH(device.allocate(std::size_t{1} << 50),
                    Catch::Matchers::ContainsSubstring("MiB available"));
}

TEST_CASE("a library that is not there says which names were tried, and how to get it", "[host]") {
  const LibraryFiles absent{.name = "none",
                            .stems = {"libno-such", "libno-other"},
                            .oldest = 1,
                            .newest = 2,
                            .way_out = "write it"};
  for (const BlasRow& row : blas_rows()) {
    const BlasRow renamed{row.implementation, row.name, absent, row.take};
    CHECK_THAT(std::get<Unsupported>(make_blas(renamed, 1)).reason,
               Catch::Matchers::ContainsSubstring("libno-such.so, libno-other.so with a version of 1 to 2") &&
                   Catch::Matchers::ContainsSubstring("write it"));
  }
  CHECK_THAT(std::get<Unsupported>(make_onednn(absent, 1)).reason,
             Catch::Matchers::ContainsSubstring("libno-such.so, libno-other.so with a version of 1 to 2") &&
                 Catch::Matchers::ContainsSubstring("write it"));
}

TEST_CASE("a library without the entry points says which are missing", "[host]") {
  const LibraryFiles other{.name = "none", .stems = {"libm"}, .oldest = 6, .newest = 6};
  const auto lacks = [&](const BlasRow& row) {
    return std::get<Unsupported>(make_blas({row.implementation, row.name, other, row.take}, 1)).reason;
  };
  CHECK_THAT(std::get<Unsupported>(make_onednn(other, 1)).reason,
             Catch::Matchers::ContainsSubstring("libm.so.6 lacks dnnl_version"));
  CHECK_THAT(lacks(openblas_row()),
             Catch::Matchers::ContainsSubstring("libm.so.6 lacks openblas_get_config") &&
                 Catch::Matchers::ContainsSubstring("cblas_sgemm"));
  CHECK_THAT(lacks(mkl_row()), Catch::Matchers::ContainsSubstring("libm.so.6 lacks MKL_Set_Interface_Layer"));
  CHECK_THAT(lacks(blis_row()),
             Catch::Matchers::ContainsSubstring("libm.so.6 lacks bli_info_get_version_str"));
}

TEST_CASE("what no library of the host knows is unsupported, and the reason names it", "[host]") {
  class Sorting final : public Problem {
   public:
    [[nodiscard]] std::string_view operator_name() const override { return "sorting"; }
    [[nodiscard]] std::string key() const override { return "sorting:n=8"; }
    [[nodiscard]] Types types() const override { return default_types(Type::f32); }
    [[nodiscard]] Work work() const override { return {8, 32, 32}; }
    [[nodiscard]] std::vector<Tensor> tensors() const override {
      return {{"from", Role::input, Type::f32, {8}}, {"to", Role::output, Type::f32, {8}}};
    }
    [[nodiscard]] std::unique_ptr<Verifier> verifier(
        std::span<const std::span<const std::byte>>) const override {
      return nullptr;
    }
  };
  HostDevice device(read_machine());
  CHECK(find_library(device, "naive") != nullptr);
  for (const auto& library : device.libraries()) {
    const auto refused = library->supports(Sorting());
    INFO(library->implementation());
    REQUIRE(refused);
    CHECK_THAT(refused->reason, Catch::Matchers::ContainsSubstring("sorting"));
  }
}

TEST_CASE("types for which the host has no loops are unsupported, with the type in the reason", "[host]") {
  HostDevice device(read_machine());
  const Library* naive = find_library(device, "naive");
  REQUIRE(naive != nullptr);
  const auto refused = naive->supports(*parse_problem("peak:chains=64,steps=8,type=f16"));
  if (refused) CHECK_THAT(refused->reason, Catch::Matchers::ContainsSubstring("no loops for inputs of f16"));
  CHECK_FALSE(naive->supports(*parse_problem("peak:chains=64,steps=8,type=f32")));
}

TEST_CASE("a processor whose instructions are not known has no ceiling", "[host]") {
  Machine machine = read_machine();
  machine.cpu.flags = {"sse2"};
  CHECK(HostDevice(machine).ceiling(default_types(Type::f32)));
  machine.cpu.flags.clear();
  CHECK_FALSE(HostDevice(machine).ceiling(default_types(Type::f32)));
}
