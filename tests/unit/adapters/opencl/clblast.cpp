// CLBlast's GEMM through the Library interface: right results for every transposition, batch and type it
// supports, and reasons for the others.
#include <algorithm>
#include <limits>

#include "adapters/opencl/library.h"
#include "base/error.h"
#include "kernels/gemm/gemm.h"
#include "kernels/inputs.h"
#include "tests/unit/adapters/opencl/device.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

Library& clblast(Device& device) {
  for (const auto& library : device.libraries()) {
    if (library->implementation() == "library/clblast") return *library;
  }
  FAIL("these tests need CLBlast: " << device.absent_libraries().at(0).second);
  throw DeviceError("unreachable");
}

std::string reason_against(Library& library, const std::string& key) {
  const auto unsupported = library.supports(*parse_problem(key));
  return unsupported ? unsupported->reason : "supported";
}

/// A problem's tensors on the device, outputs poisoned with NaN, and the verdict on what is computed in them.
class Experiment {
 public:
  Experiment(Device& device, const std::string& key) : device_(device), problem_(parse_problem(key)) {
    for (const Tensor& tensor : problem_->tensors()) {
      if (tensor.role == Role::input) inputs_.push_back(fill(tensor, Data::normal, 1));
      buffers_.push_back(device.allocate(tensor.bytes()));
      pointers_.push_back(buffers_.back().get());
    }
    for (std::size_t i = 0; i < inputs_.size(); ++i) device.write(*buffers_[i], 0, inputs_[i]);
    const std::vector<std::byte> poison(buffers_.back()->bytes(), std::byte{0xff});  // NaN in every float
    device.write(*buffers_.back(), 0, poison);
  }

  [[nodiscard]] const Problem& problem() const { return *problem_; }
  [[nodiscard]] std::span<Buffer* const> buffers() const { return pointers_; }

  [[nodiscard]] Verdict verdict() {
    std::vector<std::byte> output(buffers_.back()->bytes());
    device_.read(*buffers_.back(), 0, output);
    const std::vector<std::span<const std::byte>> inputs(inputs_.begin(), inputs_.end());
    const std::vector<std::span<const std::byte>> outputs{output};
    return problem_->verifier(inputs)->check(outputs);
  }

 private:
  Device& device_;
  std::unique_ptr<const Problem> problem_;
  std::vector<std::vector<std::byte>> inputs_;
  std::vector<std::unique_ptr<Buffer>> buffers_;
  std::vector<Buffer*> pointers_;
};

}  // namespace

TEST_CASE("CLBlast's GEMM is right for transpositions, batches, types and odd sizes") {
  const auto device = open_first_device();
  Library& library = clblast(*device);
  const std::string key = GENERATE(
      as<std::string>{}, "gemm:m=1,n=1,k=1,type=f32", "gemm:m=7,n=130,k=33,type=f32",
      "gemm:m=7,n=130,k=33,transpose=nt,type=f32", "gemm:m=7,n=130,k=33,transpose=tn,type=f32",
      "gemm:m=7,n=130,k=33,transpose=tt,type=f32", "gemm:m=96,n=64,k=80,batch=3,transpose=nt,type=f32",
      "gemm:m=7,n=130,k=33,transpose=tn,type=f64", "gemm:m=96,n=64,k=80,batch=3,type=f64");
  const bool problem_is_f64 = parse_problem(key)->types().input == Type::f64;
  CAPTURE(key);
  if (problem_is_f64 && !device->info().traits.has_f64) {
    CHECK(reason_against(library, key) == "the device has no f64 arithmetic");
    return;
  }
  Experiment experiment(*device, key);
  const auto executable = library.prepare(experiment.problem(), experiment.buffers());
  CHECK_FALSE(experiment.verdict().correct);  // preparing leaves the output as it was
  Executable* const rotation[] = {executable.get()};
  const Timing timing = device->time(rotation, 6);  // batches are queued by fours
  const Verdict verdict = experiment.verdict();
  CAPTURE(verdict.reason);
  CHECK(verdict.correct);
  CHECK(timing.device_seconds > 0);
  CHECK(timing.device_seconds <= timing.host_seconds);
}

TEST_CASE("sizes that CLBlast pads use scratch of ours, shared by executions in flight") {
  const auto device = open_first_device();
  Library& library = clblast(*device);
  Experiment small(*device, "gemm:m=300,n=301,k=302,transpose=tn,type=f32");
  Experiment large(*device, "gemm:m=600,n=250,k=301,type=f32");
  const auto first = library.prepare(small.problem(), small.buffers());
  const auto second = library.prepare(large.problem(), large.buffers());
  Executable* const rotation[] = {first.get(), second.get()};
  static_cast<void>(device->time(rotation, 6));
  CHECK(small.verdict().correct);
  CHECK(large.verdict().correct);
}

TEST_CASE("CLBlast says why it does not serve a problem") {
  const auto device = open_first_device();
  Library& library = clblast(*device);
  CHECK(reason_against(library, "gemm:m=8,n=8,k=8,type=f32") == "supported");
  CHECK(reason_against(library, "gemm:m=8,n=8,k=8,type=f16") ==
        "CLBlastHgemm accumulates in f16, the problem asks for f32");
  CHECK(reason_against(library, "gemm:m=8,n=8,k=8,type=bf16") ==
        "CLBlast has no GEMM of bf16 with f32 accumulation and bf16 output");
  CHECK(reason_against(library, "gemm:m=8,n=8,k=8,type=i8") ==
        "CLBlast has no GEMM of i8 with i32 accumulation and i32 output");
  Experiment unsupported(*device, "gemm:m=8,n=8,k=8,type=i8");
  CHECK_THROWS_WITH(library.prepare(unsupported.problem(), unsupported.buffers()),
                    ContainsSubstring("no GEMM of i8"));
}

TEST_CASE("CLBlast tells its version and where it comes from") {
  const auto device = open_first_device();
  CHECK_THAT(clblast(*device).version(), ContainsSubstring("libclblast.so"));
}

TEST_CASE("a device without CLBlast names the files that were tried") {
  moat::opencl::Configuration configuration;
  configuration.clblast.stems = {"libMoatHasNoCLBlast"};
  const auto device = moat::opencl::make_adapter(configuration)->open(0);
  CHECK(device->libraries().empty());
  const auto absent = device->absent_libraries();
  REQUIRE(absent.size() == 1);
  CHECK(absent[0].first == "library/clblast");
  CHECK_THAT(absent[0].second, ContainsSubstring("libMoatHasNoCLBlast.so with a version of 1, or none"));
}
