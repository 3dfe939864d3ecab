// Libraries: what they say they support, they compute, and touch nothing else.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/error.h"
#include "kernels/implementation_name.h"
#include "kernels/inputs.h"
#include "kernels/operator.h"
#include "tests/conformance/subject.h"

namespace moat::conformance {
namespace {

std::string needs_library(const Subject& subject) {
  return subject.device->libraries().empty() ? "the device has no library here" : "";
}

// Tensors between guard zones; outputs and guards hold `poison`.
class Bench {
 public:
  Bench(Device& device, const Problem& problem, std::byte poison, std::uint64_t seed = 1)
      : device_(device), poison_(poison) {
    for (const Tensor& tensor : problem.tensors()) {
      const std::size_t bytes = tensor.bytes();
      parents_.push_back(device.allocate(bytes + 2 * view_alignment));
      device.write(*parents_.back(), 0, std::vector<std::byte>(parents_.back()->bytes(), poison));
      views_.push_back(device.view(*parents_.back(), view_alignment, bytes));
      buffers_.push_back(views_.back().get());
      if (tensor.role == Role::input) {
        inputs_.push_back(fill(tensor, Data::normal, seed));
        device.write(*views_.back(), 0, inputs_.back());
      }
    }
    const std::vector<std::span<const std::byte>> spans(inputs_.begin(), inputs_.end());
    verifier_ = problem.verifier(spans);
  }

  [[nodiscard]] std::span<Buffer* const> buffers() const { return buffers_; }
  [[nodiscard]] std::vector<std::byte> output() const { return contents(device_, *views_.back()); }
  [[nodiscard]] bool is_untouched() const {
    const std::vector<std::byte> bytes = output();
    return std::ranges::all_of(bytes, [&](std::byte byte) { return byte == poison_; });
  }

  void expect_correct(std::string_view what) const {
    const std::vector<std::byte> bytes = output();
    const std::array<std::span<const std::byte>, 1> outputs{bytes};
    const Verdict verdict = verifier_->check(outputs);
    expect(verdict.correct, fmt::format("{}: {}", what, verdict.reason));
    for (std::size_t i = 0; i < parents_.size(); ++i) expect_guarded(i, what);
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      expect(contents(device_, *views_[i]) == inputs_[i], fmt::format("{}: input {} was changed", what, i));
    }
  }

 private:
  void expect_guarded(std::size_t tensor, std::string_view what) const {
    const std::vector<std::byte> all = contents(device_, *parents_[tensor]);
    const std::size_t end = view_alignment + views_[tensor]->bytes();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i == view_alignment) i = end;
      expect(all[i] == poison_, fmt::format("{}: tensor {} has its guard zone broken at byte {} of {}", what,
                                            tensor, i - view_alignment, end - view_alignment));
    }
  }

  Device& device_;
  std::byte poison_;
  std::vector<std::unique_ptr<Buffer>> parents_;
  std::vector<std::unique_ptr<Buffer>> views_;
  std::vector<Buffer*> buffers_;
  std::vector<std::vector<std::byte>> inputs_;
  std::unique_ptr<Verifier> verifier_;
};

// Attention in one piece and in several, with and without a mask; streams of every kind; chains.
void add_other_keys(std::vector<std::string>& keys) {
  for (const std::string_view type : {"f32", "f16", "bf16"}) {
    keys.push_back(fmt::format("attention:hq=1,sq=1,skv=1,d=1,type={}", type));
    keys.push_back(fmt::format("attention:b=2,hq=4,hkv=2,sq=5,skv=9,d=8,dv=6,type={}", type));
    keys.push_back(fmt::format("attention:b=2,hq=4,hkv=2,sq=3,skv=9,d=6,dv=8,mask=causal,type={}", type));
    keys.push_back(fmt::format("attention:hq=2,sq=140,skv=150,d=5,mask=causal,scale=0.5,type={}", type));
  }
  // More scores than libraries hold at once: of one head, of several.
  keys.emplace_back("attention:hq=1,sq=270,skv=2000,d=2,type=f32");
  keys.emplace_back("attention:b=2,hq=2,sq=270,skv=600,d=2,type=f32");
  for (const std::string_view op : {"copy", "mul", "add", "triad", "dot"}) {
    for (const int n : {1, 1000, 100003}) keys.push_back(fmt::format("stream:op={},n={},type=f32", op, n));
    keys.push_back(fmt::format("stream:op={},n=999,type=f64", op));
  }
  for (const std::string_view type : {"f64", "f32", "f16", "i8"}) {
    keys.push_back(fmt::format("peak:chains=64,steps=8,type={}", type));
    keys.push_back(fmt::format("peak:chains=1088,steps=64,type={}", type));
  }
}

// Every type, transpose and layout, one element, sizes that no tile divides, a batch.
std::vector<std::string> problem_keys() {
  std::vector<std::string> keys;
  for (const std::string_view type :
       {"f64", "f32", "f16", "bf16", "i8", "f16,output=f32", "bf16,output=f32"}) {
    keys.push_back(fmt::format("gemm:m=1,n=1,k=1,type={}", type));
    keys.push_back(fmt::format("gemm:m=1,n=40,k=9,type={}", type));
    for (const std::string_view transpose : {"nn", "nt", "tn", "tt"}) {
      keys.push_back(fmt::format("gemm:m=17,n=35,k=23,batch=2,transpose={},type={}", transpose, type));
    }
  }
  for (const std::string_view type : {"f32", "f16", "bf16", "i8", "f16,output=f32", "bf16,output=f32"}) {
    for (const std::string_view layout : {"nchw", "nhwc"}) {
      keys.push_back(fmt::format("convolution:n=1,c=1,h=1,w=1,k=1,r=1,s=1,layout={},type={}", layout, type));
      keys.push_back(
          fmt::format("convolution:n=2,c=6,h=9,w=11,k=10,r=3,s=2,stride=2x1,pad=1x0,dilation=1x2,groups=2,"
                      "layout={},type={}",
                      layout, type));
    }
    keys.push_back(fmt::format("convolution:n=2,c=19,h=6,w=5,k=35,r=3,s=3,pad=1,type={}", type));
  }
  add_other_keys(keys);
  return keys;
}

// Calls visit(library, problem, what) for every problem that a library supports.
template <class Visit>
void each_supported(Device& device, Visit visit) {
  for (const std::unique_ptr<Library>& library : device.libraries()) {
    for (const std::string& key : problem_keys()) {
      const std::unique_ptr<const Problem> problem = parse_problem(key);
      if (!library->supports(*problem)) {
        visit(*library, *problem, fmt::format("{} on {}", library->implementation(), key));
      }
    }
  }
}

void names_libraries(Subject& subject) {
  std::set<std::string> names;
  for (const std::unique_ptr<Library>& library : subject.device->libraries()) {
    const std::string name = library->implementation();
    expect(is_naive(name) || is_library(name),
           fmt::format("'{}' is neither 'naive' nor 'library/<name>'", name));
    expect(names.insert(name).second, fmt::format("there are two '{}'", name));
    expect(!library->version().empty(), fmt::format("{} has no version", name));
  }
  for (const auto& [name, reason] : subject.device->absent_libraries()) {
    expect(names.insert(name).second, fmt::format("'{}' is absent, and there or absent twice", name));
    expect(!reason.empty(), fmt::format("'{}' is absent without a reason", name));
  }
}

void gives_reasons(Subject& subject) {
  for (const std::unique_ptr<Library>& library : subject.device->libraries()) {
    for (const std::string& key : problem_keys()) {
      const std::unique_ptr<const Problem> problem = parse_problem(key);
      const std::optional<Unsupported> answer = library->supports(*problem);
      expect(answer || library->has_operator(problem->operator_name()),
             fmt::format("{} supports {} and has no such operator", library->implementation(), key));
      expect(!answer || !answer->reason.empty(),
             fmt::format("{} does not support {} and gives no reason", library->implementation(), key));
    }
  }
}

void computes(Subject& subject) {
  Device& device = *subject.device;
  each_supported(device, [&](Library& library, const Problem& problem, const std::string& what) {
    for (const int poison : {0xff, 0x00}) {
      const Bench bench(device, problem, static_cast<std::byte>(poison));
      const auto executable = library.prepare(problem, bench.buffers());
      const Timing timing = time(device, {executable.get()}, 2);
      bench.expect_correct(fmt::format("{}, outputs full of {:#04x} before", what, poison));
      expect(
          std::isfinite(timing.device_seconds) && timing.device_seconds >= 0 &&
              std::isfinite(timing.host_seconds) && timing.host_seconds > 0,
          fmt::format("{}: {} device and {} host seconds", what, timing.device_seconds, timing.host_seconds));
    }
  });
}

void prepares_without_running(Subject& subject) {
  Device& device = *subject.device;
  each_supported(device, [&](Library& library, const Problem& problem, const std::string& what) {
    const Bench bench(device, problem, std::byte{0xff});
    const auto executable = library.prepare(problem, bench.buffers());
    expect(bench.is_untouched(), what + ": prepare wrote to the output");
  });
}

void rotates(Subject& subject) {
  Device& device = *subject.device;
  each_supported(device, [&](Library& library, const Problem& problem, const std::string& what) {
    const Bench one(device, problem, std::byte{0xff}, 1);
    const Bench two(device, problem, std::byte{0xff}, 2);
    const auto first = library.prepare(problem, one.buffers());
    const auto second = library.prepare(problem, two.buffers());
    time(device, {first.get(), second.get()}, 1);
    one.expect_correct(what + ", first of a rotation");
    expect(two.is_untouched(), what + ": one execution ran the second of a rotation as well");
    time(device, {first.get(), second.get()}, 2);
    two.expect_correct(what + ", second of a rotation");
    one.expect_correct(what + ", after the other one ran");
  });
}

void follows_inputs(Subject& subject) {
  Device& device = *subject.device;
  each_supported(device, [&](Library& library, const Problem& problem, const std::string& what) {
    const Bench old(device, problem, std::byte{0xff}, 1);
    const auto executable = library.prepare(problem, old.buffers());
    time(device, {executable.get()}, 1);
    const std::vector<std::byte> before = old.output();
    for (std::size_t i = 0; i + 1 < old.buffers().size(); ++i) {
      const std::vector<std::byte> zeros(old.buffers()[i]->bytes());
      device.write(*old.buffers()[i], 0, zeros);
    }
    time(device, {executable.get()}, 1);
    const std::vector<std::byte> after = old.output();
    expect(std::ranges::all_of(
               after, [](std::byte byte) { return byte == std::byte{0} || byte == std::byte{0x80}; }),
           what + ": zeros written as inputs after prepare did not give zeros");
    expect(before != after, what + ": the result was zero all along");
  });
}

void outlives_problems(Subject& subject) {
  Device& device = *subject.device;
  for (const std::unique_ptr<Library>& library : device.libraries()) {
    const auto judged = parse_problem("gemm:m=6,n=7,k=8,type=f32");
    auto problem = parse_problem(judged->key());
    if (library->supports(*problem)) continue;
    const Bench bench(device, *judged, std::byte{0xff});
    const auto executable = library->prepare(*problem, bench.buffers());
    problem.reset();
    time(device, {executable.get()}, 1);
    bench.expect_correct(library->implementation() + " after the problem ended");
  }
}

void outlives_device(Subject& subject) {
  const auto problem = parse_problem("gemm:m=6,n=7,k=8,type=f32");
  std::vector<std::unique_ptr<Buffer>> buffers;
  std::vector<Buffer*> pointers;
  for (const Tensor& tensor : problem->tensors()) {
    buffers.push_back(subject.device->allocate(tensor.bytes()));
    subject.device->write(*buffers.back(), 0, std::vector<std::byte>(tensor.bytes()));
    pointers.push_back(buffers.back().get());
  }
  std::vector<std::unique_ptr<Executable>> executables;
  for (const std::unique_ptr<Library>& library : subject.device->libraries()) {
    if (library->supports(*problem)) continue;
    executables.push_back(library->prepare(*problem, pointers));
    time(*subject.device, {executables.back().get()}, 2);
  }
  subject.device.reset();
}

void refuses_foreign_buffers(Subject& subject) {
  const auto problem = parse_problem("gemm:m=6,n=7,k=8,type=f32");
  const auto other = subject.adapter.open(subject.index);
  const Bench foreign(*other, *problem, std::byte{0xff});
  for (const std::unique_ptr<Library>& library : subject.device->libraries()) {
    if (library->supports(*problem)) continue;
    expect_throws<DeviceError>(library->implementation() + " with another device's buffers", "DeviceError",
                               [&] { static_cast<void>(library->prepare(*problem, foreign.buffers())); });
  }
  expect_usable(*subject.device, "refusing another device's buffers");
}

void refuses_small_buffers(Subject& subject) {
  Device& device = *subject.device;
  each_supported(device, [&](Library& library, const Problem& problem, const std::string& what) {
    const auto small = device.allocate(1);
    const std::size_t tensors = problem.tensors().size();
    if (problem.tensors().back().bytes() == 1) return;
    const std::vector<Buffer*> buffers(tensors, small.get());
    expect_throws<DeviceError>(what + " with buffers of one byte", "DeviceError",
                               [&] { static_cast<void>(library.prepare(problem, buffers)); });
    expect_throws<DeviceError>(what + " without buffers", "DeviceError",
                               [&] { static_cast<void>(library.prepare(problem, {})); });
  });
  expect_usable(device, "refusing buffers");
}

constexpr std::array<Requirement, 10> list{{
    {"libraries have names and versions, absent ones reasons", no_exemption, names_libraries},
    {"what a library does not support has a reason", needs_library, gives_reasons},
    {"what a library supports it computes, whatever was there before", needs_library, computes},
    {"preparing writes no output", needs_library, prepares_without_running},
    {"a library's executables rotate on their own buffers", needs_library, rotates},
    {"a library reads its inputs when it runs", needs_library, follows_inputs},
    {"a library's executable outlives its problem", needs_library, outlives_problems},
    {"a library refuses buffers that are too small or missing", needs_library, refuses_small_buffers},
    {"a library refuses buffers of other devices", needs_library, refuses_foreign_buffers},
    {"a library's executable may outlive its device", needs_library, outlives_device},
}};

}  // namespace

std::span<const Requirement> library_requirements() {
  return list;
}

}  // namespace moat::conformance
